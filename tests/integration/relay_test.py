"""A signature says who answers for a connection. It permits nobody to relay."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient

# What Debian's Postfix has by default, and what the documentation tells to change: here a login may relay.
DEBIAN_DEFAULT = {"smtpd_relay_restrictions": "permit_mynetworks,permit_sasl_authenticated,reject_unauth_destination"}


class Relay(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "stranger.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv4, 26, DEBIAN_DEFAULT)]).start()

    def replies_to(self, port: int, *recipients: str) -> list[int]:
        """To RCPT, each recipient in turn, from a stranger who has signed."""
        with SmtpClient(RECEIVER.ipv4, port) as stranger:
            self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235)
            self.assertEqual(stranger.mail("somebody@stranger.example")[0], 250)
            return [stranger.rcpt(each)[0] for each in recipients]

    def test_the_documented_configuration_relays_for_nobody(self) -> None:
        self.assertEqual(self.replies_to(25, "victim@elsewhere.example", "somebody@receiver.example"), [554, 250])

    def test_the_default_of_debian_would_relay(self) -> None:
        """Which is why there is a documented configuration; should this ever fail, the test above proves nothing."""
        self.assertEqual(self.replies_to(26, "victim@elsewhere.example"), [250])
