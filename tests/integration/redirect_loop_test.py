"""A firewall rule that forgets to spare the signer's user sends the signer's own connections back to it. The mail has to wait
until the rule is right, and the signer must not go round and round meanwhile."""

import re

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsSigner, signer_user
from tecs_testing.network import RECEIVER, SENDER, add_addresses, redirect_outgoing_smtp
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import DeadlinePassed, wait_until

SENTENCE = "the signer's own connection came back to it: the firewall rule must spare the signer's user"
NEXT_HOPS = {"ipv4": f"[{RECEIVER.ipv4}]", "ipv6": f"[ipv6:{RECEIVER.ipv6}]"}
CLIENTS = {"ipv4": SENDER.ipv4, "ipv6": f"[{SENDER.ipv6}]"}


class RedirectLoop(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)
        domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        cls.signer = TecsSigner(cls.workspace, "signer", domain, "original-destination", listen="[::]:{port}")
        redirect_outgoing_smtp({SENDER: cls.signer.port}, spared_user=None)
        cls.sender = Sender(
            cls.workspace, [Route(f"{family}@sender.example", hop, "out") for family, hop in NEXT_HOPS.items()],
            own_addresses=f"127.0.0.1 {SENDER.ipv4} [{SENDER.ipv6}]",
            transports={"out": {"smtp_bind_address": SENDER.ipv4, "smtp_bind_address6": SENDER.ipv6}},
        ).start()

    def deferral(self, family: str) -> str:
        """What Postfix says of why the mail has to wait."""
        try:
            return wait_until(f"deferred mail over {family}", lambda: self.sender.postfix.log_lines(
                rf"to=<{family}@receiver\.example>.* status=deferred"))[0]
        except DeadlinePassed as missing:
            raise DeadlinePassed(f"{missing}\n{self.sender.postfix.log_tail()}\n{self.signer.log_tail()}") from None

    def test_the_signer_breaks_the_loop_and_the_mail_waits(self) -> None:
        for family in NEXT_HOPS:
            self.sender.send(f"{family}@sender.example", f"{family}@receiver.example", subject=family)
        for family in NEXT_HOPS:
            self.assertIn(SENTENCE, self.deferral(family))
        wait_until("deferred mail in the queue", lambda: self.sender.postfix.queued() == len(NEXT_HOPS))

        self.signer.stop()  # so that its log is complete
        sessions = [line for line in self.signer.log.read_text().splitlines() if " result=" in line]
        for family, client in CLIENTS.items():
            with self.subTest(family):
                # That of the MTA, and its own that came back.
                own = [line for line in sessions if re.search(rf"client={re.escape(client)}:\d+ ", line)]
                self.assertEqual(len(own), 2, sessions)
                self.assertEqual(sum(f'result=failed reason="{SENTENCE}' in line for line in own), 1, own)
        self.assertEqual(len(sessions), 2 * len(NEXT_HOPS), sessions)
