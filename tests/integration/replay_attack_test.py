"""A credential that somebody heard is of no use to them: on no other connection, from no other address, through no NAT, and
not on the same end points again."""

import subprocess
import time

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import UNTIED, TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient

TIED, WITHOUT_TIE = 25, 26
ATTACKER = Host("192.0.2.66", "2001:db8:2::66")
# Two hosts that the receiver sees as one.
NEIGHBORS = Host("192.0.2.98", "2001:db8:2::98"), Host("192.0.2.99", "2001:db8:2::99")
OUTSIDE = Host("203.0.113.5", "2001:db8:113::5")
TRANSLATION = f"""
    table ip nat {{
        chain postrouting {{
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr {{ {NEIGHBORS[0].ipv4}, {NEIGHBORS[1].ipv4} }} tcp dport 25 snat to {OUTSIDE.ipv4}:1024-2047
        }}
    }}
    """


class ReplayAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER, ATTACKER, OUTSIDE, *NEIGHBORS)
        subprocess.run(["nft", "-f", "-"], input=TRANSLATION, text=True, check=True)
        cls.domain = make_domain(cls.workspace, "victim.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(
            cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, TIED), SmtpService(RECEIVER.ipv4, WITHOUT_TIE, UNTIED)],
            {"service_throttle_time": "1s"}).start()

    def connect(self, host: Host = SENDER, port: int = TIED, source_port: int = 0) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, port, host.ipv4, source_port)
        self.addCleanup(client.close)
        return client

    def signed(self, port: int = TIED) -> tuple[SmtpClient, str]:
        """The victim, and what an attacker heard of it."""
        victim = self.connect(port=port)
        credential = victim.credential(self.domain)
        self.assertEqual(victim.authenticate(credential), 235)
        return victim, credential

    def assert_refused(self, attacker: SmtpClient, credential: str, reason: str) -> None:
        self.assertEqual(attacker.authenticate(credential), 535)
        source = attacker.source
        subject = f"from the attacker at {source} {time.monotonic()}"
        attacker.deliver("somebody@receiver.example", subject)
        attacker.quit()
        message = self.receiver.arrived(subject)
        self.assertNotRegex(" ".join(tecs_results(message)), "tecs=pass")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual([verdict[field] for field in ("result", "reason")], ["fail", reason], verdict["detail"])

    def assert_still_the_victims(self, victim: SmtpClient) -> None:
        subject = f"from the victim at {victim.source}"
        victim.deliver("somebody@receiver.example", subject)
        self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], "tecs=pass .*smtp.auth=victim.example$")

    def test_from_another_connection(self) -> None:
        victim, credential = self.signed()
        self.assert_refused(self.connect(), credential, "signature-mismatch")
        self.assert_still_the_victims(victim)

    def test_from_another_address(self) -> None:
        victim, credential = self.signed()
        self.assert_refused(self.connect(ATTACKER), credential, "signature-mismatch")
        self.assert_still_the_victims(victim)

    def test_from_another_address_and_the_same_port(self) -> None:
        victim, credential = self.signed()
        port = victim.sock.getsockname()[1]
        self.assert_refused(self.connect(ATTACKER, source_port=port), credential, "signature-mismatch")

    def test_from_the_same_end_point_afterwards(self) -> None:
        victim, credential = self.signed()
        port = victim.sock.getsockname()[1]
        victim.reset()
        self.assert_refused(self.connect(source_port=port), credential, "replay")

    def test_beside_the_victim_where_the_doors_are_not_tied(self) -> None:
        """Nothing says which of the two connections an AUTH is of."""
        victim, credential = self.signed(WITHOUT_TIE)
        attacker = self.connect(port=WITHOUT_TIE)
        self.assertEqual(attacker.authenticate(credential), 535)
        source = attacker.source
        attacker.quit()
        self.assertNotEqual(self.receiver.verdict_of(source)["result"], "pass")
        self.assert_still_the_victims(victim)

    def test_after_the_window(self) -> None:
        client = self.connect()
        old = client.credential(self.domain, "--time", int(time.time()) - 90)
        self.assert_refused(client, old, "signature-mismatch")

    def test_before_the_window(self) -> None:
        client = self.connect()
        early = client.credential(self.domain, "--time", int(time.time()) + 90)
        self.assert_refused(client, early, "signature-mismatch")

    def test_after_a_restart_on_another_connection(self) -> None:
        _, credential = self.signed()
        self.milter.stop()
        self.milter.start()
        self.assert_refused(self.connect(), credential, "signature-mismatch")

    def test_through_the_same_translated_address(self) -> None:
        victim = self.connect(NEIGHBORS[0])
        seen = victim.challenge().partition(";")[0].removeprefix("c=")
        self.assertTrue(seen.startswith(f"{OUTSIDE.ipv4}:"), seen)
        credential = self.domain.sign(victim.destination, seen)
        self.assertEqual(victim.docmd(credential)[0], 235)
        attacker = self.connect(NEIGHBORS[1])
        self.assertTrue(attacker.challenge().startswith(f"c={OUTSIDE.ipv4}:"))
        self.assertEqual(attacker.docmd("*")[0], 501)
        self.assertEqual(attacker.authenticate(credential), 535)
        attacker.deliver("somebody@receiver.example", "from the neighbor")
        attacker.quit()
        verdict = self.receiver.verdict_on(self.receiver.arrived("from the neighbor"))
        self.assertEqual([verdict[field] for field in ("result", "reason")], ["fail", "signature-mismatch"])
        self.assert_still_the_victims(victim)
