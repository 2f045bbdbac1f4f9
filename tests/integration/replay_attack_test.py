"""A credential that somebody heard is of no use to them: on no other connection, from no other address, through no NAT,
and not on the same end points again, but for what docs/security.md does not promise."""

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
from tecs_testing.waiting import wait_until

TIED, WITHOUT_TIE = 25, 26
ONE_TRANSLATED_PORT = 27  # what comes to this is translated from the next one
GIVEN_AGAIN = 3000  # to one neighbor after the other, as a translator does that has no other port left
ATTACKER = Host("192.0.2.66", "2001:db8:2::66")
# Two hosts that the receiver sees as one.
NEIGHBORS = Host("192.0.2.98", "2001:db8:2::98"), Host("192.0.2.99", "2001:db8:2::99")
OUTSIDE = Host("203.0.113.5", "2001:db8:113::5")
TRANSLATION = f"""
    table ip nat {{
        chain postrouting {{
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr != {{ {NEIGHBORS[0].ipv4}, {NEIGHBORS[1].ipv4} }} accept
            tcp dport {{ {TIED}, {WITHOUT_TIE} }} snat to {OUTSIDE.ipv4}:1024-2047
            tcp dport {ONE_TRANSLATED_PORT} snat to {OUTSIDE.ipv4}:{GIVEN_AGAIN}
        }}
    }}
    """


class ReplayAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER, ATTACKER, OUTSIDE, *NEIGHBORS)
        subprocess.run(["nft", "-f", "-"], input=TRANSLATION, text=True, check=True)
        # How long a port stays taken after a reset.
        subprocess.run(["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_timeout_close=1"], check=True)
        cls.domain = make_domain(cls.workspace, "victim.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(
            cls.workspace, cls.milter,
            [SmtpService(RECEIVER.ipv4, WITHOUT_TIE, UNTIED),
             *(SmtpService(RECEIVER.ipv4, port) for port in (TIED, ONE_TRANSLATED_PORT))],
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
        # The victim may have had the same end point, and its verdict is there before. But it brought no mail.
        seen = self.receiver.client_of(message)
        verdict = wait_until(f"verdict on the mail from {seen}", lambda: next(
            (each for each in self.milter.verdicts.all() if each["client"] == seen and each["messages"] == 1), None))
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

    def uses(self, credential: str, source_port: int, count: int) -> list[int]:
        """The replies to one credential on so many connections from the same end point, one after the other."""
        replies = []
        for _ in range(count):
            client = self.connect(source_port=source_port)
            replies.append(client.authenticate(credential))
            client.reset()
        return replies

    def test_after_a_restart_from_the_same_end_point_once_and_no_more(self) -> None:
        """Once is what security.md does not promise to refuse."""
        victim, credential = self.signed()
        port = victim.sock.getsockname()[1]
        victim.reset()
        self.milter.stop()
        self.milter.start()
        self.assertEqual(self.uses(credential, port, 3), [235, 535, 535])

    def behind_the_translated_port(self, host: Host) -> SmtpClient:
        client = self.connect(host, ONE_TRANSLATED_PORT)
        self.assertTrue(client.challenge().startswith(f"c={OUTSIDE.ipv4}:{GIVEN_AGAIN};"))
        self.assertEqual(client.docmd("*")[0], 501)
        return client

    def test_one_that_never_arrived_is_good_for_the_next_with_its_port_and_for_nobody_after(self) -> None:
        """The first is what security.md does not promise to refuse."""
        victim = self.behind_the_translated_port(NEIGHBORS[0])
        credential = self.domain.sign(victim.destination, f"{OUTSIDE.ipv4}:{GIVEN_AGAIN}")
        victim.reset()
        replies = []
        for neighbor in (NEIGHBORS[1], NEIGHBORS[0], NEIGHBORS[1]):
            client = self.behind_the_translated_port(neighbor)
            replies.append(client.authenticate(credential))
            client.reset()
        self.assertEqual(replies, [235, 535, 535])

    def test_a_neighbor_that_is_first_where_the_doors_are_not_tied_has_no_pass(self) -> None:
        """That it hears 235 is what security.md does not promise to prevent. Its mail bears no pass for that."""
        victim = self.connect(NEIGHBORS[0], WITHOUT_TIE)
        seen = victim.challenge().partition(";")[0].removeprefix("c=")
        self.assertEqual(victim.docmd("*")[0], 501)
        neighbor = self.connect(NEIGHBORS[1], WITHOUT_TIE)
        self.assertEqual(neighbor.authenticate(self.domain.sign(victim.destination, seen)), 235)
        neighbor.deliver("somebody@receiver.example", "from the neighbor who was first")
        neighbor.quit()
        message = self.receiver.arrived("from the neighbor who was first")
        self.assertRegex(tecs_results(message)[0], "tecs=none")
        self.assertEqual(self.receiver.verdict_on(message)["result"], "none")
        self.assert_still_the_victims(victim)
