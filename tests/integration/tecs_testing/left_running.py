"""What a demo leaves running, written down so that it can be stopped later, and nothing else with it."""

import os
import pathlib
import shutil
import signal

from .waiting import wait_until
from .workspace import Workspace

_LIST = "running"


def leave_running(workspace: Workspace) -> None:
    """The workspace ends nothing any more; stop_left_running() does."""
    lines = [f"{pid} {_start_of(pid)} {name}\n" for name, pid in workspace.programs if _start_of(pid)]
    workspace.file(_LIST, "".join(lines), mode=0o600)
    workspace.leave_running()


def stop_left_running(folder: pathlib.Path) -> None:
    """Stops the programs, last started first, and removes the folder. Raises FileNotFoundError for any other folder."""
    lines = (folder / _LIST).read_text().splitlines()
    for line in reversed(lines):
        number, start, _name = line.split(" ", 2)
        pid = int(number)
        # A process number is used again some day; with the same start it is the same process.
        if _start_of(pid) != start:
            continue
        os.kill(pid, signal.SIGTERM)
        wait_until(f"end of {line}", lambda pid=pid, start=start: _start_of(pid) != start)
    shutil.rmtree(folder)


def _start_of(pid: int) -> str:
    """When the process was started, in clock ticks since boot; empty when it is no more."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
