"""A real Exim sends through the signer: to a fixed next hop, and redirected by the firewall. It sends with BDAT, and closes
its sending side while replies are due, which Postfix does not."""

import signal
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.deliveries import Deliveries
from tecs_testing.exim import Exim, EximRoute
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, SENDER, add_addresses, redirect_outgoing_smtp
from tecs_testing.numbered_messages import NumberedMessage
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import SmtpService
from tecs_testing.program import Program
from tecs_testing.receiver import DOMAIN, Receiver
from tecs_testing.volume import expected_of_number
from tecs_testing.waiting import wait_until

SIZES = (200, 5_000, 300_000)


@dataclass(frozen=True)
class Case:
    name: str
    server: str
    redirected: bool

    @property
    def sender(self) -> str:
        return f"{self.name}@sender.example"


CASES = [
    Case("fixed", RECEIVER.ipv4, False),
    Case("fixed_with_starttls", RECEIVER_WITH_TLS.ipv4, False),
    Case("redirected_ipv4", RECEIVER.ipv4, True),
    Case("redirected_ipv4_with_starttls", RECEIVER_WITH_TLS.ipv4, True),
    Case("redirected_ipv6", RECEIVER.ipv6, True),
    Case("redirected_ipv6_with_starttls", RECEIVER_WITH_TLS.ipv6, True),
]


@one_test_each(CASES, lambda case: case.name)
class EximThroughTheSigner(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER, RECEIVER_WITH_TLS)
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
            [SmtpService(address, 25, settings) for host, settings in ((RECEIVER, {}), (RECEIVER_WITH_TLS, starttls))
             for address in (host.ipv4, host.ipv6)]).start()
        redirecting = TecsSigner(cls.workspace, "signer", cls.domain, "original-destination", listen="[::]:{port}")
        redirect_outgoing_smtp({SENDER: redirecting.port}, signer_user()[0])
        routes = [cls.route(case) for case in CASES]
        cls.unreachable = free_port()
        signer = TecsSigner(cls.workspace, "signer-unreachable", cls.domain, written("127.0.0.1", cls.unreachable))
        routes.append(EximRoute("unreachable@sender.example", "127.0.0.1", signer.port))
        cls.exim = Exim(cls.workspace, routes).start()

    @classmethod
    def route(cls, case: Case) -> EximRoute:
        if case.redirected:
            interface = f"interface = <; {SENDER.ipv6 if ':' in case.server else SENDER.ipv4}"
            next_hop = f"<+ {case.server}" if ":" in case.server else case.server
            return EximRoute(case.sender, next_hop, settings=[interface])
        signer = TecsSigner(cls.workspace, f"signer-{case.name}", cls.domain, written(case.server, 25))
        return EximRoute(case.sender, "127.0.0.1", signer.port)

    def check(self, case: Case) -> None:
        messages = [NumberedMessage(number, size) for number, size in enumerate(SIZES, 10 * CASES.index(case))]
        server = written(case.server, 25)
        known = {each["id"] for each in self.receiver.milter.verdicts.all()}
        deliveries = Deliveries(self.receiver.mailbox, expected_of_number)
        for message in messages:
            self.exim.send(case.sender, [message.recipient(DOMAIN)], message.text())
        try:
            wait_until("mail", lambda: deliveries.collect() >= len(messages))
            wait_until("empty queues", lambda: self.exim.queued() == 0 and self.receiver.postfix.queued() == 0)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.exim.explain()}\n{self.receiver.postfix.log_tail()}") from None
        deliveries.collect()
        self.assertEqual((deliveries.doubled(), deliveries.changed), ([], []),
                         f"{self.exim.explain()}\n{self.receiver.postfix.log_tail()}")

        def told() -> list[dict]:
            new = [each for each in self.receiver.milter.verdicts.all()
                   if each["id"] not in known and each["server"] == server]
            return new if sum(each["messages"] for each in new) == len(messages) else []

        for verdict in wait_until("verdicts", told):
            self.assertEqual([verdict[field] for field in ("result", "domain")], ["pass", "sender.example"],
                             verdict["detail"])
            self.assertEqual(bool(verdict["tls"]), "starttls" in case.name)
            if case.redirected:
                self.assertIn(SENDER.ipv6 if ":" in case.server else SENDER.ipv4, verdict["client"])

    def test_mail_waits_in_its_queue_and_the_log_says_why(self) -> None:
        self.exim.send("unreachable@sender.example", [f"somebody@{DOMAIN}"], b"Subject: waits\r\n\r\nHello.\r\n")
        wait_until("deferral", lambda: f"cannot connect to 127.0.0.1:{self.unreachable}" in self.exim.log())
        self.assertEqual(self.exim.queued(), 1)
        Program(self.workspace, "smtp-sink", ["smtp-sink", "-u", "nobody", f"127.0.0.1:{self.unreachable}", "10"],
                ends_with=(-signal.SIGTERM,))
        wait_until("empty queue", lambda: self.exim.queued() == 0)
