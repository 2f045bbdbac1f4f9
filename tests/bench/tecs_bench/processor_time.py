"""Counts the processor time of a group of processes: all that ever were in it, those that have ended included.

A control group of the kernel does it: of version 2 (cpu.stat) where it can be had, else the cpuacct controller of version 1.
A process that is in the group brings in all that it starts from then on.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import time
from typing import Callable, Iterator, Sequence

# Stands in the names of the groups of one run, so that the next one can remove what a killed run left (places.py).
RUN = "TECS_BENCH_RUN"

ReadUsage = Callable[[pathlib.Path], float]


class NoProcessorTime(RuntimeError):
    """No control group can be made here."""


class ProcessorTime:
    """Use as a context manager, or call close(). Needs root.

    name: letters, digits and "-"; to be recognized in /sys/fs/cgroup. Two with the same name are two groups.
    """

    def __init__(self, name: str):
        if not re.fullmatch(r"[\w-]+", name):
            raise ValueError(f"{name!r} is no name for a control group")
        self._group, self._read = _new_group(f"tecs-bench-{os.environ.get(RUN, os.getpid())}-{name}-")

    def __enter__(self) -> "ProcessorTime":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def start(self, command: Sequence[str | os.PathLike], **options) -> subprocess.Popen:
        """subprocess.Popen(command, **options) whose process is in the group before it runs the command."""
        # A shell enters and then becomes the command: preexec_fn is not safe in a program with threads.
        enter = ["/bin/sh", "-c", 'echo 0 >"$0" && exec "$@"', str(self._members)]
        return subprocess.Popen([*enter, *(str(word) for word in command)], **options)

    def add(self, pid: int) -> None:
        """Moves a running process, with all its threads, into the group; it counts from now on. Its children do not move."""
        _enter(self._members, pid)

    @contextlib.contextmanager
    def holding_us(self) -> Iterator[None]:
        """This process is in the group meanwhile, and so is whatever it starts; what that starts stays there.

        For servers that something else starts. This process' own time counts too while it lasts: look at the difference
        of seconds() between two moments outside.
        """
        before = self._group.parent / "cgroup.procs"
        self.add(0)
        try:
            yield
        finally:
            _enter(before, 0)

    def seconds(self) -> float:
        """Of all processes that ever were in the group, while they were in it; user and system time."""
        return self._read(self._group)

    def close(self) -> None:
        """Removes the group. What still runs in it goes on, uncounted. Does nothing the second time."""
        if not self._group.exists():
            return
        for _ in range(50):
            for pid in self._members.read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    _enter(self._group.parent / "cgroup.procs", int(pid))
            with contextlib.suppress(OSError):  # a process that was just born, or is about to be gone
                self._group.rmdir()
                return
            time.sleep(0.02)
        raise NoProcessorTime(f"{self._group} cannot be removed; its processes are {self._members.read_text().split()}")

    @property
    def _members(self) -> pathlib.Path:
        return self._group / "cgroup.procs"


def _enter(members: pathlib.Path, pid: int) -> None:
    with open(members, "w") as file:
        file.write(str(pid))


def _usage_of_version_2(group: pathlib.Path) -> float:
    return int(re.search(r"^usage_usec (\d+)$", (group / "cpu.stat").read_text(), re.MULTILINE)[1]) / 1e6


def _usage_of_version_1(group: pathlib.Path) -> float:
    return int((group / "cpuacct.usage").read_text()) / 1e9


def candidates(mounts: str) -> Iterator[tuple[pathlib.Path, ReadUsage]]:
    """Where groups can be, the better ones first, with the function that reads one's time in seconds.

    mounts: as in /proc/self/mounts.
    """
    lines = [line.split() for line in mounts.splitlines()]
    for _, folder, kind, *_ in lines:
        if kind == "cgroup2":
            yield pathlib.Path(folder), _usage_of_version_2
    for _, folder, kind, options, *_ in lines:
        if kind == "cgroup" and "cpuacct" in options.split(","):
            yield pathlib.Path(folder), _usage_of_version_1


def group_folders() -> list[pathlib.Path]:
    """Where groups are made, if they can be made at all."""
    return [folder for folder, _ in candidates(_mounts())]


def _mounts() -> str:
    return pathlib.Path("/proc/self/mounts").read_text()


def _new_group(prefix: str) -> tuple[pathlib.Path, ReadUsage]:
    refusals = []
    for folder, read in candidates(_mounts()):
        group = None
        try:
            group = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
            read(group)
            return group, read
        except (OSError, TypeError) as why:  # TypeError: cpu.stat has no usage_usec
            refusals.append(f"{folder}: {why}")
            if group:
                group.rmdir()
    raise NoProcessorTime(
        "No control group can be made here, so processor time cannot be counted. Run as root, on a machine where "
        "/sys/fs/cgroup is mounted and may be written (a container needs --privileged or its own cgroup name space). "
        + ("Tried " + "; ".join(refusals) if refusals else "Neither cgroup2 nor the cpuacct controller is mounted."))
