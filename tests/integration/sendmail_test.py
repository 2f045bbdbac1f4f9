"""Mail from Postfix with tecs-signer to a real Sendmail, set up as docs/sendmail.md says."""

from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.receiver import tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.sendmail_receiver import SendmailReceiver
from tecs_testing.smtp_client import SmtpClient


@dataclass(frozen=True)
class Case:
    name: str
    result: str
    reason: str = ""
    family: str = "IPv4"
    algorithm: str = "rsa-sha256"
    bits: int = 2048
    record: str = "{own}"  # what stands in DNS; {own} and {other} are the records of the signer's key and of another one
    signed: bool = True

    @property
    def domain(self) -> str:
        return f"{self.name.replace('_', '-')}.example".lower()


CASES = [
    Case("rsa_over_IPv4", "pass"),
    Case("rsa_over_IPv6", "pass", family="IPv6"),
    Case("ed25519_over_IPv4", "pass", algorithm="ed25519-sha256", bits=256),
    Case("ed25519_over_IPv6", "pass", algorithm="ed25519-sha256", bits=256, family="IPv6"),
    Case("after_the_challenge", "pass", bits=4096),  # its credential does not fit into the AUTH command
    Case("unsigned", "none", signed=False),
    Case("wrong_key", "fail", "signature-mismatch", record="{other}"),
    Case("no_key", "permerror", "no-key", record=""),
]


class SendmailTestCase(WorkspaceTestCase):
    """A name server, and a receiver that the class sets up."""

    receiver: SendmailReceiver

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.name_server = NameServer(cls.workspace)
        cls.domain = make_domain(cls.workspace, "stranger.example", algorithm="ed25519-sha256")
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, cls.name_server.endpoint)

    def assert_told(self, subject: str, result: str, reason: str, domain: str) -> dict:
        """The mail arrived, and both its header and the verdict on its connection say this."""
        message = self.receiver.arrived(subject)
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["reason"]), (result, reason), self.receiver.explain())
        self.assertEqual(verdict["domain"], domain)
        self.assertEqual(verdict["messages"], 1)
        fields = tecs_results(message)
        self.assertEqual(len(fields), 1, fields)
        self.assertRegex(fields[0], rf"^mx\.receiver\.example; tecs={result}\b")
        return verdict


@one_test_each(CASES, lambda case: case.name)
class FromPostfix(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter).start()
        zones, routes, cls.signers = {}, [], {}
        for case in CASES:
            upstream = written(RECEIVER.address(case.family), 25)
            if not case.signed:
                routes.append(Route(f"somebody@{case.domain}", f"[{RECEIVER.ipv4}]:25"))
                continue
            own = make_domain(cls.workspace, case.domain, algorithm=case.algorithm, bits=case.bits, owner=signer_user())
            other = make_domain(cls.workspace, case.domain, file_name=f"{case.domain}-other")
            zones[case.domain] = case.record.format(own=own.record, other=other.record)
            cls.signers[case] = TecsSigner(cls.workspace, f"signer-{case.name}", own, upstream)
            routes.append(Route(f"somebody@{case.domain}", f"[127.0.0.1]:{cls.signers[case].port}"))
        cls.name_server.publish_all(zones)
        cls.sender = Sender(cls.workspace, routes).start()

    def check(self, case: Case) -> None:
        self.sender.send(f"somebody@{case.domain}", "somebody@receiver.example", subject=case.name)

        verdict = self.assert_told(case.name, case.result, case.reason, case.domain if case.signed else "")

        self.assertEqual(verdict["server"], written(RECEIVER.address(case.family), 25))
        if case.result == "pass":
            self.assertEqual((verdict["algorithm"], verdict["key_bits"]), (case.algorithm, case.bits))
        elif case.signed:
            self.assertRegex(self.signers[case].log.read_text(), r"the server refused the signature: 535 ")


