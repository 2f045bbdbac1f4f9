"""The receiving side with Sendmail: configured as docs/sendmail.md says, with tecs-milter, and the mailbox of its mail."""

import ipaddress
from email.message import Message

from .cases import WorkspaceTestCase
from .commands import make_domain
from .daemons import TecsMilter
from .document import shown_files
from .mailbox import unfolded
from .name_server import NameServer
from .network import RECEIVER, SENDER, add_addresses
from .ports import written
from .sendmail import CLIENT_FIELD, Sendmail
from .smtp_client import SmtpClient
from .told import ToldTestCase
from .waiting import wait_until
from .workspace import Workspace

DOCUMENT = "sendmail.md"
SETTINGS = "/etc/mail/sendmail.mc"
SASL_SETTINGS = "/etc/sasl2/Sendmail.conf"


class SendmailReceiver:
    """The same two things are asked of it as of receiver.Receiver: what arrived, and the verdict on its connection."""

    def __init__(self, workspace: Workspace, milter: TecsMilter, settings: str = "", sasl_settings: str | None = None,
                 without: str = "", greet_pause: bool = False):
        """settings: on top of the documented ones. sasl_settings: instead of the documented ones. without: lines with this
        are left out, of what Debian has in sendmail.mc and of what the document adds. greet_pause: as Sendmail has it."""
        self.milter = milter
        shown = shown_files(DOCUMENT)
        self.sendmail = Sendmail(workspace, "sendmail", shown[SETTINGS], {SASL_SETTINGS: sasl_settings or shown[SASL_SETTINGS]},
                                 without, settings, greet_pause)
        # As the systemd unit makes it.
        milter.folder.chmod(0o2750)
        self.sendmail.bind(milter.folder, "/run/tecs")

    def start(self) -> "SendmailReceiver":
        self.milter.start()
        self.sendmail.start(25)
        return self

    def arrived(self, subject: str) -> Message:
        return self.sendmail.mailbox.wait_for(subject, self.explain)

    def verdict_on(self, message: Message) -> dict:
        return self.verdict_of(client_of(message))

    def verdict_of(self, client: str) -> dict:
        try:
            return wait_until(f"verdict on {client}", lambda: self.milter.verdicts.of_client(client))
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.explain()}") from None

    def explain(self) -> str:
        return f"{self.sendmail.explain()}\n{self.milter.log_tail()}"


def client_of(message: Message) -> str:
    address, port = unfolded(message[CLIENT_FIELD]).split()
    # Sendmail writes IPv6 addresses out, with a prefix.
    return written(ipaddress.ip_address(address.removeprefix("IPv6:")).compressed, int(port))


class SendmailTestCase(WorkspaceTestCase, ToldTestCase):
    """A name server that knows a stranger's key, and a Sendmail."""

    receiver: SendmailReceiver

    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver()

    @classmethod
    def set_up_receiver(cls, *milter_options: str, **settings) -> None:
        """settings: those of SendmailReceiver."""
        add_addresses(RECEIVER, SENDER)
        cls.name_server = NameServer(cls.workspace)
        cls.domain = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, cls.name_server.endpoint, *milter_options)
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, **settings).start()

    def connect(self, family: str = "IPv4") -> SmtpClient:
        client = SmtpClient(RECEIVER.address(family), 25, SENDER.address(family))
        self.addCleanup(client.close)
        return client

    def sign_and_deliver(self, subject: str, family: str = "IPv4") -> int:
        """Answers the code of the reply to AUTH."""
        with self.connect(family) as client:
            code = client.authenticate(client.credential(self.domain))
            client.deliver("somebody@receiver.example", subject)
        return code
