"""The receiving side: Postfix with tecs-milter, and the mailbox where its mail arrives."""

import re
from dataclasses import replace
from email.message import Message
from typing import Mapping, Sequence

from .daemons import AUTHSERV_ID, TecsMilter
from .mailbox import Mailbox, unfolded
from .postfix import Postfix, SmtpService
from .waiting import wait_until
from .workspace import Workspace

DOMAIN = "receiver.example"


class Receiver:
    """Two things are asked of it: what arrived, and the verdict on the connection that brought it."""

    def __init__(self, workspace: Workspace, milter: TecsMilter, services: Sequence[SmtpService],
                 settings: Mapping[str, str] | None = None, name: str = "receiver"):
        """services: their settings come on top of the documented ones. settings: for main.cf. name: of its folder in the
        workspace."""
        self.milter = milter
        self.mailbox = Mailbox(workspace, f"{name}-mailbox", DOMAIN)
        documented = milter.smtpd_settings()
        self.services = [replace(each, settings={**documented, **each.settings}) for each in services]
        self.postfix = Postfix(
            workspace, name,
            {"myhostname": milter.authserv_id, "smtpd_client_port_logging": "yes", **self.mailbox.settings(),
             **(settings or {})},
            self.services)

    def start(self) -> "Receiver":
        self.milter.start()
        self.postfix.start()
        return self

    def arrived(self, subject: str) -> Message:
        return self.mailbox.wait_for(subject, self.explain)

    def verdict_on(self, message: Message) -> dict:
        """Of the very connection that brought the message, which Postfix's log tells by its client's port."""
        return self.verdict_of(self.client_of(message), with_mail=True)

    def verdict_of(self, client: str, *, with_mail: bool = False) -> dict:
        try:
            return wait_until(f"verdict on {client}", lambda: self.milter.verdicts.of_client(client, with_mail=with_mail))
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.explain()}") from None

    def client_of(self, message: Message) -> str:
        received = unfolded(message.get_all("Received", [""])[0])
        queue_id = re.search(r"\(Postfix\) with \S+ id (\w+)", received)
        if not queue_id:
            raise AssertionError(f"not a Received field of our Postfix: {received}")
        # "8F40370: client=unknown[192.0.2.10]:40213", with more after a comma when there was a login.
        # postlogd writes when it comes to it, and the mail may be there before.
        lines = wait_until(f"client of {queue_id[1]} in the log",
                           lambda: self.postfix.log_lines(rf" {queue_id[1]}: client="))
        client = re.search(r"client=[^\[]*\[([^\]]+)\]:(\d+)", lines[0])
        if not client:
            raise AssertionError(f"no client of {queue_id[1]} in the log: {lines}")
        return f"[{client[1]}]:{client[2]}" if ":" in client[1] else f"{client[1]}:{client[2]}"

    def explain(self) -> str:
        return f"{self.postfix.log_tail()}\n{self.milter.log_tail()}"


def tecs_results(message: Message) -> list[str]:
    """The Authentication-Results fields of our own host, each on one line, top first."""
    fields = (unfolded(each) for each in message.get_all("Authentication-Results", []))
    return [field for field in fields if field.split(";")[0].strip().lower() == AUTHSERV_ID]
