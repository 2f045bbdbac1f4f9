"""Signed mail from Postfix to Postfix: every address family, with and without STARTTLS, every kind of key, and both ways in
which a signer finds its upstream."""

import itertools
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, Host, add_addresses, redirect_outgoing_smtp
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender


@dataclass(frozen=True)
class Key:
    name: str
    algorithm: str
    bits: int
    selector: str | None
    sender: Host  # its mail leaves from here, so that the firewall can tell which signer is to get it

    @property
    def domain(self) -> str:
        return f"{self.name}.example"


KEYS = [
    Key("rsa2048", "rsa-sha256", 2048, None, Host("192.0.2.10", "2001:db8:2::10")),
    Key("rsa4096", "rsa-sha256", 4096, "mail-2026", Host("192.0.2.11", "2001:db8:2::11")),
    Key("ed25519", "ed25519-sha256", 256, "ed", Host("192.0.2.12", "2001:db8:2::12")),
]


@dataclass(frozen=True)
class Case:
    upstream: str
    family: str
    tls: bool
    key: Key

    @property
    def name(self) -> str:
        return f"{self.upstream}_{self.family}_{'with' if self.tls else 'without'}_starttls_{self.key.name}"

    @property
    def sender(self) -> str:
        return f"{self.name}@{self.key.domain}".lower()

    @property
    def receiver(self) -> str:
        return (RECEIVER_WITH_TLS if self.tls else RECEIVER).address(self.family)


CASES = [Case(*each) for each in itertools.product(("fixed", "redirected"), ("IPv4", "IPv6"), (False, True), KEYS)]


@one_test_each(CASES, lambda case: case.name)
class SignedMail(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, RECEIVER_WITH_TLS, *(key.sender for key in KEYS))
        domains = {key: make_domain(cls.workspace, key.domain, algorithm=key.algorithm, bits=key.bits,
                                    selector=key.selector, owner=signer_user()) for key in KEYS}
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in domains.values()})

        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
            [SmtpService(host.address(family), 25, settings)
             for host, settings in ((RECEIVER, {}), (RECEIVER_WITH_TLS, starttls)) for family in ("IPv4", "IPv6")],
        ).start()
        cls.sender = Sender(
            cls.workspace, cls.start_signers(domains),
            own_addresses="127.0.0.1 " + " ".join(f"{key.sender.ipv4} [{key.sender.ipv6}]" for key in KEYS),
            transports={key.name: {"smtp_bind_address": key.sender.ipv4, "smtp_bind_address6": key.sender.ipv6}
                        for key in KEYS},
        ).start()

    @classmethod
    def start_signers(cls, domains: dict[Key, SigningDomain]) -> list[Route]:
        """A signer for each fixed upstream and key, one more for each key; and the way to it from each case's sender."""
        redirecting = {key: TecsSigner(cls.workspace, f"signer-{key.name}", domains[key], "original-destination",
                                       listen="[::]:{port}") for key in KEYS}
        redirect_outgoing_smtp({key.sender: signer.port for key, signer in redirecting.items()}, signer_user()[0])
        routes = []
        for case in CASES:
            if case.upstream == "fixed":
                signer = TecsSigner(cls.workspace, f"signer-{case.name}", domains[case.key], written(case.receiver, 25))
                routes.append(Route(case.sender, f"[127.0.0.1]:{signer.port}"))
            else:
                address = f"ipv6:{case.receiver}" if case.family == "IPv6" else case.receiver
                routes.append(Route(case.sender, f"[{address}]", case.key.name))
        return routes

    def check(self, case: Case) -> None:
        self.sender.send(case.sender, "somebody@receiver.example", subject=case.name)

        message = self.receiver.arrived(case.name)
        verdict = self.receiver.verdict_on(message)

        self.assertEqual([verdict[field] for field in ("result", "reason", "domain", "algorithm", "key_bits")],
                         ["pass", "", case.key.domain, case.key.algorithm, case.key.bits])
        self.assertEqual(verdict["selector"], case.key.selector or "")
        self.assertEqual(verdict["server"], written(case.receiver, 25))
        self.assertEqual(bool(verdict["tls"]), case.tls, self.receiver.explain())
        self.assertEqual(verdict["messages"], 1)
        fields = tecs_results(message)
        self.assertEqual(len(fields), 1, fields)
        self.assertRegex(fields[0], rf"^mx\.receiver\.example; tecs=pass \(.*\) smtp\.auth={case.key.domain}$")
        if case.upstream == "redirected":
            self.assertIn(case.key.sender.address(case.family), verdict["client"])
