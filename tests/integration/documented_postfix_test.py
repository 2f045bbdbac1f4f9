"""What docs/postfix.md shows, run as it stands: an administrator who copies it gets a receiver that works and relays for nobody."""

import pwd
import re
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import VerdictLog, make_domain
from tecs_testing.configuration_check import check_postfix
from tecs_testing.daemons import milter_user
from tecs_testing.document import ShownService, shown_command, shown_files, shown_settings, text_of
from tecs_testing.documented_milter import start_with_configuration
from tecs_testing.mailbox import Mailbox
from tecs_testing.name_server import NameServer
from tecs_testing.netcat import run_with_netcat
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import Postfix
from tecs_testing.program import Program
from tecs_testing.receiver import DOMAIN, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

DOCUMENT = "postfix.md"
MASTER, MAIN, MILTER = "/etc/postfix/master.cf", "/etc/postfix/main.cf", "/etc/tecs/milter.conf"


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
                            ("/var/lib/tecs", folder / "state")):
            text = text.replace(there, str(here))
        return text

    def start_postfix(self, variant: Variant) -> tuple[Postfix, Mailbox]:
        mailbox = Mailbox(self.workspace, f"{variant.title}/mailbox", DOMAIN)
        postfix = Postfix(self.workspace, f"{variant.title}/mx",
                          {"myhostname": "mx.receiver.example", "postscreen_greet_wait": "1s", **mailbox.settings(),
                           **shown_settings(shown_files(DOCUMENT)[MAIN])},
                          [ShownService(self.adapted(shown_files(DOCUMENT, variant.name)[MASTER], variant))])
        return postfix, mailbox

    def start_milter(self, variant: Variant) -> VerdictLog:
        user, group = milter_user()
        self.assertEqual(group, pwd.getpwnam("postfix").pw_gid)
        for folder in ("run", "mx/queue/tecs"):
            self.workspace.folder(f"{variant.title}/{folder}", 0o2750, (user, group))
        state = self.workspace.folder(f"{variant.title}/state", 0o750, (user, group))
        milter = start_with_configuration(self.workspace, f"tecs-milter-{variant.title}",
                                          self.adapted(shown_files(DOCUMENT, variant.milter)[MILTER], variant),
                                          "--resolver", self.name_server.endpoint)
        self.addCleanup(milter.stop)
        return VerdictLog(state / "verdicts.db")

    def start_haproxy(self) -> None:
        configuration = self.workspace.file("haproxy.cfg", shown_files(DOCUMENT, "haproxy")["/etc/haproxy/haproxy.cfg"])
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
        if variant.name == "":
            command, answer = shown_command(DOCUMENT, "nc")
            self.assertEqual(run_with_netcat(self.workspace, command), f"{answer}\n", postfix.log_tail())

        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235, postfix.log_tail())
            source, destination = client.source, client.destination
            self.assertEqual(client.mail("somebody@signed.example")[0], 250)
            code, reply = client.rcpt("victim@elsewhere.example")
            self.assertEqual((code, reply[-21:]), (554, b": Relay access denied"), "Postfix itself is to refuse, before the guard")
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
        self.assertIn("    -o { milter_mail_macros = i {mail_addr} {mail_host} {mail_mailer} }\n", text_of(DOCUMENT))

    def test_systemd_is_told_of_sockets_that_are_elsewhere(self) -> None:
        units = "/etc/systemd/system/tecs-milter"
        for document, variant in ((DOCUMENT, "chroot"), ("postfix-cyrus.md", "")):
            with self.subTest(document=document):
                text, shown = text_of(document), shown_files(document)
                socket = re.search(r"^sasl-socket = unix:(.*)/sasl$", shown_files(document, variant)[MILTER], re.MULTILINE)
                assert socket
                self.assertEqual(shown[f"{units}.socket.d/chroot.conf"], f"[Socket]\nListenStream=\nListenStream={socket[1]}/sasl\n")
                self.assertEqual(shown[f"{units}.service.d/chroot.conf"], f"[Service]\nReadWritePaths={socket[1]}\n")
                self.assertIn(f"install -d -o tecs -g postfix -m 2750 {socket[1]}\n", text)
                self.assertRegex(text, r"(?s)# systemctl daemon-reload\n.*"
                                       r"# systemctl restart tecs-milter.socket tecs-milter.service\n.*# tecs check postfix\n")
