"""What the score stands for on a real Sendmail: a mark on the mail, and in mode enforce an answer to MAIL."""

import policy_test
from tecs_testing.sendmail_receiver import SendmailReceiver
from tecs_testing.waiting import wait_until


class SendmailPolicyTestCase(policy_test.PolicyTestCase):
    @classmethod
    def make_receiver(cls):
        return SendmailReceiver(cls.workspace, cls.milter)


class Monitor(SendmailPolicyTestCase):
    def test_marks_by_reputation_and_lets_all_through(self) -> None:
        for domain, want in (
            (self.wanted, "score=-5.0 action=accept symbols=TECS_PASS,REP_GOOD mode=monitor"),
            (self.unwanted, "score=5.0 action=reject symbols=TECS_PASS,REP_BAD mode=monitor"),
            (None, "score=0.5 action=none symbols=TECS_NONE mode=monitor"),
        ):
            with self.subTest(want):
                client = self.client(domain)
                source = client.source
                forged = "X-TECS: score=-99 action=accept symbols=TECS_PASS\r\n"
                self.assertEqual(self.marks(client, f"{self.id()} {source}", forged), [want])
                client.quit()
                verdict = self.receiver.verdict_of(source)
                self.assertIn(f"symbols={verdict['symbols']} mode={verdict['mode']}", want)


class Enforce(SendmailPolicyTestCase):
    OPTIONS = ["--mode", "enforce", "--weight", "TECS_NONE=4", "--greylist-delay", "1s"]

    def test_rejects_a_bad_reputation(self) -> None:
        code, text = self.reply_to_mail(self.client(self.unwanted))
        self.assertEqual(code, 550, text)
        self.assertIn("unwanted.example", text)

    def test_takes_a_good_one(self) -> None:
        self.assertEqual(self.reply_to_mail(self.client(self.wanted))[0], 250)

    def test_greylists_the_unsigned_until_they_come_again(self) -> None:
        self.assertEqual(self.reply_to_mail(self.client())[0], 451)
        wait_until("the end of greylisting", lambda: self.reply_to_mail(self.client())[0] == 250)
