"""Postfix with whatever filters its mail, and what a connection costs all of its processes."""

import dataclasses
import ipaddress
import itertools
import json
import pathlib
import subprocess
import time
from typing import Callable, Mapping

from .processor_time import ProcessorTime
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace

_IDLE_SECONDS = 0.3  # longer than tecs-milter lets a verdict wait for others
_IDLE_SHARE = 0.01   # of one processor
_WHOLE_LOAD = 100    # connections

# Each run of the load comes from addresses that no other has, so that no connection is like one before.
_SOURCES = (ipaddress.IPv4Address("127.1.0.0") + 10_000 * number for number in itertools.count())

# The mail goes nowhere: its delivery is no filter's doing.
_SETTINGS = {
    "myhostname": "mx.receiver.example",
    "virtual_mailbox_domains": "receiver.example",
    "virtual_transport": "discard:",
    "smtpd_relay_restrictions": "permit_mynetworks,reject_unauth_destination",
    "milter_default_action": "accept",
}


@dataclasses.dataclass(frozen=True)
class Load:
    """How signing-load is to be called. key: it signs with it, as this domain and under this mechanism's name."""

    program: pathlib.Path
    message: pathlib.Path
    connections: int
    concurrency: int
    key: pathlib.Path | None = None
    domain: str = ""
    mechanism: str = "TECS-1"

    def command(self, server: str) -> list[str]:
        signing = ["--key", self.key, "--domain", self.domain, "--mechanism", self.mechanism] if self.key else []
        return [str(word) for word in (self.program, "--server", server, "--message", self.message, "--connections",
                                       self.connections, "--concurrency", self.concurrency, *signing)]


class PostfixSubject:
    """Use as a context manager. What its filters need is counted with it."""

    def __init__(self, name: str, configuration: str, load: Load,
                 filters: Callable[[Workspace], Mapping[str, str]] = lambda workspace: {}):
        """filters: starts what this subject needs beside Postfix; the settings that make Postfix use it."""
        self.name = name
        self.configuration = configuration
        self.load = load
        self._filters = filters
        # A quick run is not to be quoted, and need not be told of all that comes after it.
        self._idle_seconds = _IDLE_SECONDS if load.connections >= _WHOLE_LOAD else _IDLE_SECONDS / 10

    def __enter__(self) -> "PostfixSubject":
        self._workspace = Workspace()
        try:
            self._start()
        except BaseException:
            self._workspace.close()
            raise
        return self

    def _start(self) -> None:
        self._time = ProcessorTime("postfix")
        self._workspace.at_end(self._time.close)
        self._port = free_port()
        with self._time.holding_us():
            settings = {**_SETTINGS, **self._filters(self._workspace)}
            self._postfix = Postfix(self._workspace, "mx", settings, [SmtpService("0.0.0.0", self._port)]).start()

    def __exit__(self, *_exception) -> None:
        self._workspace.close()

    @property
    def log(self) -> str:
        return self._postfix.log()

    def measure(self) -> dict[str, float]:
        """Of a connection with one message, on average over all of the load."""
        before = self._time.seconds()
        told = self.deliver()
        self._wait_until_idle()
        spent = self._time.seconds() - before
        return {"cpu_us": spent * 1e6 / self.load.connections, "wall_us": told["elapsed_us"] / self.load.connections}

    def deliver(self, load: Load | None = None, address: str = "127.0.0.1",
                run: Callable[..., subprocess.CompletedProcess] = subprocess.run) -> dict[str, float]:
        """What signing-load tells. run: runs a command, perhaps elsewhere."""
        source = [] if load else ["--source", str(next(_SOURCES))]
        done = run([*(load or self.load).command(written(address, self._port)), *source], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{self.name}: {done.stderr}\n{self._postfix.log_tail()}")
        return json.loads(done.stdout)

    def _wait_until_idle(self) -> None:
        """Everything is delivered, and nobody has anything left to do."""
        wait_until("empty queue", lambda: self._postfix.queued() == 0)
        wait_until("end of the work", self._is_idle)

    def _is_idle(self) -> bool:
        before = self._time.seconds()
        time.sleep(self._idle_seconds)
        return self._time.seconds() - before < _IDLE_SHARE * self._idle_seconds
