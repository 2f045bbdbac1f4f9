"""The receiving side with Sendmail: configured as docs/sendmail.md says, with tecs-milter, and the mailbox of its mail."""

import ipaddress
from email.message import Message

from .daemons import TecsMilter
from .document import shown_files
from .mailbox import unfolded
from .network import RECEIVER
from .ports import written
from .sendmail import CLIENT_FIELD, Sendmail
from .waiting import wait_until
from .workspace import Workspace

DOCUMENT = "sendmail.md"
SETTINGS = "/etc/mail/sendmail.mc"
SASL_SETTINGS = "/etc/sasl2/Sendmail.conf"
ENDPOINTS = (written(RECEIVER.ipv4, 25), written(RECEIVER.ipv6, 25))


class SendmailReceiver:
    """The same two things are asked of it as of receiver.Receiver: what arrived, and the verdict on its connection."""

    def __init__(self, workspace: Workspace, milter: TecsMilter, settings: str = "", sasl_settings: str | None = None):
        """settings: on top of the documented ones. sasl_settings: instead of the documented ones."""
        self.milter = milter
        shown = shown_files(DOCUMENT)
        self.sendmail = Sendmail(workspace, "sendmail", shown[SETTINGS] + settings,
                                 {SASL_SETTINGS: sasl_settings or shown[SASL_SETTINGS]})
        # As the systemd unit makes it.
        milter.folder.chmod(0o2750)
        self.sendmail.bind(milter.folder, "/run/tecs")

    def start(self, *endpoints: str) -> "SendmailReceiver":
        self.milter.start()
        self.sendmail.start(*(endpoints or ENDPOINTS))
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
