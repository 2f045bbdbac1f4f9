"""Twenty connections at the same time from one address, signed by three domains: each verdict names the right one.

Postfix does not tell the SASL door which port a client has. With the tie between the two doors the smtpd process says which
session an AUTH belongs to; without it the signature has to.
"""

import contextlib
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import UNTIED, TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient

CONNECTIONS = 20
PORTS = {"tied": 25, "untied": 26}


@dataclass(frozen=True)
class Case:
    client: str
    doors: str

    @property
    def name(self) -> str:
        return f"{self.client}_with_doors_{self.doors}"


@one_test_each([Case(client, doors) for client in ("own_client", "signer") for doors in PORTS], lambda case: case.name)
class SimultaneousConnections(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.domains = [
            make_domain(cls.workspace, "first.example", owner=signer_user()),
            make_domain(cls.workspace, "second.example", algorithm="ed25519-sha256", owner=signer_user()),
            make_domain(cls.workspace, "third.example", bits=3072, selector="third", owner=signer_user()),
        ]
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in cls.domains})
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, PORTS["tied"]), SmtpService(RECEIVER.ipv4, PORTS["untied"], UNTIED)],
        ).start()
        cls.signers = {
            (domain.name, doors): TecsSigner(cls.workspace, f"signer-{domain.name}-{doors}", domain,
                                             written(RECEIVER.ipv4, port))
            for domain in cls.domains for doors, port in PORTS.items()}

    def check(self, case: Case) -> None:
        signed_by = [self.domains[number % len(self.domains)] for number in range(CONNECTIONS)]
        random.Random(20).shuffle(signed_by)
        subjects = [f"{case.name} {number}" for number in range(CONNECTIONS)]
        converse = {"own_client": self.sign_and_send, "signer": self.send_through_signer}[case.client]
        all_open = threading.Barrier(CONNECTIONS, timeout=60)
        all_sent = threading.Barrier(CONNECTIONS, timeout=60)

        def connection(domain: SigningDomain, subject: str) -> None:
            with contextlib.ExitStack() as at_end:
                converse(case.doors, domain, subject, all_open, at_end)
                all_sent.wait()

        with ThreadPoolExecutor(CONNECTIONS) as threads:
            list(threads.map(connection, signed_by, subjects))

        for domain, subject in zip(signed_by, subjects, strict=True):
            with self.subTest(subject, domain=domain.name):
                self.assert_attributed(subject, domain)

    def sign_and_send(self, doors: str, domain: SigningDomain, subject: str, all_open: threading.Barrier,
                      at_end: contextlib.ExitStack) -> None:
        """All connect, then all say AUTH at once."""
        client = at_end.enter_context(SmtpClient(RECEIVER.ipv4, PORTS[doors], SENDER.ipv4))
        credential = client.credential(domain)
        all_open.wait()
        self.assertEqual(client.authenticate(credential), 235)
        client.deliver("somebody@receiver.example", subject)

    def send_through_signer(self, doors: str, domain: SigningDomain, subject: str, all_open: threading.Barrier,
                            at_end: contextlib.ExitStack) -> None:
        """All connect to the signers at once, and wait for each other before there is any mail."""
        client = at_end.enter_context(SmtpClient("127.0.0.1", self.signers[domain.name, doors].port))
        all_open.wait()
        client.deliver("somebody@receiver.example", subject)

    def assert_attributed(self, subject: str, domain: SigningDomain) -> None:
        message = self.receiver.arrived(subject)
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["domain"]), ("pass", domain.name), verdict["detail"])
        self.assertIn(f"smtp.auth={domain.name}", tecs_results(message)[0])
