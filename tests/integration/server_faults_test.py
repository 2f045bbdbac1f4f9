"""Servers break off at every step of SMTP, in every way: each message arrives all the same, once, and under the right name,
and mail to another server does not wait."""

import os
import time

from tecs_testing.broken_server import BREAKS, Break, BrokenServer
from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses, redirect_outgoing_smtp
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until

BOUND = 20.0  # seconds from Postfix taking an honest message to its arrival, however slow the build of the signer is
PATIENCE = "6s"  # of the MTA with a server that stalls
SPARE_DESCRIPTORS, SPARE_THREADS = 4, 2


@one_test_each(BREAKS, lambda each: each.name)
class ServerFaults(WorkspaceTestCase):
    """All messages are under way at the same time. Behind each broken server stands a good one, as a second MX would."""

    @classmethod
    def set_up(cls) -> None:
        hosts = [Host(f"203.0.113.{number + 1}", f"2001:db8:113::{number + 1}") for number in range(len(BREAKS))]
        add_addresses(SENDER, RECEIVER, *hosts)
        domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(domain.name, domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)], {"smtpd_banner": "mx.receiver.example ESMTP"}).start()
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": "original-destination", "domain": domain.name, "key": domain.key, "tls": "may"})
        redirect_outgoing_smtp({SENDER: cls.signer.port}, signer_user()[0])
        certificate = make_certificate(cls.workspace, "broken.example")
        cls.servers = {each.name: BrokenServer(cls.workspace, host.ipv4, each, certificate)
                       for each, host in zip(BREAKS, hosts)}
        cls.sender = cls.start_sender(hosts)
        cls.pid = cls.signer.pid
        cls.at_rest = cls.resources()
        cls.slowest = cls.send_everything()
        for server in cls.servers.values():
            server.close()

    @classmethod
    def start_sender(cls, hosts: list[Host]) -> Sender:
        patience = {f"smtp_{step}_timeout": PATIENCE for step in (
            "connect", "helo", "mail", "rcpt", "data_init", "data_xfer", "data_done", "rset", "quit")}
        clients = {"smtp_bind_address": SENDER.ipv4, **patience}
        return Sender(
            cls.workspace,
            [Route(f"{each.name}@sender.example", f"[{host.ipv4}]:25", "broken") for each, host in zip(BREAKS, hosts)] +
            [Route("honest@sender.example", f"[{RECEIVER.ipv4}]:25", "good")],
            own_addresses=f"127.0.0.1 {SENDER.ipv4}",
            transports={"broken": {**clients, "smtp_fallback_relay": f"[{RECEIVER.ipv4}]:25"}, "good": clients},
            settings={"minimal_backoff_time": "1s", "maximal_backoff_time": "2s", "queue_run_delay": "1s"}).start()

    @classmethod
    def send_everything(cls) -> float:
        """The longest that an honest message took meanwhile."""
        for each in BREAKS:
            cls.sender.send(f"{each.name}@sender.example", "somebody@receiver.example", each.name)
        slowest = 0.0
        count = 0
        while cls.sender.postfix.queued() or count < 5:
            begin = time.monotonic()
            cls.sender.send("honest@sender.example", "somebody@receiver.example", f"honest {count}")
            cls.receiver.arrived(f"honest {count}")
            slowest = max(slowest, time.monotonic() - begin)
            count += 1
            if count > 1000:
                raise AssertionError(f"there is still mail in the queue\n{cls.sender.postfix.log_tail()}")
        return slowest

    @classmethod
    def resources(cls) -> tuple[int, int]:
        return len(os.listdir(f"/proc/{cls.pid}/fd")), len(os.listdir(f"/proc/{cls.pid}/task"))

    def check(self, case: Break) -> None:
        name = case.name
        server = self.servers[name]
        self.assertGreater(server.broken, 0, "nobody came to that step")
        arrived = [each for each in self.receiver.mailbox.messages() if each["Subject"] == name]
        count = len(arrived) + server.accepted.count(name)
        if case.step == "end":
            # RFC 5321 section 4.5.3.2.6: the server has the message, and nobody but it knows.
            self.assertEqual((count, server.unanswered.count(name) >= 1), (1, True))
        else:
            self.assertEqual(count, 1, self.sender.postfix.log_tail(200))
        for message in arrived:
            self.assert_signed_for_the_receiver(self.receiver.verdict_on(message), server)

    def assert_signed_for_the_receiver(self, verdict: dict, server: BrokenServer) -> None:
        self.assertEqual([verdict[field] for field in ("result", "domain", "server")],
                         ["pass", "sender.example", written(RECEIVER.ipv4, 25)], verdict["detail"])
        self.assertNotIn(verdict["credential"], server.credentials)

    def test_honest_mail_did_not_wait(self) -> None:
        self.assertLess(self.slowest, BOUND)

    def test_the_signer_is_as_it_was(self) -> None:
        self.assertEqual(self.signer.pid, self.pid)

        def at_rest() -> bool:
            descriptors, threads = self.resources()
            return descriptors <= self.at_rest[0] + SPARE_DESCRIPTORS and threads <= self.at_rest[1] + SPARE_THREADS

        try:
            wait_until(f"rest at {self.at_rest} descriptors and threads", at_rest, 60)
        except AssertionError as busy:
            raise type(busy)(f"{busy}, but {self.resources()}\n{self.signer.log_tail()}") from None
