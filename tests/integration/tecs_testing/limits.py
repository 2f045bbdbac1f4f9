"""Less of something for a program that runs already, and for a while."""

import contextlib
import os
import resource
import subprocess
from typing import Iterator


@contextlib.contextmanager
def limited(pid: int, user: tuple[int, int], name: str, limit: int) -> Iterator[None]:
    """Sets a soft limit of prlimit(1), such as nofile, inside. user: whom the program runs as, who may do that to it where
    root needs a capability of its own."""
    usual = _asked(pid, user, name)
    _set(pid, user, name, str(limit))
    try:
        yield
    finally:
        _set(pid, user, name, usual)


def descriptors_of(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def address_space_of(pid: int) -> int:
    """In octets."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def processor_seconds_of(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _set(pid: int, user: tuple[int, int], name: str, soft: str) -> None:
    _prlimit(pid, user, f"--{name}={soft}:")


def _asked(pid: int, user: tuple[int, int], name: str) -> str:
    return _prlimit(pid, user, f"--{name}", "--noheadings", "--raw", "--output=SOFT").strip()


def _prlimit(pid: int, user: tuple[int, int], *options: str) -> str:
    return subprocess.run(["prlimit", "--pid", str(pid), *options], check=True, stdout=subprocess.PIPE, text=True,
                          user=user[0], group=user[1], extra_groups=[]).stdout
