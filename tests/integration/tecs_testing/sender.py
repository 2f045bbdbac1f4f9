"""The sending side: a Postfix whose way out depends on who sends."""

import smtplib
from dataclasses import dataclass
from typing import Mapping

from .ports import free_port
from .postfix import Postfix, SmtpService
from .workspace import Workspace


@dataclass(frozen=True)
class Route:
    """Which transport of master.cf, and which next hop, take the mail of one envelope sender."""

    sender: str
    next_hop: str  # as in Postfix's maps: [192.0.2.1]:25, [ipv6:2001:db8::1]:25
    transport: str = "smtp"


class Sender:
    """transports: further smtp clients by name, with their -o settings."""

    def __init__(self, workspace: Workspace, routes: list[Route], *, own_addresses: str = "127.0.0.1",
                 transports: Mapping[str, Mapping[str, str]] | None = None,
                 settings: Mapping[str, str] | None = None, name: str = "sender"):
        """name: of its folder in the workspace."""
        self.port = free_port()
        ways = workspace.file(f"{name}/ways", "".join(
            f"{each.sender} {each.transport}:{each.next_hop}\n" for each in routes))
        self.postfix = Postfix(
            workspace, name,
            {
                "myhostname": "out.sender.example",
                "mynetworks": "127.0.0.0/8",
                "inet_interfaces": own_addresses,
                "sender_dependent_default_transport_maps": f"texthash:{ways}",
                "default_transport": "error:no route for this sender",
                # Each message is to have a connection of its own unless a test wants it otherwise.
                "smtp_connection_cache_on_demand": "no",
                **(settings or {}),
            },
            [SmtpService("127.0.0.1", self.port)], transports or {})

    def start(self) -> "Sender":
        self.postfix.start()
        return self

    def send(self, sender: str, recipient: str, subject: str) -> None:
        """Leaves a message with Postfix, which sends it on by itself."""
        with smtplib.SMTP("127.0.0.1", self.port, "client.example", timeout=60) as smtp:
            smtp.sendmail(sender, [recipient], f"Subject: {subject}\r\nFrom: {sender}\r\n\r\nHello.\r\n")
