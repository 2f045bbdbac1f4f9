"""Postfix with Cyrus SASL, set up as docs/postfix-cyrus.md says: smtpd chrooted, with the sockets inside, and not."""

import itertools
import re
from dataclasses import dataclass
from typing import Mapping

from tecs_testing import mounts
from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.cyrus import ChrootedSmtpService, configuration, install_plugin
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.document import shown_files
from tecs_testing.exchange_tests import ExchangeTests
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.told import ToldTestCase

DOCUMENT = "postfix-cyrus.md"
SASL_SETTINGS = "/etc/postfix/sasl/tecs.conf"
CHROOTED, NOT_CHROOTED, MISCONFIGURED, SUBMISSION = 25, 26, 27, 587  # by port


def documented_settings() -> dict[str, str]:
    """What the document gives the service of port 25, which is chrooted."""
    service = shown_files(DOCUMENT)["/etc/postfix/master.cf"]
    assert re.match(r"smtp +inet +n +- +y ", service)
    return dict(re.findall(r"^  -o (\w+)=(.*)$", service, re.MULTILINE))


class PostfixCyrusTestCase(WorkspaceTestCase, ToldTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        install_plugin(cls.workspace)
        cls.name_server = NameServer(cls.workspace)
        cls.domain = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, cls.name_server.endpoint)
        cls.receiver = Receiver(cls.workspace, cls.milter, cls.services())
        for name, text in (("tecs", shown_files(DOCUMENT)[SASL_SETTINGS]),
                           ("unchrooted", configuration(cls.milter.sasl_socket)),
                           ("misconfigured", configuration("/tecs/sasl")),
                           ("submission", "pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN TECS-1\n")):
            # Debian's Postfix looks below its own configuration.
            cls.workspace.file(f"receiver/etc/sasl/{name}.conf", text)
        mounts.bind(cls.workspace, cls.milter.folder, cls.receiver.postfix.folder / "queue/tecs")
        cls.receiver.start()

    @classmethod
    def services(cls) -> list[SmtpService]:
        shown = documented_settings()
        unchrooted = shown | {"smtpd_sasl_path": "unchrooted", "smtpd_milters": cls.milter.milter_socket}
        return [each for address in (RECEIVER.ipv4, RECEIVER.ipv6) for each in (
            ChrootedSmtpService(address, CHROOTED, shown),
            SmtpService(address, NOT_CHROOTED, unchrooted),
            ChrootedSmtpService(address, MISCONFIGURED, shown | {"smtpd_sasl_path": "misconfigured"}),
            ChrootedSmtpService(address, SUBMISSION, shown | {"smtpd_sasl_path": "submission"}))]

    def sign_and_deliver(self, subject: str, port: int = CHROOTED) -> int:
        with SmtpClient(RECEIVER.ipv4, port) as client:
            code = client.authenticate(client.credential(self.domain))
            client.deliver("somebody@receiver.example", subject)
        return code


@dataclass(frozen=True)
class Key:
    name: str
    result: str
    reason: str = ""
    algorithm: str = "rsa-sha256"
    bits: int = 2048
    record: str = "{own}"  # what stands in DNS; {own} and {other} are the records of the signer's key and of another one
    signed: bool = True


KEYS = [
    Key("rsa", "pass"),
    Key("ed25519", "pass", algorithm="ed25519-sha256", bits=256),
    Key("after_the_challenge", "pass", bits=4096),  # its credential does not fit into the AUTH command
    Key("unsigned", "none", signed=False),
    Key("wrong_key", "fail", "signature-mismatch", record="{other}"),
    Key("no_key", "permerror", "no-key", record=""),
]


@dataclass(frozen=True)
class Case:
    key: Key
    family: str
    port: int

    @property
    def name(self) -> str:
        return f"{self.key.name}_{self.family}_{'chrooted' if self.port == CHROOTED else 'not_chrooted'}"

    @property
    def sender(self) -> str:
        return f"{self.name}@{self.key.name.replace('_', '-')}.example".lower()


CASES = [Case(*each) for each in itertools.product(KEYS, ("IPv4", "IPv6"), (CHROOTED, NOT_CHROOTED))]


