"""A Postfix instance of its own: own configuration, queue, log and ports; the machine's Postfix is not touched."""

import pathlib
import pwd
import re
import signal
import subprocess
from dataclasses import dataclass, field
from typing import Mapping, Sequence

from .program import Program, ProgramFailed, tail
from .workspace import Workspace

# What every instance needs; nothing runs in a chroot, as a temporary folder is none.
_SERVICES = """
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

_SETTINGS = {
    "compatibility_level": "3.6",
    "maillog_file": "{folder}/maillog",
    "maillog_file_prefixes": "{folder}",
    "queue_directory": "{folder}/queue",
    "data_directory": "{folder}/state",
    "inet_interfaces": "all",
    "inet_protocols": "all",
    "mydestination": "",
    "mynetworks": "",
    "alias_maps": "",
    "alias_database": "",
    "local_recipient_maps": "",
    # There is no DNS where this runs but the one with the keys, which Postfix is not to ask.
    "smtp_dns_support_level": "disabled",
    "smtp_host_lookup": "native",
    "smtpd_peername_lookup": "no",
    "notify_classes": "",
    # Many connections from one address are what is tested, not what is to be slowed down.
    "smtpd_client_connection_count_limit": "0",
    "smtpd_client_connection_rate_limit": "0",
    "smtpd_client_message_rate_limit": "0",
    "smtpd_client_auth_rate_limit": "0",
    "smtpd_error_sleep_time": "0",
    "in_flow_delay": "0",
}


@dataclass
class SmtpService:
    """One line of master.cf that listens for SMTP, and its -o settings."""

    address: str
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        where = f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"
        return f"{where} inet n - n - - smtpd{_overrides(self.settings)}\n"


def _overrides(settings: Mapping[str, str]) -> str:
    return "".join(f"\n  -o {{ {name} = {value} }}" for name, value in settings.items())


class Postfix:
    """Runs from start() on. Settings are those of main.cf and win over the defaults above."""

    def __init__(self, workspace: Workspace, name: str, settings: Mapping[str, str], services: Sequence[SmtpService],
                 clients: Mapping[str, Mapping[str, str]] | None = None):
        """clients: further smtp(8) clients by the name of their transport, with their settings."""
        self.name = name
        self.services = list(services)
        self.folder = workspace.folder(name)
        self.configuration = workspace.folder(f"{name}/etc")
        self.maillog = self.folder / "maillog"
        self._workspace = workspace
        self._master: Program | None = None
        postfix = pwd.getpwnam("postfix")
        workspace.folder(f"{name}/queue")
        workspace.folder(f"{name}/state", owner=(postfix.pw_uid, postfix.pw_gid))
        merged = {key: value.format(folder=self.folder) for key, value in _SETTINGS.items()} | dict(settings)
        workspace.file(f"{name}/etc/main.cf", "".join(f"{key} = {value}\n" for key, value in merged.items()))
        lines = [each.line() for each in self.services]
        lines += [f"{transport} unix - - n - - smtp{_overrides(own)}\n" for transport, own in (clients or {}).items()]
        workspace.file(f"{name}/etc/master.cf", "".join(lines) + _SERVICES.lstrip())

    def start(self) -> "Postfix":
        checked = subprocess.run(["postfix", "-c", self.configuration, "check"], capture_output=True, text=True,
                                 check=False)
        if checked.returncode != 0:
            raise ProgramFailed(f"postfix check of {self.name}:\n{checked.stdout}{checked.stderr}{self.log_tail()}")
        master = pathlib.Path(self._parameter("daemon_directory")) / "master"
        started = len(self.log_lines("daemon started"))
        self._master = Program(self._workspace, f"{self.name}-master", [master, "-c", self.configuration, "-s"],
                               ends_with=(0, -signal.SIGTERM))
        # Said after the ports were opened. A probe of the ports would be one more connection for tecs-milter.
        self._master.wait_for("a start", lambda: len(self.log_lines("daemon started")) > started)
        return self

    def stop(self) -> None:
        if self._master:
            self._master.stop()

    def queued(self) -> int:
        """How many messages wait in the queue, whatever for."""
        return sum(1 for folder in ("incoming", "active", "deferred", "maildrop", "hold")
                   for path in (self.folder / "queue" / folder).rglob("*") if path.is_file())

    def flush(self) -> None:
        """Tries again what was deferred, now."""
        subprocess.run(["postqueue", "-c", self.configuration, "-f"], check=True)

    def log(self) -> str:
        return self.maillog.read_text(errors="backslashreplace") if self.maillog.exists() else ""

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.maillog, lines)

    def log_lines(self, pattern: str) -> list[str]:
        return [line for line in self.log().splitlines() if re.search(pattern, line)]

    def _parameter(self, name: str) -> str:
        return subprocess.run(["postconf", "-c", self.configuration, "-h", name], capture_output=True, text=True,
                              check=True).stdout.strip()
