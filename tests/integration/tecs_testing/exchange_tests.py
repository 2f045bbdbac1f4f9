"""Tests of the exchange that hold for every MTA."""

import re

from .commands import SigningDomain
from .daemons import TecsMilter
from .network import RECEIVER, SENDER
from .smtp_client import SmtpClient
from .waiting import wait_until

# Nobody else is given them: SmtpClient begins above, and so does the kernel. A port that another client has just left
# cannot be bound for a minute, in TIME_WAIT.
SOURCE_PORTS = {"IPv4": 19_004, "IPv6": 19_006}


class ExchangeTests:
    """To be mixed into a test case whose receiver listens on port 25 of RECEIVER and knows the domain's key; SENDER must
    have been added too."""

    domain: SigningDomain
    milter: TecsMilter

    def connect_from_same_port(self, family: str) -> SmtpClient:
        client = SmtpClient(RECEIVER.address(family), 25, SENDER.address(family), SOURCE_PORTS[family])
        self.addCleanup(client.close)
        return client

    def verdicts_on(self, client: str, count: int) -> list[tuple[str, str]]:
        """Result and reason of each, in the order of their time."""
        def made() -> list[tuple[str, str]]:
            found = [each for each in self.milter.verdicts.all() if each["client"] == client]
            return [(each["result"], each["reason"]) for each in sorted(found, key=lambda each: each["time"])]

        return wait_until(f"{count} verdicts on {client}", lambda: len(made()) >= count and made())

    def test_challenge_tells_the_client_where_it_is_seen(self) -> None:
        for family in ("IPv4", "IPv6"):
            with self.subTest(family), SmtpClient(RECEIVER.address(family), 25, SENDER.address(family)) as other, \
                    SmtpClient(RECEIVER.address(family), 25, SENDER.address(family)) as client:
                challenge = client.challenge()
                told = re.fullmatch(r"c=(\S+); t=(\d+)", challenge)
                self.assertTrue(told, challenge)
                self.assertEqual(told[1], client.source)
                self.assertNotEqual(told[1], other.source)
                signed = self.domain.sign(client.destination, told[1], "--time", told[2])
                self.assertEqual(client.docmd(signed)[0], 235)

    def test_signature_is_good_for_one_connection(self) -> None:
        """The other connection has the same two ends, since anything else would fail for another reason."""
        for family in ("IPv4", "IPv6"):
            with self.subTest(family):
                first = self.connect_from_same_port(family)
                source, signed = first.source, first.credential(self.domain)
                self.assertEqual(first.authenticate(signed), 235)
                first.reset()
                self.assertEqual(self.verdicts_on(source, 1), [("pass", "")])

                second = self.connect_from_same_port(family)
                self.assertEqual(second.source, source)
                self.assertEqual(second.authenticate(signed), 535)
                second.reset()
                self.assertEqual(self.verdicts_on(source, 2), [("pass", ""), ("fail", "replay")])
