"""What the score stands for: a mark on the mail, and in mode enforce an answer to MAIL."""

import sqlite3
import ssl
import threading

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.mailbox import unfolded
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

GREYLIST = "greylist.sqlite"


class PolicyTestCase(WorkspaceTestCase):
    OPTIONS: list[str] = []

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        name_server = NameServer(cls.workspace)
        cls.wanted = make_domain(cls.workspace, "wanted.example")
        cls.unwanted = make_domain(cls.workspace, "unwanted.example")
        for domain in (cls.wanted, cls.unwanted):
            name_server.publish(domain.name, domain.record)
        reputation = cls.workspace.file("reputation", "unwanted.example bad\nwanted.example good\n")
        cls.greylist = cls.workspace.path / "tecs-milter" / GREYLIST
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, "--reputation", f"file:{reputation}",
                                "--greylist", f"sqlite:{cls.greylist}", *cls.OPTIONS)
        cls.receiver = cls.make_receiver().start()

    @classmethod
    def make_receiver(cls):
        tls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        return Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25, tls)])

    def client(self, domain: SigningDomain | None = None, source: str | None = None) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, 25, source)
        self.addCleanup(client.close)
        if domain:
            self.assertEqual(client.authenticate(client.credential(domain)), 235)
        return client

    def reply_to_mail(self, client: SmtpClient) -> tuple[int, str]:
        code, text = client.mail("sender@client.example")
        client.rset()
        return code, text.decode()

    def marks(self, client: SmtpClient, subject: str, header: str = "") -> list[str]:
        client.deliver("somebody@receiver.example", subject, header)
        return [unfolded(each) for each in self.receiver.arrived(subject).get_all("X-TECS", [])]


class Monitor(PolicyTestCase):
    """The default."""

    def test_marks_the_unsigned(self) -> None:
        self.assertEqual(self.marks(self.client(), "unsigned"),
                         ["score=0.5 action=none symbols=TECS_NONE mode=monitor"])

    def test_marks_the_good(self) -> None:
        self.assertEqual(self.marks(self.client(self.wanted), "good"),
                         ["score=-5.0 action=accept symbols=TECS_PASS,REP_GOOD mode=monitor"])

    def test_marks_the_bad_and_lets_them_through(self) -> None:
        client = self.client(self.unwanted)
        self.assertEqual(self.marks(client, "bad"), ["score=5.0 action=reject symbols=TECS_PASS,REP_BAD mode=monitor"])
        source = client.source
        client.quit()
        verdict = self.receiver.verdict_of(source)
        self.assertEqual([verdict[each] for each in ("score", "symbols", "action", "mode")],
                         [5.0, "TECS_PASS,REP_BAD", "reject", "monitor"])

    def test_forgets_what_was_said_before_tls(self) -> None:
        client = self.client(self.wanted)
        encrypted = ssl.create_default_context()
        encrypted.check_hostname, encrypted.verify_mode = False, ssl.CERT_NONE
        client._host = "mx.receiver.example"  # which smtplib knows only of a host that it connects to itself
        client.starttls(context=encrypted)
        client.ehlo()
        self.assertEqual(self.marks(client, "before TLS"), ["score=0.5 action=none symbols=TECS_NONE mode=monitor"])
        self.assertEqual(client.authenticate(client.credential(self.wanted)), 235)
        self.assertEqual(self.marks(client, "in TLS"),
                         ["score=-5.0 action=accept symbols=TECS_PASS,REP_GOOD mode=monitor"])

    def test_removes_the_marks_of_others(self) -> None:
        forged = "X-TECS: score=-100 action=accept\r\nX-Other: 1\r\nx-tecs: action=accept\r\nX-TECS:\r\n folded\r\n"
        self.assertEqual(self.marks(self.client(), "forged", forged),
                         ["score=0.5 action=none symbols=TECS_NONE mode=monitor"])
        self.assertEqual(self.receiver.arrived("forged")["X-Other"], "1")


