"""What docs/postfix-cyrus.md shows, run as it stands; see documented_postfix_test.py."""

import pathlib

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import VerdictLog, make_domain
from tecs_testing.configuration_check import check_postfix
from tecs_testing.cyrus import install_plugin
from tecs_testing.daemons import milter_user
from tecs_testing.document import ShownService, shown_command, shown_files
from tecs_testing.documented_milter import start_with_configuration
from tecs_testing.mailbox import Mailbox
from tecs_testing.name_server import NameServer
from tecs_testing.netcat import run_with_netcat
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import Postfix
from tecs_testing.receiver import DOMAIN, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

DOCUMENT = "postfix-cyrus.md"


class DocumentedPostfixCyrus(WorkspaceTestCase):
    """Other than in the document are the folders and the resolver; and the relay guard is off, so that it is Postfix's own
    configuration that relays for nobody."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)  # whose address is the one in the document
        install_plugin(cls.workspace)
        cls.domain = make_domain(cls.workspace, "signed.example")
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.mailbox = Mailbox(cls.workspace, "mailbox", DOMAIN)
        shown = shown_files(DOCUMENT)
        cls.postfix = Postfix(cls.workspace, "mx", {"myhostname": "mx.receiver.example", **cls.mailbox.settings()},
                              [ShownService(shown["/etc/postfix/master.cf"])])
        # Debian's Postfix looks below its own configuration.
        cls.workspace.file("mx/etc/sasl/tecs.conf", shown["/etc/postfix/sasl/tecs.conf"])
        queue = cls.workspace.folder("mx/queue")
        cls.workspace.folder("mx/queue/tecs", 0o2750, milter_user())
        store: pathlib.Path = cls.workspace.folder("state", 0o750, milter_user()) / "verdicts.db"
        cls.verdicts = VerdictLog(store)
        start_with_configuration(cls.workspace, "tecs-milter",
                                 shown["/etc/tecs/milter.conf"].replace("/var/spool/postfix", str(queue)),
                                 "--resolver", cls.name_server.endpoint, "--store", cls.verdicts.store, "--relay-guard", "no")
        cls.postfix.start()

    def test_the_check_finds_nothing(self) -> None:
        found = check_postfix(self.postfix.configuration)
        self.assertEqual((found.exit_code, found.findings), (0, []))

    def test_it_is_working(self) -> None:
        command, answer = shown_command(DOCUMENT, "nc")
        self.assertEqual(run_with_netcat(self.workspace, command), f"{answer}\n", self.postfix.log_tail())

    def test_who_signs_is_known_and_may_not_relay(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235, self.postfix.log_tail())
            source, destination = client.source, client.destination
            self.assertEqual(client.mail("somebody@signed.example")[0], 250)
            self.assertEqual(client.rcpt("victim@elsewhere.example")[0], 554)
            client.rset()
            client.deliver(f"somebody@{DOMAIN}", "signed")
        message = self.mailbox.wait_for("signed", self.postfix.log_tail)
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        verdict = wait_until(f"verdict on {source}", lambda: self.verdicts.of_client(source))
        self.assertEqual((verdict["result"], verdict["server"]), ("pass", destination))
