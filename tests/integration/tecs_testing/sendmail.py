"""A real Sendmail, as Debian installs it, in a root folder of its own: it is the mail server of a machine that only it sees."""

import pathlib
import re
import shutil
import socket
import subprocess

from . import mounts
from .commands import program_path
from .cyrus import built_plugin, plugin_folder
from .mailbox import Mailbox
from .network import SENDER
from .program import Program, tail
from .syslog import SystemLog
from .workspace import Workspace

HOST = "mx.receiver.example"
DOMAIN = "receiver.example"
USERS = ("somebody", "bob")
CLIENT_FIELD = "X-Client"  # address and port that a message came from

# Where scripts/install-packages unpacked it, a folder for each version.
_UNPACKED = pathlib.Path("/var/lib/tecs-test/sendmail")
_STOCK_CONFIGURATION = "usr/share/sendmail/cf/debian/sendmail.mc"

# What Debian's packages do when they are installed, as far as it matters here.
_GROUPS = "smmta:x:60001:\nsmmsp:x:60002:\n"
_ACCOUNTS = ("smmta:x:60001:60001::/var/lib/sendmail:/bin/false\nsmmsp:x:60002:60002::/var/lib/sendmail:/bin/false\n" +
             "".join(f"{user}:x:{60010 + number}:65534::/nonexistent:/bin/false\n" for number, user in enumerate(USERS)))
_FOLDERS = {"var/spool/mqueue": 0o700, "var/lib/sendmail/host_status": 0o755, "var/run/sendmail/mta": 0o755,
            "etc/mail/m4": 0o755, "etc/sasl2": 0o755, "dev": 0o755}

# There is no DNS where this runs but the one with the keys, which Sendmail is not to ask; the host's other addresses
# belong to others, who may not relay; a busy machine is to deliver at once all the same; mail goes where the test reads it;
# and a header field tells from which port of the client it came.
_TEST_SETTINGS = """
define(`confDOMAIN_NAME', `{host}')dnl
define(`confSERVICE_SWITCH_FILE', `/etc/mail/service.switch-nodns')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confTO_IDENT', `0')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confMILTER_LOG_LEVEL', `14')dnl
FEATURE(`accept_unresolvable_domains')dnl
define(`LOCAL_MAILER_PATH', `/usr/local/lib/deliver')dnl
define(`LOCAL_MAILER_ARGS', `deliver $u')dnl
LOCAL_CONFIG
H{field}: ${{client_addr}} ${{client_port}}
"""
_DELIVER = """#!/bin/sh
set -e
message=$(mktemp /srv/mailbox/tmp/XXXXXX)
cat >"$message"
mv "$message" /srv/mailbox/mail/new/
"""


def _listening(port: int) -> list[str]:
    return subprocess.run(["ss", "--no-header", "--listening", "--tcp", "--numeric", f"sport = :{port}"], check=True,
                          capture_output=True, text=True).stdout.splitlines()


