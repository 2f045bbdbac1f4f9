"""Hosts with a network of their own each, connected by cables: a name space for each, in that of the test."""

import contextlib
import ctypes
import os
import subprocess
from typing import Iterator

from .network import Host
from .workspace import PARENT_FOLDER, Workspace

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class SeparateHost:
    """What is started within inside() runs on this host, and stays there."""

    def __init__(self, workspace: Workspace, name: str):
        # The first process of a PID name space is what isolation.py makes of a test; never change the machine's own network.
        if os.getpid() != 1 or not os.environ.get(PARENT_FOLDER):
            raise RuntimeError("run this through tecs_testing.isolation")
        self.name = name
        before = _own_name_space()
        _check(_libc.unshare(_CLONE_NEWNET), "unshare")
        self._name_space = _own_name_space()
        _enter(before)
        os.close(before)
        workspace.at_end(lambda: os.close(self._name_space))
        self.run("ip", "link", "set", "lo", "up")

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """For this thread, and for the programs and threads that it starts."""
        before = _own_name_space()
        _enter(self._name_space)
        try:
            yield
        finally:
            _enter(before)
            os.close(before)

    def run(self, *command: str, text: str | None = None) -> str:
        with self.inside():
            done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"on {self.name}: {' '.join(command)}: {done.stderr}")
        return done.stdout

    def connect(self, interface: str, own: Host, other: "SeparateHost", other_interface: str, others: Host) -> None:
        """A cable to another host, with an address at each end."""
        self.run("ip", "link", "add", interface, "type", "veth", "peer", "name", other_interface, "netns", other.path)
        self.set_address(interface, own)
        other.set_address(other_interface, others)

    def take(self, interface: str, own: Host) -> None:
        """From the host that runs this: an interface that somebody made there."""
        subprocess.run(["ip", "link", "set", interface, "netns", self.path], check=True)
        self.set_address(interface, own)

    @property
    def path(self) -> str:
        """By which ip(8) knows its network."""
        return f"/proc/{os.getpid()}/fd/{self._name_space}"

    def set_address(self, interface: str, address: Host) -> None:
        self.run("ip", "link", "set", interface, "up")
        self.run("ip", "address", "add", f"{address.ipv4}/24", "dev", interface)
        self.run("ip", "address", "add", f"{address.ipv6}/64", "dev", interface, "nodad")

    def route_everything_to(self, router: Host) -> None:
        self.run("ip", "route", "add", "default", "via", router.ipv4)
        self.run("ip", "-6", "route", "add", "default", "via", router.ipv6)

    def forward(self) -> None:
        """Becomes a router."""
        self.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")

    def firewall(self, rules: str) -> None:
        self.run("nft", "-f", "-", text=rules)


def _own_name_space() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(name_space: int) -> None:
    _check(_libc.setns(name_space, _CLONE_NEWNET), "setns")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