class Enforce(PolicyTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.OPTIONS = ["--mode", "enforce", "--exempt-networks", str(cls.workspace.file("networks", f"{SENDER.ipv4}\n"))]
        super().set_up()

    def test_rejects_at_each_mail(self) -> None:
        client = self.client(self.unwanted)
        for _ in range(2):
            code, text = self.reply_to_mail(client)
            self.assertEqual(code, 550)
            self.assertEqual(
                text, "5.7.1 mail from connections signed by unwanted.example is not accepted here (reputation bad)")

    def test_lets_the_good_and_the_unsigned_through(self) -> None:
        self.assertEqual(self.reply_to_mail(self.client(self.wanted))[0], 250)
        self.assertEqual(self.marks(self.client(), "unsigned"),
                         ["score=0.5 action=none symbols=TECS_NONE mode=enforce"])

    def test_does_nothing_to_an_exempt_network(self) -> None:
        self.assertEqual(self.marks(self.client(self.unwanted, SENDER.ipv4), "exempt"),
                         ["score=5.0 action=none symbols=EXEMPT,TECS_PASS,REP_BAD mode=enforce"])

    def test_greylists_a_wrong_signature(self) -> None:
        client = self.client()
        elsewhere = self.wanted.sign(client.destination, "203.0.113.1:1025")
        self.assertEqual(client.authenticate(elsewhere), 535)
        code, text = self.reply_to_mail(client)
        self.assertEqual((code, text), (451, "4.7.1 your network is greylisted here, come again in 300 seconds or later"))


class Greylisting(PolicyTestCase):
    OPTIONS = ["--mode", "enforce", "--weight", "TECS_NONE=4", "--greylist-delay", "1s"]

    def code(self) -> int:
        return self.reply_to_mail(self.client())[0]

    def test_who_comes_again_is_let_through_also_after_a_restart(self) -> None:
        self.assertEqual(self.code(), 451)
        wait_until("250 after the delay", lambda: self.code() == 250)
        self.milter.stop()
        self.milter.start()
        self.assertEqual(self.code(), 250)


class LockedGreylist(PolicyTestCase):
    OPTIONS = ["--mode", "enforce", "--weight", "TECS_NONE=4"]

    def test_holds_up_no_mail(self) -> None:
        self.assertEqual(self.reply_to_mail(self.client())[0], 451)
        lock = sqlite3.connect(self.greylist)
        self.addCleanup(lock.close)
        lock.execute("BEGIN EXCLUSIVE")
        self.assertEqual(self.reply_to_mail(self.client())[0], 250)
        self.assertRegex(self.milter.log_tail(), r"greylist: .*locked; mail is let through")


class DelayTestCase(PolicyTestCase):
    LIMIT = 1

    @classmethod
    def set_up(cls) -> None:
        cls.OPTIONS = ["--mode", "enforce", "--weight", "TECS_NONE=2", "--delay-time", "25s",
                       "--delay-limit", str(cls.LIMIT)]
        super().set_up()

    def check_that_no_more_wait_than_may_and_a_stop_wakes_them(self) -> None:
        clients = [self.client() for _ in range(4)]
        answered: list[int] = []
        threads = [threading.Thread(target=lambda each=each: answered.append(each.mail("sender@client.example")[0]))
                   for each in clients]
        for thread in threads:
            thread.start()
        # When several events come at the same time, libmilter may wake one thread for all of them: whoever is not to be
        # delayed must not wait for one who is.
        wait_until(f"answer to all but {self.LIMIT}", lambda: len(answered) >= 4 - self.LIMIT)
        self.assertEqual(answered, [250] * (4 - self.LIMIT))

        # Those that wait would do so for more than half of their time still.
        self.milter.stop(seconds=10)

        for thread in threads:
            thread.join()
        self.assertEqual(answered, [250] * 4)


class OneDelay(DelayTestCase):
    def test_no_more_wait_than_may_and_a_stop_wakes_them(self) -> None:
        self.check_that_no_more_wait_than_may_and_a_stop_wakes_them()


class TwoDelays(DelayTestCase):
    LIMIT = 2

    def test_no_more_wait_than_may_and_a_stop_wakes_them(self) -> None:
        self.check_that_no_more_wait_than_may_and_a_stop_wakes_them()
