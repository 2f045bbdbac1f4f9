"""What docs/postfix.md shows, run as it stands: an administrator who copies it gets a receiver that works and relays for nobody."""

import pathlib
import pwd
import re
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import VerdictLog, installed, make_domain
from tecs_testing.configuration_check import check_postfix
from tecs_testing.daemons import milter_user
from tecs_testing.mailbox import Mailbox
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import Postfix
from tecs_testing.program import Program
from tecs_testing.readiness import ReadinessSocket
from tecs_testing.receiver import DOMAIN, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "postfix.md"


def shown(path: str, variant: str = "") -> str:
    """The fenced block whose first line names this file, and the variant if it is of one."""
    heading = rf"```\w+ {re.escape(path)}{' ' + variant if variant else ''}"
    blocks = re.findall(rf"^{heading}\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise AssertionError(f"{DOCUMENT} shows {path} {variant} {len(blocks)} times")
    return blocks[0]


@dataclass
class ShownService:
    """The lines of master.cf that the document shows."""

    text: str

    def line(self) -> str:
        return self.text


@dataclass(frozen=True)
class Variant:
    name: str  # as in the document; "" is what sections 2 and 3 show
    milter: str = ""  # the variant of milter.conf that goes with it

    @property
    def title(self) -> str:
        return self.name or "plain"


@one_test_each([Variant(""), Variant("chroot", "chroot"), Variant("postscreen"), Variant("haproxy")], lambda each: each.title)
class DocumentedPostfix(WorkspaceTestCase):
    """Ports are those of the document, as the name space has them free. Other than in the document are these: the folders,
    which are in the workspace, and the resolver."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)  # whose address is the one in the document
        cls.domain = make_domain(cls.workspace, "signed.example")
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish(cls.domain.name, cls.domain.record)

    def adapted(self, text: str, variant: Variant) -> str:
        folder = self.workspace.path / variant.title
        for there, here in (("/var/spool/postfix", folder / "mx/queue"), ("/run/tecs", folder / "run"),
                            ("/var/lib/tecs", folder / "state"), ("127.0.0.1:53\n", f"{self.name_server.endpoint}\n")):
            text = text.replace(there, str(here))
        return text

    def start_postfix(self, variant: Variant) -> tuple[Postfix, Mailbox]:
        mailbox = Mailbox(self.workspace, f"{variant.title}/mailbox", DOMAIN)
        documented = dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in shown("/etc/postfix/main.cf").splitlines())
        postfix = Postfix(self.workspace, f"{variant.title}/mx",
                          {"myhostname": "mx.receiver.example", "postscreen_greet_wait": "1s", **mailbox.settings(), **documented},
                          [ShownService(self.adapted(shown("/etc/postfix/master.cf", variant.name), variant))])
        return postfix, mailbox

    def start_milter(self, variant: Variant) -> VerdictLog:
        user, group = milter_user()
        self.assertEqual(group, pwd.getpwnam("postfix").pw_gid)
        for folder in ("run", "mx/queue/tecs"):
            self.workspace.folder(f"{variant.title}/{folder}", 0o2750, (user, group))
        state = self.workspace.folder(f"{variant.title}/state", 0o750, (user, group))
        configuration = self.workspace.file(f"{variant.title}/milter.conf",
                                            self.adapted(shown("/etc/tecs/milter.conf", variant.milter), variant))
        name = f"tecs-milter-{variant.title}"
        ready = ReadinessSocket(self.workspace, name)
        program, environment = installed(self.workspace, "tecs-milter")
        milter = Program(self.workspace, name, [program, "--config", configuration], user=milter_user(),
                         environment={**environment, **ready.environment()})
        milter.wait_for("readiness", ready.is_ready)
        self.addCleanup(milter.stop)
        return VerdictLog(state / "verdicts.db")

    def start_haproxy(self) -> None:
        configuration = self.workspace.file("haproxy.cfg", shown("/etc/haproxy/haproxy.cfg", "haproxy"))
        haproxy = Program(self.workspace, "haproxy", ["haproxy", "-W", "-db", "-f", configuration], ends_with=(0, 143))
        haproxy.wait_for("a start", lambda: "Loading success" in haproxy.log.read_text())
        self.addCleanup(haproxy.stop)

    def check(self, variant: Variant) -> None:
        postfix, mailbox = self.start_postfix(variant)
        verdicts = self.start_milter(variant)
        self.addCleanup(postfix.stop)
        postfix.start()
        if variant.name == "haproxy":
            self.start_haproxy()

        found = check_postfix(postfix.configuration)
        self.assertEqual((found.exit_code, found.findings), (0, []))

        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235, postfix.log_tail())
            source, destination = client.source, client.destination
            self.assertEqual(client.mail("somebody@signed.example")[0], 250)
            self.assertEqual(client.rcpt("victim@elsewhere.example")[0], 554)
            client.rset()
            client.deliver(f"somebody@{DOMAIN}", variant.title)
        message = mailbox.wait_for(variant.title, postfix.log_tail)
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        verdict = wait_until(f"verdict on {source}", lambda: verdicts.of_client(source))
        self.assertEqual((verdict["result"], verdict["server"]), ("pass", destination))


class DocumentedWords(WorkspaceTestCase):
    """What the document says besides, and other tests rely on."""

    @classmethod
    def set_up(cls) -> None:
        pass

    def test_other_milters_are_not_told_of_the_login(self) -> None:
        self.assertIn("    -o { milter_mail_macros = i {mail_addr} {mail_host} {mail_mailer} }\n", DOCUMENT.read_text())
