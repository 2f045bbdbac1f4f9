"""A client at the other end of a long and narrow link (tests/bench/delayed_link.cpp)."""

import signal
import subprocess

from .bench import Bench
from tecs_testing.network import Host
from tecs_testing.program import Program
from tecs_testing.separate_hosts import SeparateHost
from tecs_testing.workspace import Workspace

OURS = Host("198.51.100.25", "2001:db8:51::25")
_THEIRS = Host("198.51.100.77", "2001:db8:51::77")
_NEAR, _FAR = "near", "far"


class FarClient:
    """Each packet is under way for half of the round trip. Both directions carry that many megabits a second."""

    def __init__(self, bench: Bench, workspace: Workspace, round_trip_ms: int, megabits: int):
        self._host = SeparateHost(workspace, "client")
        link = Program(workspace, "delayed-link", [bench.program("delayed-link"), round_trip_ms // 2, _NEAR, _FAR],
                       ends_with=(-signal.SIGTERM,))
        link.wait_for("the link", lambda: "linked" in link.log.read_text())
        self._host.take(_FAR, _THEIRS)
        _here("ip", "address", "add", f"{OURS.ipv4}/24", "dev", _NEAR)
        _here("ip", "link", "set", _NEAR, "up")
        for run, interface in ((_here, _NEAR), (self._host.run, _FAR)):
            run("tc", "qdisc", "add", "dev", interface, "root", "tbf", "rate", f"{megabits}mbit", "burst", "3000", "limit",
                "1500000")

    def run(self, command: list[str], **options) -> subprocess.CompletedProcess:
        """As subprocess.run(), on the client's host."""
        with self._host.inside():
            return subprocess.run(command, **options)


def _here(*command: str) -> None:
    subprocess.run(command, check=True)
