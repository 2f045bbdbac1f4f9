"""Less of something for a program that runs already, and for a while."""

import contextlib
import os
import resource
import subprocess
import time
from typing import Iterator


@contextlib.contextmanager
def limited(pid: int, user: tuple[int, int], name: str, limit: int) -> Iterator[None]:
    """Sets a soft limit of prlimit(1), such as nofile, inside. user: whom the program runs as, who may do that to it
    where root needs a capability of its own."""
    usual = _asked(pid, user, name)
    _set(pid, user, name, str(limit))
    try:
        yield
    finally:
        if _runs(pid):
            _set(pid, user, name, usual)


def descriptors_of(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def address_space_of(pid: int) -> int:
    """In octets."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def is_quiet(pid: int) -> bool:
    """For three seconds: one that asks again and again takes much more, even where it gets a tenth of a processor."""
    before = processor_seconds_of(pid)
    time.sleep(3)
    return processor_seconds_of(pid) - before < 0.15


def processor_seconds_of(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _runs(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}/exe")  # which one that nobody has waited for yet has no more


def _set(pid: int, user: tuple[int, int], name: str, soft: str) -> None:
    _prlimit(pid, user, f"--{name}={soft}:")


def _asked(pid: int, user: tuple[int, int], name: str) -> str:
    return _prlimit(pid, user, f"--{name}", "--noheadings", "--raw", "--output=SOFT").strip()


def _prlimit(pid: int, user: tuple[int, int], *options: str) -> str:
    return subprocess.run(["prlimit", "--pid", str(pid), *options], check=True, stdout=subprocess.PIPE, text=True,
                          user=user[0], group=user[1], extra_groups=[]).stdout
