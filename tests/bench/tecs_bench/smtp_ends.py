"""The two ends between which a proxy for SMTP is measured (tests/bench/smtp_sink.cpp, smtp_load.cpp), and the proxies."""

import contextlib
import dataclasses
import json
import pathlib
import signal
import subprocess
import time
from typing import Callable, Iterator

from .bench import Bench
from .processor_time import ProcessorTime
from tecs_testing.certificate import Certificate
from tecs_testing.ports import free_port, written
from tecs_testing.program import Program
from tecs_testing.workspace import Workspace


class Sink:
    """Takes all mail, and AUTH TECS-1; with a certificate STARTTLS as well. Runs from the constructor on."""

    def __init__(self, bench: Bench, workspace: Workspace, name: str, certificate: Certificate | None = None,
                 address: str = "127.0.0.1"):
        self.endpoint = written(address, free_port(address))
        tls = [certificate.chain, certificate.key] if certificate else []
        self.program = Program(workspace, name, [bench.program("smtp-sink-bench"), self.endpoint, *tls],
                               ends_with=(-signal.SIGTERM,))
        self.program.wait_for("the port", lambda: "listening" in self.program.log.read_text())


@dataclasses.dataclass(frozen=True)
class Load:
    """What smtp-load does in one go."""

    connections: int
    messages: int  # of each connection
    octets: int  # of a message
    at_once: int = 20

    def run(self, bench: Bench, server: str) -> tuple[float, list[float]]:
        """The time of all of it, and of each connection that from connect() to the reply to its first message; in us."""
        command = [bench.program("smtp-load"), server, self.connections, min(self.at_once, self.connections),
                   self.messages, self.octets]
        told = json.loads(subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout)
        return told["wall_us"], told["first_message_us"]


@dataclasses.dataclass
class Proxy:
    """What stands between the load and the sink. Without `used` there is none whose processor time could be told."""

    server: str
    configuration: str
    used: ProcessorTime | None = None

    def carry(self, bench: Bench, load: Load, shares: int) -> dict[str, float]:
        """Figures for one of so many shares of the load: its messages or its connections."""
        before = self.used.seconds() if self.used else 0.0
        wall_us, _ = load.run(bench, self.server)
        if not self.used:
            return {"wall_us": wall_us / shares}
        time.sleep(0.02)  # the proxy may have the last connections still to close
        return {"cpu_us": (self.used.seconds() - before) * 1e6 / shares, "wall_us": wall_us / shares}


@contextlib.contextmanager
def counted(name: str, start: Callable[[], object]) -> Iterator[tuple[ProcessorTime, object]]:
    """start() starts programs, whose processor time counts."""
    with ProcessorTime(name) as used:
        with used.holding_us():
            started = start()
        yield used, started


@contextlib.contextmanager
def held_sessions(bench: Bench, server: str, count: int) -> Iterator[None]:
    """So many sessions that are set up, and then idle."""
    command = [str(word) for word in (bench.program("smtp-load"), server, count, "hold")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdin
        if holder.stdout.readline() != "holding\n":
            raise RuntimeError(f"{count} sessions through {server} cannot be held")
        yield
        holder.stdin.close()


def resident_octets(pids: list[int]) -> int:
    """Shared pages count in parts."""
    lines = (line for pid in pids for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def family_of(pid: int) -> list[int]:
    """A process, and those that it started, and those that these started."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family_of(int(child)))]