class Sendmail:
    """Runs from start() on and listens wherever its configuration says."""

    def __init__(self, workspace: Workspace, name: str, settings: str, files: dict[str, str], without: str = "",
                 further: str = "", greet_pause: bool = False, host: str = HOST, domain: str = DOMAIN):
        """settings: what is added to Debian's sendmail.mc before its mailers. files: by path, what the machine has besides.
        without: lines with this are then left out. further: what comes after that. greet_pause: clients are made to wait for
        a second, and those that talk earlier are turned away, as Debian has it. host, domain: what the machine is called, and
        whose mail stays there."""
        self._workspace = workspace
        self.name = name
        self._host = host
        self._domain = domain
        self.root = workspace.folder(name) / "root"
        self.mailbox = Mailbox(workspace, f"{name}-mailbox", domain)
        self._make_root()
        self.log = SystemLog(workspace, name, self.root / "dev/log")
        for path, text in files.items():
            self.write(path, text)
        self._configure(settings, without, further, greet_pause)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def bind(self, source: pathlib.Path, path: str) -> None:
        """Shows the machine a folder of the test's."""
        mounts.bind(self._workspace, source, self.root / path.lstrip("/"))

    def start(self, port: int) -> "Sendmail":
        """port: where it listens, once started; a probe would be one more connection for tecs-milter."""
        of_others = len(_listening(port))
        server = Program(self._workspace, f"{self.name}-daemon",
                         ["chroot", self.root, "/usr/libexec/sendmail/sendmail", "-bD", "-q10s"])
        server.wait_for("the ports", lambda: len(_listening(port)) >= of_others + self._daemons)
        return self

    def run(self, *command: str, text: str | None = None) -> str:
        done = subprocess.run(["chroot", self.root, *command], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def run_tecs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`tecs` on that machine, where it was built: its libraries are looked for there."""
        program = program_path("tecs")
        built = program.parent.parent
        if not (self.root / str(program)[1:]).exists():
            self.bind(built, str(built))
        return subprocess.run(["chroot", self.root, program, *arguments], capture_output=True, text=True, check=False)

    def explain(self) -> str:
        return tail(self.log.path, 60)

    def _make_root(self) -> None:
        unpacked = sorted(_UNPACKED.glob("*/usr/libexec/sendmail/sendmail"))
        if not unpacked:
            raise RuntimeError(f"no Sendmail in {_UNPACKED}; run scripts/install-packages --all")
        installed = self.root.with_name("installed")
        shutil.copytree(unpacked[-1].parents[3], installed, symlinks=True)
        mounts.layers(self._workspace, self.root, [pathlib.Path("/")], installed)
        for path, mode in _FOLDERS.items():
            folder = self.root / path
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        mounts.proc(self._workspace, self.root / "proc")
        (self.root / "var/lib/sendmail/sendmail.st").touch()
        for device in ("null", "zero", "urandom"):
            subprocess.run(["cp", "--archive", f"/dev/{device}", self.root / "dev"], check=True)
        for file, text in (("etc/group", _GROUPS), ("etc/passwd", _ACCOUNTS)):
            self.write(file, (self.root / file).read_text() + text)
        # Sendmail sleeps for a minute when its host's name has no domain, and says 450 to who has no name and wants to relay.
        self.write("etc/hosts", f"127.0.0.1 {self._host} {socket.gethostname()} localhost\n"
                                f"{SENDER.ipv4} out.sender.example\n{SENDER.ipv6} out.sender.example\n")
        shutil.copy(built_plugin(), self.root / str(plugin_folder())[1:])

    def _configure(self, settings: str, without: str, further: str, greet_pause: bool) -> None:
        stock = (self.root / _STOCK_CONFIGURATION).read_text()
        pause = "`greet_pause', `1000'"
        if pause not in stock:
            raise AssertionError(f"{_STOCK_CONFIGURATION} has another greet_pause than it had")
        if not greet_pause:
            stock = stock.replace(pause, "`greet_pause', `0'")
        lines = stock.replace("MAILER_DEFINITIONS", f"{settings}MAILER_DEFINITIONS", 1).splitlines(keepends=True)
        kept = "".join(line for line in lines if not without or without not in line)
        further += _TEST_SETTINGS.format(host=self._host, field=CLIENT_FIELD)
        kept = kept.replace("MAILER_DEFINITIONS", f"{further}MAILER_DEFINITIONS", 1)
        self._daemons = len(re.findall(r"^DAEMON_OPTIONS.*Port=smtp", kept, re.MULTILINE))
        self.write("etc/mail/sendmail.mc", kept)
        for path in ("etc/mail/m4/dialup.m4", "etc/mail/m4/provider.m4", "etc/mail/access", "etc/mail/aliases"):
            self.write(path, "")
        self.write("etc/mail/local-host-names", f"{self._domain}\n")
        self.write("etc/mail/sendmail.cf", self.run("m4", "/etc/mail/sendmail.mc"))
        self.run("/usr/libexec/sendmail/makemap", "hash", "/etc/mail/access", text="")
        self.run("/usr/libexec/sendmail/sendmail", "-bi")
        mailbox = f"{self.name}-mailbox"
        for folder in ("tmp", "mail/new"):
            self._workspace.folder(f"{mailbox}/{folder}")
        self.bind(self._workspace.path / mailbox, "/srv/mailbox")
        self.write("usr/local/lib/deliver", _DELIVER, 0o755)
