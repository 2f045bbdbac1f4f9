"""What a stranger can do to a Sendmail that offers TECS-1: abort AUTH at every step, and not relay."""

import json

from tecs_testing.sendmail_receiver import SendmailTestCase
from tecs_testing.smtp_client import SmtpClient

ELSEWHERE, HERE = "victim@elsewhere.example", "somebody@receiver.example"


class AbortedAuth(SendmailTestCase):
    """Whatever becomes of an AUTH, the session goes on and the next one is served."""

    def setUp(self) -> None:
        self.client = self.connect()

    def say(self, line: str, code: int) -> None:
        self.assertEqual(self.client.docmd(line)[0], code, self.receiver.explain())

    def sign(self, client: SmtpClient | None = None) -> None:
        client = client or self.client
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235, self.receiver.explain())

    def tearDown(self) -> None:
        self.sign(self.connect())

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


class RelayTestCase(SendmailTestCase):
    def replies_to(self, *recipients: str) -> list[int]:
        """To RCPT, each recipient in turn, from a stranger who has signed."""
        with self.connect() as stranger:
            self.assertEqual(stranger.authenticate(stranger.credential(self.domain)), 235, self.receiver.explain())
            self.assertEqual(stranger.mail("somebody@stranger.example")[0], 250)
            return [stranger.rcpt(each)[0] for each in recipients]

    def check(self) -> tuple[int, list[str]]:
        """What `tecs check sendmail` ends with, and what it finds unsafe."""
        done = self.receiver.sendmail.run_tecs("check", "sendmail", "--json")
        self.assertTrue(done.stdout, done.stderr)
        findings = json.loads(done.stdout)["findings"]
        return done.returncode, [each["finding"] for each in findings if each["severity"] == "unsafe"]


class Documented(RelayTestCase):
    def test_nobody_may_relay(self) -> None:
        self.assertEqual(self.replies_to(ELSEWHERE, HERE), [550, 250])

    def test_the_check_finds_nothing_unsafe(self) -> None:
        self.assertEqual(self.check(), (0, []))


class Trusting(RelayTestCase):
    """What the document says that nobody must do."""

    trust = "TRUST_AUTH_MECH(`TECS-1')dnl\n"

    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver("--relay-guard", "no", settings=cls.trust)

    def test_everybody_may_relay(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        self.assertEqual(self.replies_to(ELSEWHERE), [250])

    def test_the_check_finds_it(self) -> None:
        code, unsafe = self.check()
        self.assertNotEqual(code, 0)
        self.assertTrue(unsafe)


class TrustingBehindTheGuard(RelayTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.set_up_receiver("--relay-guard", "yes", settings=Trusting.trust)

    def test_the_guard_refuses(self) -> None:
        self.assertEqual(self.replies_to(ELSEWHERE, HERE), [554, 250])
