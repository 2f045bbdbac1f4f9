"""The sending side with Sendmail, which signs through the Cyrus SASL plugin as docs/sendmail.md says."""

import pathlib
import re
import subprocess
from typing import Mapping

from .commands import SigningDomain
from .document import shown_files
from .network import SENDER
from .sendmail import Sendmail
from .workspace import Workspace

DOCUMENT = "sendmail.md"
HOST = "out.sender.example"
DOCUMENTED_DOMAIN = "sender.example"
IDENTITIES = "/etc/tecs/sasl-client.conf"
AUTHENTICATION = "/etc/mail/default-auth-info"
KEY = "/etc/tecs/keys/sender.example.pem"
_ACCESS = "/etc/mail/access"
_DOCUMENTED_SERVER = "mx.partner.example"

# Where mail goes is up to the test, and this host has more addresses than those of the sender.
_ROUTES = """
FEATURE(`nocanonify')dnl
FEATURE(`mailertable')dnl
CLIENT_OPTIONS(`Family=inet, Addr={sender.ipv4}')dnl
CLIENT_OPTIONS(`Family=inet6, Addr={sender.ipv6}')dnl
"""


class SendmailSender:
    """Delivers what send() gives it at once, in the foreground."""

    def __init__(self, workspace: Workspace, routes: Mapping[str, str], everywhere: bool = True,
                 settings: str = "", files: Mapping[str, str] | None = None):
        """routes: by recipient's domain, the address that its mail goes to. everywhere: that way of the document, or that
        with the servers that name_servers() names. settings, files: besides the documented ones."""
        shown = shown_files(DOCUMENT, "everywhere")["/etc/mail/sendmail.mc"] if everywhere else ""
        self.sendmail = Sendmail(workspace, "sender", shown + settings, files or {},
                                 further=_ROUTES.format(sender=SENDER), host=HOST, domain=HOST)
        self.make_map("mailertable", "".join(f"{name} esmtp:[{_literal(address)}]\n" for name, address in routes.items()))

    def make_map(self, name: str, text: str) -> None:
        self.sendmail.run("/usr/libexec/sendmail/makemap", "hash", f"/etc/mail/{name}", text=text)

    def name_servers(self, *addresses: str, domain: str = DOCUMENTED_DOMAIN) -> None:
        line = shown_files(DOCUMENT)[_ACCESS].replace(DOCUMENTED_DOMAIN, domain)
        self.make_map("access", "".join(line.replace(_DOCUMENTED_SERVER, address) for address in addresses))

    def sign_as(self, domain: SigningDomain, further: str = "", key_mode: int = 0o600) -> None:
        """As the document says for its domain. further: lines for the file of identities."""
        shown = shown_files(DOCUMENT)

        def renamed(text: str) -> str:
            return text.replace(DOCUMENTED_DOMAIN, domain.name)

        self.sendmail.write(AUTHENTICATION, renamed(shown[AUTHENTICATION]), 0o600)
        self.sendmail.write(IDENTITIES, renamed(shown[IDENTITIES]) + further, 0o600)
        self.sendmail.write(renamed(KEY), domain.key.read_text(), key_mode)

    def send(self, recipient: str, subject: str) -> str:
        """Answers what Sendmail shows of the dialogue and of what came of it."""
        done = subprocess.run(
            ["chroot", self.sendmail.root, "/usr/libexec/sendmail/sendmail", "-Am", "-odi", "-v",
             "-f", "somebody@sender.example", recipient],
            input=f"Subject: {subject}\nFrom: somebody@sender.example\nTo: {recipient}\n\nHello.\n",
            capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def queued(self) -> int:
        """How many messages wait."""
        return len(list(self._queue.glob("qf*")))

    def forget(self) -> None:
        """Nothing waits any more, and no server is known as one that failed."""
        for folder in (self._queue, self.sendmail.root / "var/lib/sendmail/host_status"):
            for file in folder.rglob("*"):
                if file.is_file():
                    file.unlink()

    @property
    def _queue(self) -> pathlib.Path:
        return self.sendmail.root / "var/spool/mqueue"


def commands(dialogue: str) -> list[str]:
    """What Sendmail said to the server, of what send() answered: verbs, with AUTH the mechanism, and CREDENTIAL for one."""
    lines = re.sub(r"[A-Za-z0-9+/=]{80,}$", "CREDENTIAL", dialogue, flags=re.MULTILINE)
    return re.findall(r"^>>> (AUTH .*|\S+)", lines, re.MULTILINE)


def _literal(address: str) -> str:
    return f"IPv6:{address}" if ":" in address else address
