"""postscreen in front: it hands the connection itself to smtpd, which sees both of its ends."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.configuration_check import check_postfix
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postscreen import SCREENING, ScreenedService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient


class BehindPostscreen(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [ScreenedService(RECEIVER.ipv4, 25)], SCREENING).start()

    def test_a_new_client_that_signs(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235, self.receiver.explain())
            client.deliver("somebody@receiver.example", "signed")
            source, destination = client.source, client.destination
        message = self.receiver.arrived("signed")
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=signed.example$")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["client"], verdict["server"]), ("pass", source, destination))
        self.assertTrue(self.receiver.postfix.log_lines(rf"postscreen.*PASS NEW \[{SENDER.ipv4}\]"))

    def test_the_check_sees_the_smtpd_behind_it(self) -> None:
        found = check_postfix(self.receiver.postfix.configuration)
        self.assertEqual((found.exit_code, found.findings), (0, []))
