"""Signatures that are not good, for each of the reasons there are. The verdict says which, and the mail arrives all the same."""

import contextlib
import socket
from dataclasses import dataclass, field
from typing import Mapping

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.clock import clock_off_by
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

PORT_WITHOUT_TECS = 26


@dataclass(frozen=True)
class Case:
    name: str
    result: str
    reason: str
    record: str = "{own}"  # what stands in DNS; {own} and {other} are the records of the signer's key and of another one
    port: int = 25
    signer: Mapping[str, str] = field(default_factory=dict)  # its environment

    @property
    def domain(self) -> str:
        return f"{self.name.replace('_', '-')}.example"


CASES = [
    Case("good_signature", "pass", ""),
    Case("wrong_key", "fail", "signature-mismatch", record="{other}"),
    Case("clock_90_seconds_slow", "fail", "signature-mismatch", signer=clock_off_by(-90)),
    Case("clock_90_seconds_fast", "fail", "signature-mismatch", signer=clock_off_by(+90)),
    Case("no_key", "permerror", "no-key", record=""),
    Case("old_policy_record_only", "permerror", "no-key", record='_domainkey TXT "o=~; r=postmaster@example.org"'),
    Case("two_keys", "permerror", "several-keys", record="{own}\n{other}"),
    Case("revoked_key", "fail", "key-revoked", record='_domainkey TXT "v=DKIM1; p="'),
    Case("broken_record", "permerror", "bad-key-record", record='_domainkey TXT "v=DKIM1; k=rsa; p=@@@@"'),
    Case("not_offered", "none", "", port=PORT_WITHOUT_TECS),
]


class RefusedSignatureTestCase(WorkspaceTestCase):
    """A receiver and a name server; what is sent is up to the test."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.name_server = NameServer(cls.workspace)
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, 25),
             SmtpService(RECEIVER.ipv4, PORT_WITHOUT_TECS, {"smtpd_sasl_auth_enable": "no"})],
        ).start()

    def assert_told(self, subject: str, result: str, reason: str, domain: str) -> None:
        """The mail arrived, and both its header and the verdict on its connection say this."""
        message = self.receiver.arrived(subject)
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["reason"]), (result, reason), verdict["detail"])
        self.assertEqual(verdict["domain"], domain)
        self.assertEqual(verdict["messages"], 1)
        fields = tecs_results(message)
        self.assertEqual(len(fields), 1, fields)
        self.assertRegex(fields[0], rf"^mx\.receiver\.example; tecs={result}\b")


@one_test_each(CASES, lambda case: case.name)
class ThroughTheSigner(RefusedSignatureTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        zones, routes = {}, []
        for case in CASES:
            own = make_domain(cls.workspace, case.domain, owner=signer_user())
            other = make_domain(cls.workspace, case.domain, file_name=f"{case.domain}-other")
            zones[case.domain] = case.record.format(own=own.record, other=other.record)
            signer = TecsSigner(cls.workspace, f"signer-{case.name}", own, written(RECEIVER.ipv4, case.port),
                                environment=case.signer)
            routes.append(Route(f"somebody@{case.domain}", f"[127.0.0.1]:{signer.port}"))
        cls.name_server.publish_all(zones)
        cls.sender = Sender(cls.workspace, routes).start()

    def check(self, case: Case) -> None:
        self.sender.send(f"somebody@{case.domain}", "somebody@receiver.example", subject=case.name)
        self.assert_told(case.name, case.result, case.reason, "" if case.result == "none" else case.domain)


class OnAnotherConnection(RefusedSignatureTestCase):
    """A credential is good for the connection that it was made for, and for no other."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.domain = make_domain(cls.workspace, "signed.example")
        cls.name_server.publish(cls.domain.name, cls.domain.record)

    def replay(self, credential: str, subject: str) -> None:
        """A stranger gets hold of the credential and uses it for mail of their own."""
        with SmtpClient(RECEIVER.ipv4, 25) as stranger:
            self.assertEqual(stranger.authenticate(credential), 535)
            stranger.deliver("somebody@receiver.example", subject)
        self.assert_told(subject, "fail", "signature-mismatch", self.domain.name)

    def test_after_the_signed_connection_has_ended(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source, credential = client.source, client.credential(self.domain)
            self.assertEqual(client.authenticate(credential), 235)
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

        self.replay(credential, "replayed afterwards")

    def test_while_the_signed_connection_is_open(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source, credential = client.source, client.credential(self.domain)
            self.assertEqual(client.authenticate(credential), 235)

            self.replay(credential, "replayed meanwhile")
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def test_before_the_signed_connection_uses_it(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source, credential = client.source, client.credential(self.domain)

            self.replay(credential, "used by somebody else first")
            self.assertEqual(client.authenticate(credential), 235)
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")


class WithoutDns(RefusedSignatureTestCase):
    def tearDown(self) -> None:
        self.name_server.up()

    def new_domain(self, name: str, **options):
        """One whose key nobody has asked for yet, so that no cache knows it."""
        domain = make_domain(self.workspace, name, **options)
        self.name_server.publish(domain.name, domain.record)
        return domain

    def send_signed(self, domain, subject: str) -> int:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            code = client.authenticate(client.credential(domain))
            client.deliver("somebody@receiver.example", subject)
        return code

    def test_nobody_listens(self) -> None:
        domain = self.new_domain("dns-down.example")
        self.name_server.down()

        self.assertEqual(self.send_signed(domain, "DNS down"), 454)
        self.assert_told("DNS down", "temperror", "dns-error", domain.name)

        self.name_server.up()
        wait_until("pass after DNS came back", lambda: self.send_signed(domain, "DNS back") == 235)

    def test_nobody_answers(self) -> None:
        domain = self.new_domain("dns-silent.example")
        self.name_server.down()
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
            silent.bind((self.name_server.address, self.name_server.port))

            self.assertEqual(self.send_signed(domain, "DNS silent"), 454)
        self.assert_told("DNS silent", "temperror", "dns-timeout", domain.name)

    def test_through_the_signer(self) -> None:
        """The 454 that the signer gets costs the signature and not the mail."""
        domain = self.new_domain("dns-down-signer.example", owner=signer_user())
        signer = TecsSigner(self.workspace, "signer", domain, written(RECEIVER.ipv4, 25))
        sender = Sender(self.workspace, [Route(f"somebody@{domain.name}", f"[127.0.0.1]:{signer.port}")]).start()
        self.name_server.down()

        sender.send(f"somebody@{domain.name}", "somebody@receiver.example", subject="DNS down for the signer")
        self.assert_told("DNS down for the signer", "temperror", "dns-error", domain.name)
        signer.stop()  # so that its log is complete
        self.assertRegex(signer.log.read_text(), r'result=unsigned reason="the server refused the signature: 454 ')
        wait_until("empty queue of the sender", lambda: sender.postfix.queued() == 0)

    def test_the_server_knows_nothing_of_the_domain(self) -> None:
        domain = make_domain(self.workspace, "not-served.example")

        self.assertEqual(self.send_signed(domain, "DNS refused"), 454)
        self.assert_told("DNS refused", "temperror", "dns-error", domain.name)
