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
    _set(pid, user, name, str(limit))
    try:
        yield
    finally:
        _set(pid, user, name, "unlimited" if name == "as" else str(_hard_limit(pid)))


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
    subprocess.run(["prlimit", "--pid", str(pid), f"--{name}={soft}:"], check=True, user=user[0], group=user[1],
                   extra_groups=[])


def _hard_limit(pid: int) -> int:
    """Of descriptors."""
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        line = next(each for each in file if each.startswith("Max open files"))
    return int(line.split()[4])
