"""A real Exim as the sending side, as Debian packs it, in a root folder of its own."""

import pathlib
import shutil
import smtplib
import subprocess
from dataclasses import dataclass
from typing import Sequence

from . import mounts
from .ports import free_port
from .program import Program, tail
from .workspace import Workspace

# Where scripts/install-packages unpacked it, a folder for each version.
_UNPACKED = pathlib.Path("/var/lib/tecs-test/exim")
_USER = 60021  # what Debian's package makes when it is installed
_FOLDERS = {"var/spool/exim4": 0o750, "var/log/exim4": 0o750, "run/exim4": 0o750}

# TLS is the signer's. What a server does not take now is tried again after a second, for an hour.
_CONFIGURATION = """
primary_hostname = out.sender.example
exim_user = Debian-exim
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
log_selector = +smtp_confirmation +outgoing_interface +outgoing_port
pid_file_path = /run/exim4/exim.pid
local_interfaces = <; 127.0.0.1
daemon_smtp_ports = {port}
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_advertise_hosts =
message_size_limit = 20M
queue_run_max = 20
acl_smtp_rcpt = acl_accept
acl_smtp_data = acl_accept
begin acl
acl_accept:
  accept
begin routers
{routers}
begin transports
{transports}
begin retry
* * F,1h,1s
"""
_ROUTER = """
{name}:
  driver = manualroute
  senders = {sender}
  domains = *
  route_list = * "{next_hop}" byname
  self = send
  transport = {name}
"""
_TRANSPORT = """
{name}:
  driver = smtp
  port = {port}
  hosts_avoid_tls = *
{settings}"""


@dataclass(frozen=True)
class EximRoute:
    """Where the mail of one envelope sender goes, and how."""

    sender: str
    next_hop: str  # an address, or several with <+ in front of them and + between
    port: int = 25
    settings: Sequence[str] = ()  # of the smtp transport

    @property
    def name(self) -> str:
        return self.sender.partition("@")[0].replace("-", "_").replace(".", "_")

    def router(self) -> str:
        return _ROUTER.format(name=self.name, sender=self.sender, next_hop=self.next_hop)

    def transport(self) -> str:
        return _TRANSPORT.format(name=self.name, port=self.port, settings="".join(f"  {line}\n" for line in self.settings))


class Exim:
    """Runs from start() on."""

    def __init__(self, workspace: Workspace, routes: Sequence[EximRoute]):
        self.port = free_port()
        self._workspace = workspace
        self.root = workspace.folder("exim") / "root"
        self._make_root()
        file = self.root / "etc/exim4/exim4.conf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_CONFIGURATION.format(
            port=self.port, routers="".join(each.router() for each in routes),
            transports="".join(each.transport() for each in routes)))

    def start(self) -> "Exim":
        daemon = Program(self._workspace, "exim-daemon", ["chroot", self.root, "/usr/sbin/exim4", "-bdf", "-q1s"])
        daemon.wait_for("the port", lambda: "listening for SMTP" in self.log())
        return self

    def send(self, sender: str, recipients: Sequence[str], text: bytes) -> None:
        """Leaves a message with Exim, which sends it on by itself."""
        with smtplib.SMTP("127.0.0.1", self.port, "client.example", timeout=60) as smtp:
            smtp.sendmail(sender, list(recipients), text, ["BODY=8BITMIME"])

    def queued(self) -> int:
        return int(self._run("-bpc"))

    def log(self) -> str:
        path = self.root / "var/log/exim4/mainlog"
        return path.read_text(errors="backslashreplace") if path.exists() else ""

    def explain(self) -> str:
        return "\n".join(tail(self.root / f"var/log/exim4/{name}", 30) for name in ("mainlog", "paniclog"))

    def _run(self, *arguments: str) -> str:
        return subprocess.run(["chroot", self.root, "/usr/sbin/exim4", *arguments], check=True, capture_output=True,
                              text=True).stdout

    def _make_root(self) -> None:
        unpacked = sorted(_UNPACKED.glob("*/usr/sbin/exim4"))
        if not unpacked:
            raise RuntimeError(f"no Exim in {_UNPACKED}; run scripts/install-packages --all")
        installed = self.root.with_name("installed")
        shutil.copytree(unpacked[-1].parents[2], installed, symlinks=True)
        for link in ("lib", "usr/lib/sendmail", "usr/sbin/sendmail"):
            _forget(installed / link)  # the machine's own are links, or another MTA's
        mounts.layers(self._workspace, self.root, [pathlib.Path("/")], installed)
        mounts.proc(self._workspace, self.root / "proc")
        for file, line in (("etc/passwd", f"Debian-exim:x:{_USER}:{_USER}::/var/spool/exim4:/bin/false\n"),
                           ("etc/group", f"Debian-exim:x:{_USER}:\n")):
            path = self.root / file
            path.write_text(path.read_text() + line)
        for name, mode in _FOLDERS.items():
            folder = self.root / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
            shutil.chown(folder, _USER, _USER)
        for device in ("null", "zero", "urandom"):
            (self.root / "dev").mkdir(exist_ok=True)
            subprocess.run(["cp", "--archive", f"/dev/{device}", self.root / "dev"], check=True)


def _forget(path: pathlib.Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