@one_test_each(CASES, lambda case: case.name)
class FromPostfix(PostfixCyrusTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        zones: dict[str, str] = {}
        routes = []
        signers: Mapping[Case, TecsSigner] = {}
        for key, cases in itertools.groupby(CASES, lambda case: case.key):
            domain = f"{key.name.replace('_', '-')}.example"
            own = make_domain(cls.workspace, domain, algorithm=key.algorithm, bits=key.bits, owner=signer_user())
            other = make_domain(cls.workspace, domain, file_name=f"{domain}-other")
            zones[domain] = key.record.format(own=own.record, other=other.record)
            for case in cases:
                address = RECEIVER.address(case.family)
                if key.signed:
                    signer = TecsSigner(cls.workspace, f"signer-{case.name}", own, written(address, case.port))
                    routes.append(Route(case.sender, f"[127.0.0.1]:{signer.port}"))
                else:
                    host = f"ipv6:{address}" if case.family == "IPv6" else address
                    routes.append(Route(case.sender, f"[{host}]:{case.port}"))
        cls.name_server.publish_all(zones)
        cls.sender = Sender(cls.workspace, routes).start()

    def check(self, case: Case) -> None:
        self.sender.send(case.sender, "somebody@receiver.example", subject=case.name)

        domain = f"{case.key.name.replace('_', '-')}.example" if case.key.signed else ""
        verdict = self.assert_told(case.name, case.key.result, case.key.reason, domain)
        self.assertEqual(verdict["server"], written(RECEIVER.address(case.family), case.port))
        if case.key.result == "pass":
            self.assertEqual((verdict["algorithm"], verdict["key_bits"]), (case.key.algorithm, case.key.bits))


class RepliesToTheClient(ExchangeTests, PostfixCyrusTestCase):
    def test_signed(self) -> None:
        self.assertEqual(self.sign_and_deliver("signed"), 235)
        self.assert_told("signed", "pass", "", self.domain.name)

    def test_signature_of_another_connection(self) -> None:
        with SmtpClient(RECEIVER.ipv4, CHROOTED) as other, SmtpClient(RECEIVER.ipv4, CHROOTED) as client:
            self.assertEqual(client.authenticate(other.credential(self.domain)), 535)
            client.deliver("somebody@receiver.example", "of another")
        self.assert_told("of another", "fail", "signature-mismatch", self.domain.name)

    def test_dns_is_away(self) -> None:
        domain = make_domain(self.workspace, "dns-down.example", algorithm="ed25519-sha256")
        self.name_server.down()
        try:
            with SmtpClient(RECEIVER.ipv4, CHROOTED) as client:
                self.assertEqual(client.authenticate(client.credential(domain)), 454)
                client.deliver("somebody@receiver.example", "DNS down")
        finally:
            self.name_server.up()
        self.assert_told("DNS down", "temperror", "dns-error", domain.name)

    def test_tecs_milter_is_away(self) -> None:
        self.milter.stop()
        try:
            self.assertEqual(self.sign_and_deliver("door away"), 454)
            self.assertEqual(tecs_results(self.receiver.arrived("door away")), [])
        finally:
            self.milter.start()
        self.assertEqual(self.sign_and_deliver("door back"), 235)

    def test_wrong_socket_in_the_configuration(self) -> None:
        self.assertEqual(self.sign_and_deliver("wrong socket", MISCONFIGURED), 454)
        self.assert_told("wrong socket", "none", "", "")
        self.assertTrue(self.receiver.postfix.log_lines("TECS-1: tecs_socket: a socket is written unix:/path"))

    def test_not_offered_where_people_log_in(self) -> None:
        with SmtpClient(RECEIVER.ipv4, SUBMISSION) as client:
            self.assertEqual(sorted(client.esmtp_features["auth"].split()), ["LOGIN", "PLAIN"])
            self.assertEqual(client.authenticate(client.credential(self.domain)), 535)

    def test_cancelled_then_signed(self) -> None:
        with SmtpClient(RECEIVER.ipv4, CHROOTED) as client:
            self.assertEqual(client.docmd("AUTH", "TECS-1")[0], 334)
            self.assertEqual(client.docmd("*")[0], 501)
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)

    def test_disconnected_after_the_challenge(self) -> None:
        client = SmtpClient(RECEIVER.ipv4, CHROOTED)
        self.assertEqual(client.docmd("AUTH", "TECS-1")[0], 334)
        client.close()
        self.assertEqual(self.sign_and_deliver("after a disconnect"), 235)

    def test_responses_that_are_none(self) -> None:
        for line, code in (("TECS-1 !!!!", 535), ("TECS-1 YWJj", 535), ("TECS-1 " + "QUFB" * 700, 535)):
            with SmtpClient(RECEIVER.ipv4, CHROOTED) as client:
                self.assertEqual(client.docmd("AUTH", line)[0], code, line[:20])
                self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
