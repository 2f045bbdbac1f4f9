"""A Postfix that sends mail on in several ways, one for each sender."""

import dataclasses
import re
import subprocess
from typing import Mapping

from .bench import Bench
from tecs_testing.ports import written
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace

# As in Debian's main.cf, but that clear text will not do.
TLS = {"smtp_tls_security_level": "encrypt", "smtp_tls_CApath": "/etc/ssl/certs",
       "smtp_tls_session_cache_database": "btree:${data_directory}/smtp_scache"}
TLS_WORDS = "smtp_tls_security_level = encrypt, the rest of TLS as Debian ships it (sessions are cached)"


@dataclasses.dataclass(frozen=True)
class Way:
    """settings: of its smtp(8) client."""

    next_hop: str
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)


class OutgoingPostfix:
    """Runs from the constructor on. Each message has a connection of its own."""

    def __init__(self, bench: Bench, workspace: Workspace, name: str, ways: Mapping[str, Way]):
        self._bench = bench
        self._sender = Sender(
            workspace, [Route(f"{way}@sender.example", f"[{host}]:{port}", way) for way, (host, port) in
                        ((way, each.next_hop.rsplit(":", 1)) for way, each in ways.items())],
            transports={way: {"syslog_name": f"postfix/{way}", **each.settings} for way, each in ways.items()},
            settings={"delay_logging_resolution_limit": "6"}, name=name).start()

    def deliver(self, way: str, messages: int, at_once: int = 5) -> list[float]:
        """Seconds that each message took from the beginning of its connection to the server's reply, by Postfix's log."""
        postfix, before = self._sender.postfix, len(self._delays(way))
        command = [self._bench.program("smtp-load"), written("127.0.0.1", self._sender.port), min(at_once, messages), at_once,
                   -(-messages // at_once), 5120, f"{way}@sender.example"]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
        count = min(at_once, messages) * -(-messages // at_once)
        delays = wait_until(f"{count} deliveries by {postfix.name}; {postfix.log_tail(5)}",
                            lambda: found if len(found := self._delays(way)[before:]) >= count else None, 60)
        return delays

    def _delays(self, way: str) -> list[float]:
        """delays=before queue/in queue/connection set-up/transmission."""
        found = (re.search(r"delays=[\d.]+/[\d.]+/([\d.]+)/([\d.]+),.* status=sent", line)
                 for line in self._sender.postfix.log_lines(f"postfix/{way}/smtp"))
        return [float(each[1]) + float(each[2]) for each in found if each]
