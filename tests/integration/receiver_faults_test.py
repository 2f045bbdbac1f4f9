"""What tecs-milter stands on breaks, or it breaks itself: the mail arrives all the same, and afterwards all is well."""

import contextlib
import pathlib
import sqlite3
import subprocess

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

RECIPIENT = "somebody@receiver.example"
MESSAGE = b"Subject: %s\r\nFrom: sender@client.example\r\n\r\nHello.\r\n.\r\n"


class ReceiverFaults(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        # A disk of their own for the verdicts, which can be filled.
        folder = cls.workspace.folder("tecs-milter")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "verdicts", folder], check=True)
        cls.workspace.at_end(lambda: subprocess.run(["umount", "-l", folder], check=True))
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, activated=True)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
                                make_certificate(cls.workspace, "mx.receiver.example").settings()).start()

    def client(self) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, 25)
        self.addCleanup(client.close)
        return client

    def signed(self) -> SmtpClient:
        client = self.client()
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        return client

    def assert_all_is_well(self) -> None:
        with self.signed() as client:
            source = client.source
            client.deliver(RECIPIENT, f"afterwards {source}")
        message = self.receiver.arrived(f"afterwards {source}")
        self.assertRegex(tecs_results(message)[0], "tecs=pass")
        self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def restart(self) -> None:
        """As after a crash: what it leaves behind has to be brought in order first."""
        self.milter.kill()
        self.milter.start()

    def complaints(self, cause: str = "") -> int:
        lines = self.milter.log.read_text(errors="backslashreplace").splitlines()
        return sum("cannot be written and are kept" in line and cause in line for line in lines)

    def fill_disk(self) -> pathlib.Path:
        filler = self.milter.folder / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return filler

    # Each step of a message, and what the client still has to say after it.
    STEPS = ["connect", "AUTH", "MAIL", "RCPT", "DATA", "end of message"]

    def say(self, client: SmtpClient, step: str, subject: str) -> None:
        if step == "AUTH":
            self.assertIn(client.authenticate(client.credential(self.domain)), (235, 454), step)
            return
        lines = {"MAIL": ("MAIL FROM:<sender@client.example>", 250), "RCPT": (f"RCPT TO:<{RECIPIENT}>", 250),
                 "DATA": ("DATA", 354)}
        if step in lines:
            line, code = lines[step]
            self.assertEqual(client.docmd(line)[0], code, step)
        if step == "end of message":
            client.send(MESSAGE % subject.encode())
            self.assertEqual(client.getreply()[0], 250, step)

    def test_killed_at_every_step_of_a_message(self) -> None:
        for number, last in enumerate(self.STEPS):
            with self.subTest(killed_after=last):
                subject = f"killed after {last}"
                client = self.client()
                for step in self.STEPS[1 : number + 1]:
                    self.say(client, step, subject)
                self.milter.kill()
                self.milter.start()
                for step in self.STEPS[number + 1 :]:
                    self.say(client, step, subject)
                self.assertEqual(client.quit()[0], 221)
                self.receiver.arrived(subject)
                self.assert_all_is_well()

    def test_store_is_locked(self) -> None:
        store = self.milter.verdicts.store.removeprefix("sqlite:")
        for kind in ("while it runs", "before it starts"):
            self.restart()  # what complained a moment ago complains no more for a minute
            self.assert_all_is_well()
            complaints_before = self.complaints()
            with self.subTest(kind), contextlib.closing(sqlite3.connect(store, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                if kind == "before it starts":
                    self.restart()
                subject = f"store is locked {kind}"
                with self.signed() as client:
                    source = client.source
                    client.deliver(RECIPIENT, subject)
                self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], "tecs=pass")
                wait_until("complaint", lambda: self.complaints() > complaints_before)
                other.execute("ROLLBACK")
                self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def test_disk_of_the_store_is_full(self) -> None:
        for kind in ("while it runs", "before it starts"):
            with self.subTest(kind):
                self.restart()
                self.assert_all_is_well()
                complaints_before = self.complaints("disk is full")
                filler = self.fill_disk()
                if kind == "before it starts":
                    self.restart()
                sources = []
                for number in range(12):  # more than what SQLite has reserved already
                    with self.signed() as client:
                        sources.append(client.source)
                        client.deliver(RECIPIENT, f"disk is full {kind} {number}")
                self.receiver.arrived(f"disk is full {kind} 11")
                wait_until("complaint", lambda: self.complaints("disk is full") > complaints_before)
                filler.unlink()
                # The writer tries again after 30 s at the latest.
                wait_until("the last verdict", lambda: self.milter.verdicts.of_client(sources[-1]), 60)
                for source in sources:
                    self.assertEqual(self.receiver.verdict_of(source)["result"], "pass")

    def test_starttls_between_two_auths(self) -> None:
        client = self.client()
        self.assertEqual(client.docmd("AUTH", "TECS-1 ZD14")[0], 535)
        client.start_tls()
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        source = client.source
        client.deliver(RECIPIENT, "STARTTLS between two AUTHs")  # Postfix tells a milter of TLS at MAIL
        client.quit()
        verdict = self.receiver.verdict_of(source)
        self.assertEqual((verdict["result"], verdict["tls"]), ("pass", "TLSv1.3"))

    def test_starttls_after_the_challenge(self) -> None:
        client = self.client()
        self.assertEqual(client.docmd("AUTH", "TECS-1")[0], 334)
        self.assertEqual(client.docmd("STARTTLS")[0], 535)  # a response, and no credential
        client.start_tls()
        self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
        self.assertEqual(client.quit()[0], 221)
