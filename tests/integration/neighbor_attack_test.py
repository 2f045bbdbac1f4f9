"""Two hosts behind one masquerading router: what one of them signs is of no use to the other, who hears all of it.

The victim's mail goes through tecs-signer, which asks for the challenge; the receiver is a real Postfix. Whoever
shares an address has only the port against them, and the router lets the next one have it.
"""

import re
import socket

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.gateway import OUTSIDE, Gateway
from tecs_testing.network import RECEIVER, Host
from tecs_testing.ports import written
from tecs_testing.receiver import tecs_results
from tecs_testing.separate_hosts import SeparateHost
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

NEIGHBOR = Host("203.0.113.66", "2001:db8:113::66")
NEIGHBORS_ROUTER = Host("203.0.113.1", "2001:db8:113::1")
MASQUERADE = """
    table inet nat {
        chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            oifname "outside" masquerade
        }
    }
    """
ANY_PROTOCOL = 3  # ETH_P_ALL


class Wire:
    """All octets that leave by an interface, from the constructor on."""

    def __init__(self, host: SeparateHost, interface: str):
        with host.inside():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ANY_PROTOCOL))
        self._socket.bind((interface, ANY_PROTOCOL))
        self._socket.setblocking(False)
        self._heard = b""

    def heard(self, pattern: bytes) -> list[str]:
        try:
            while True:
                self._heard += self._socket.recv(65536)
        except BlockingIOError:
            return [each.decode() for each in re.findall(pattern, self._heard)]

    def close(self) -> None:
        self._socket.close()


class NeighborAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.hosts = Gateway(cls.workspace, receivers_way_back=False)
        router = cls.hosts.gateway
        cls.neighbor = SeparateHost(cls.workspace, "neighbor")
        cls.neighbor.connect("out", NEIGHBOR, router, "inside2", NEIGHBORS_ROUTER)
        cls.neighbor.route_everything_to(NEIGHBORS_ROUTER)
        router.firewall(MASQUERADE)
        # How long the router keeps a port for a connection that has ended, however it did.
        router.run("sysctl", "-qw", *(f"net.netfilter.nf_conntrack_tcp_timeout_{state}=1" for state in (
            "fin_wait", "close_wait", "last_ack", "time_wait", "close")))
        with cls.hosts.mta.inside():
            cls.signer = ConfiguredSigner(cls.workspace, "signer", {
                "domain": cls.hosts.domain.name, "key": str(cls.hosts.domain.key), "nat": "always", "tls": "none",
                "upstream": written(RECEIVER.ipv4, 25)}, listen="127.0.0.1:{port}")

    def setUp(self) -> None:
        self.wire = Wire(self.hosts.gateway, "outside")
        self.addCleanup(self.wire.close)

    def victim(self) -> tuple[SmtpClient, str]:
        """An MTA whose connection the signer has just signed, and what was heard of that."""
        before = set(self.credentials())
        with self.hosts.mta.inside():
            client = SmtpClient("127.0.0.1", self.signer.port)
        self.addCleanup(client.close)
        heard = wait_until("credential on the wire", lambda: set(self.credentials()) - before)
        self.assertEqual(len(heard), 1)
        return client, heard.pop()

    def credentials(self) -> list[str]:
        """A line of its own after a 334. The base64 of "a=" or "d=" with what may follow it."""
        return self.wire.heard(rb"(?:YT|ZD)[A-Za-z0-9+/=]{80,}(?=\r\n)")

    def from_next_door(self, source_port: int = 0) -> SmtpClient:
        with self.neighbor.inside():
            client = SmtpClient(RECEIVER.ipv4, 25, NEIGHBOR.ipv4, source_port)
        self.addCleanup(client.close)
        return client

    def seen(self, client: SmtpClient) -> str:
        """How the receiver sees it."""
        seen = client.challenge().partition(";")[0].removeprefix("c=")
        self.assertEqual(client.docmd("*")[0], 501)
        return seen

    def deliver(self, client: SmtpClient, subject: str) -> str:
        """The receiver's own words on it."""
        client.deliver("somebody@receiver.example", subject)
        results = tecs_results(self.hosts.receiver.arrived(subject))
        self.assertEqual(len(results), 1)
        return results[0]

    def port_of_victim(self) -> int:
        """Before the router, of the connection that was made last."""
        found = self.hosts.mta.run("ss", "-tnH", "state", "established", "dport", "= :25").split()
        return int(found[2].rpartition(":")[2])

    def test_while_the_victim_is_there(self) -> None:
        victim, credential = self.victim()
        neighbor = self.from_next_door(self.port_of_victim())
        self.assertRegex(self.seen(neighbor), rf"^{re.escape(OUTSIDE.ipv4)}:")
        self.assertEqual(neighbor.authenticate(credential), 535)
        self.assertRegex(self.deliver(neighbor, "from next door"), "tecs=fail .*reason=signature-mismatch")
        self.assertRegex(self.deliver(victim, "from the victim"), "tecs=pass .*smtp.auth=sender.example$")

    def test_with_the_port_that_the_victim_had(self) -> None:
        victim, credential = self.victim()
        port = self.port_of_victim()
        victim.close()  # and the signer ends its own connection
        neighbor = self.take_over(port)
        self.assertEqual(neighbor.authenticate(credential), 535)
        self.assertRegex(self.deliver(neighbor, "from the heir"), "tecs=fail .*reason=replay")

    def take_over(self, port: int) -> SmtpClient:
        """The neighbor, once the router gives it the same port as the victim before it."""
        def heir() -> SmtpClient | None:
            client = self.from_next_door(port)
            if self.seen(client) == f"{OUTSIDE.ipv4}:{port}":
                return client
            client.reset()
            return None

        return wait_until("end of the victim's port at the router", heir, 60)
