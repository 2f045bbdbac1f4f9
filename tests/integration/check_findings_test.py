"""Whether `tecs check postfix` is right: what it says of the configurations in tests/cases/check/postfix is held against what
Postfix does with a stranger who signs."""

import pathlib
import re
import smtplib
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import DOMAIN, Receiver
from tecs_testing.smtp_client import SmtpClient

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "cases" / "check" / "postfix"
# What a case is run with. Sockets are those of the test.
PARAMETERS = re.compile(
    r"smtpd_(relay|recipient|client|helo|sender)_restrictions$|smtpd_restriction_classes$|smtpd_delay_reject$|"
    r"smtpd_sasl_(auth_enable|security_options|tls_security_options|mechanism_filter|exceptions_networks)$|"
    r"smtpd_discard_ehlo_keywords$|receive_override_options$")


def parameters(*arguments: str) -> dict[str, str]:
    lines = subprocess.run(["postconf", *arguments], capture_output=True, text=True, check=True).stdout.splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


@dataclass(frozen=True)
class Case:
    name: str
    port: int

    def found(self, severity: str) -> bool:
        return re.search(rf"^{severity} ", (FOLDER / self.name / "want").read_text(), re.MULTILINE) is not None

    def settings(self) -> dict[str, str]:
        """Of its service for port 25."""
        folder = str(FOLDER / self.name)
        own = parameters("-c", folder, "-P", "smtp/inet")
        overrides = [word for name, value in own.items() for word in ("-o", f"{name.rpartition('/')[2]}={value}")]
        effective = parameters("-c", folder, "-x", *overrides)
        classes = effective["smtpd_restriction_classes"].split()
        return {name: value for name, value in effective.items() if PARAMETERS.match(name) or name in classes}


def cases(pattern: str, first_port: int, left_out: set[str]) -> list[Case]:
    names = sorted(each.name for each in FOLDER.iterdir() if re.fullmatch(pattern, each.name) and each.name not in left_out)
    return [Case(name, first_port + number) for number, name in enumerate(names)]


RELAYING = cases("documented|(relay|login|skipped)-.*", 1000, {
    # Postfix itself refuses to serve with these two,
    "relay-for-all", "relay-only-warned-of",
    # and its smtpd dies of the last.
    "relay-by-circle-of-classes"})
SIGNING = cases("documented|sasl-off|security-options|mechanism-filter.*|ehlo-keywords|exceptions-for-all|milters-switched-off|"
                "sender-login|early-reject|authenticated-header|skipped-checks", 2000, set())


class FindingsTestCase(WorkspaceTestCase):
    CASES: list[Case]

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        milter = TecsMilter(cls.workspace, name_server.endpoint, "--relay-guard", "no")
        cls.receiver = Receiver(cls.workspace, milter,
                                [SmtpService(RECEIVER.ipv4, case.port, case.settings()) for case in cls.CASES]).start()

    def replies(self, case: Case, recipient: str) -> tuple[int, int]:
        """To the signature, if AUTH is offered, and to RCPT. Zeros if the port serves nobody."""
        try:
            with SmtpClient(RECEIVER.ipv4, case.port) as stranger:
                offered = "TECS-1" in stranger.esmtp_features.get("auth", "")
                signed = stranger.authenticate(stranger.credential(self.domain)) if offered else 0
                stranger.mail("somebody@stranger.example")
                return signed, stranger.rcpt(recipient)[0]
        except smtplib.SMTPServerDisconnected:
            return 0, 0


@one_test_each(RELAYING, lambda case: case.name.replace("-", "_"))
class Unsafe(FindingsTestCase):
    CASES = RELAYING

    def check(self, case: Case) -> None:
        signed, recipient = self.replies(case, "victim@elsewhere.example")
        self.assertEqual((signed, recipient == 250), (235, case.found("unsafe")), f"{recipient}\n{self.receiver.explain()}")


@one_test_each(SIGNING, lambda case: case.name.replace("-", "_"))
class Broken(FindingsTestCase):
    CASES = SIGNING

    def check(self, case: Case) -> None:
        replies = self.replies(case, f"somebody@{DOMAIN}")
        self.assertEqual(replies != (235, 250), case.found("broken"), f"{replies}\n{self.receiver.explain()}")