class Relaying(SendmailTestCase):
    """A signature permits nobody to relay."""

    settings = ""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, cls.settings).start()

    def replies_to(self, *recipients: str) -> list[int]:
        """To RCPT, each recipient in turn, from a stranger who has signed."""
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as stranger:
            self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235, self.receiver.explain())
            self.assertEqual(stranger.mail("somebody@stranger.example")[0], 250)
            return [stranger.rcpt(each)[0] for each in recipients]

    def test_the_documented_configuration_relays_for_nobody(self) -> None:
        self.assertEqual(self.replies_to("victim@elsewhere.example", "somebody@receiver.example"), [550, 250])


class DoorAway(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter).start()

    def sign_and_deliver(self, subject: str) -> int:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            code = client.authenticate(client.credential(self.domain))
            client.deliver("somebody@receiver.example", subject)
        return code

    def test_mail_flows_while_tecs_milter_is_away(self) -> None:
        self.assertEqual(self.sign_and_deliver("before"), 235)
        self.assert_told("before", "pass", "", self.domain.name)

        self.milter.stop()
        self.assertEqual(self.sign_and_deliver("meanwhile"), 535)
        self.assertEqual(tecs_results(self.receiver.arrived("meanwhile")), [])
        self.assertTrue(self.receiver.sendmail.log.lines("TECS-1: tecs_socket: "))

        self.milter.start()
        self.assertEqual(self.sign_and_deliver("afterwards"), 235)
        self.assert_told("afterwards", "pass", "", self.domain.name)


class AbortedAuth(SendmailTestCase):
    """Whatever becomes of an AUTH, the session goes on and the next one is served."""

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter).start()

    def setUp(self) -> None:
        self.client = SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4)
        self.addCleanup(self.client.close)

    def say(self, line: str, code: int) -> None:
        self.assertEqual(self.client.docmd(line)[0], code, self.receiver.explain())

    def sign(self, client: SmtpClient | None = None) -> None:
        client = client or self.client
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235, self.receiver.explain())

    def tearDown(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as other:
            self.sign(other)

    def test_cancelled_with_a_star_then_signed(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("*", 501)
        self.sign()

    def test_disconnected_after_the_challenge(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.client.close()

    def test_challenge_answered_with_a_credential(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say(self.client.credential(self.domain), 235)
        self.client.deliver("somebody@receiver.example", "after the challenge")
        self.client.quit()
        self.assert_told("after the challenge", "pass", "", self.domain.name)

    def test_no_base64(self) -> None:
        self.say("AUTH TECS-1 !!!!", 501)
        self.sign()

    def test_no_tag_list(self) -> None:
        self.say("AUTH TECS-1 YWJj", 535)
        self.sign()

    def test_empty_initial_response(self) -> None:
        self.say("AUTH TECS-1 =", 535)
        self.sign()

    def test_empty_response(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("", 535)
        self.sign()

    def test_response_longer_than_a_credential_can_be(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("QUFB" * 2000, 535)
        self.sign()

    def test_reset_after_a_success_does_not_undo_it(self) -> None:
        self.sign()
        self.say("RSET", 250)
        self.client.deliver("somebody@receiver.example", "after RSET")
        self.client.quit()
        self.assert_told("after RSET", "pass", "", self.domain.name)


class WrongSaslConfiguration(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, sasl_settings="tecs_socket: /run/tecs/sasl\n").start()

    def test_mail_flows(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 535)
            client.deliver("somebody@receiver.example", "wrong configuration")
        self.assert_told("wrong configuration", "none", "", "")
        self.assertTrue(self.receiver.sendmail.log.lines("TECS-1: tecs_socket: a socket is written unix:/path"))


class NoSaslConfiguration(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.receiver = SendmailReceiver(cls.workspace, cls.milter, sasl_settings="pwcheck_method: saslauthd\n").start()

    def test_not_offered_and_mail_flows(self) -> None:
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            self.assertNotIn("TECS-1", client.esmtp_features.get("auth", ""))
            client.deliver("somebody@receiver.example", "not offered")
        self.assert_told("not offered", "none", "", "")
