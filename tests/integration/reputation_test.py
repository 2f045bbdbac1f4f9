"""What a domain is worth, asked of a file, of the store and of lists on a real name server, once its signature is right."""

import contextlib
import sqlite3
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, milter_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

TEXTS, LIST, ABANDONED = "texts.example.net", "list.example.net", "abandoned.example.net"
NOT_SERVED = "not-served.example.net"


@dataclass(frozen=True)
class Case:
    name: str
    domain: str
    reputation: str
    source: str  # as the verdict names it, for all but the file the one configured without its map


CASES = [
    Case("in_the_file", "good.example", "good", "file"),
    Case("organizational_domain_in_the_file", "mail.good.example", "good", "file"),
    Case("own_entry_before_the_organizational_domain", "medium.good.example", "medium", "file"),
    Case("file_before_list", "forgiven.example", "unknown", "file"),
    Case("in_the_store", "stored.example", "bad", "store"),
    Case("word_in_a_txt_record", "text.example", "medium", f"dns:{TEXTS}"),
    Case("organizational_domain_in_a_txt_record", "mail.text.example", "medium", f"dns:{TEXTS}"),
    Case("listed", "listed.example", "bad", f"dns:{LIST}"),
    Case("worst_of_two_listings", "twice.example", "bad", f"dns:{LIST}"),
    Case("listed_for_something_else", "other.example", "unknown", ""),
    Case("refusal_is_no_listing", "refused.example", "unknown", ""),
    Case("sold_name_is_no_listing", "sold.example", "unknown", ""),
    Case("nobody_knows", "new.example", "unknown", ""),
]


class ReputationTestCase(WorkspaceTestCase):
    """A receiver that asks all kinds of sources, and domains that sign."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.name_server = NameServer(cls.workspace)
        cls.domains = {case.domain: make_domain(cls.workspace, case.domain, algorithm="ed25519-sha256")
                       for case in CASES}
        cls.name_server.publish_all({name: domain.record for name, domain in cls.domains.items()} | {
            TEXTS: 'test TXT bad\ntext.example TXT medium\nforgiven.example TXT bad',
            LIST: ("test A 127.0.0.2\nlisted.example A 127.0.0.2\ntwice.example A 127.0.0.2\ntwice.example A 127.0.0.3\n"
                   "other.example A 127.0.0.99\nrefused.example A 127.255.255.254\nrefused.example A 127.0.0.2\n"
                   "sold.example A 192.0.2.80"),
            ABANDONED: "* A 127.0.0.2",  # lists the whole world, as a zone does that somebody else bought
        })
        file = cls.workspace.folder("lists", owner=milter_user()) / "reputation"
        file.write_text("# by hand\ngood.example good\nmedium.good.example medium\nforgiven.example unknown\n")
        cls.file = f"file:{file}"
        cls.milter = TecsMilter(
            cls.workspace, cls.name_server.endpoint, "--reputation", cls.file, "--reputation", "store",
            "--reputation", f"dns:{TEXTS}", "--reputation", f"dns:{NOT_SERVED}",
            "--reputation", f"dns:{ABANDONED}?127.0.0.2=bad",
            "--reputation", f"dns:{LIST}?127.0.0.2=bad,127.0.0.3=medium")
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()
        wait_until("warning of the list that lists everything",
                   lambda: f"dns:{ABANDONED}: it lists INVALID" in cls.milter.log.read_text())
        with contextlib.closing(sqlite3.connect(cls.milter.folder / "verdicts.sqlite")) as store, store:
            store.execute("INSERT INTO reputation (domain, state, reason, time) VALUES ('stored.example', 'bad', 'complaints', "
                          "'2026-01-01T00:00:00.000Z')")

    def verdict(self, domain: str, *options: object) -> dict:
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            client.authenticate(client.credential(self.domains[domain], *options))
        return self.receiver.verdict_of(source)


@one_test_each(CASES, lambda case: case.name)
class Reputation(ReputationTestCase):
    def check(self, case: Case) -> None:
        verdict = self.verdict(case.domain)
        self.assertEqual(verdict["result"], "pass", verdict["detail"])
        source = self.file if case.source == "file" else case.source
        self.assertEqual((verdict["reputation"], verdict["reputation_source"]), (case.reputation, source),
                         self.milter.log_tail())

    def test_nobody_is_asked_for_a_domain_that_did_not_sign(self) -> None:
        verdict = self.verdict("good.example", "--time", "1170806410")
        self.assertEqual((verdict["result"], verdict["reason"]), ("fail", "signature-mismatch"))
        self.assertEqual((verdict["reputation"], verdict["reputation_source"]), ("", ""))

    def test_list_without_an_answer_is_named_in_the_log_and_not_each_time(self) -> None:
        for _ in range(3):
            self.verdict("new.example")
            self.verdict("other.example")
        lines = [line for line in self.milter.log.read_text().splitlines()
                 if f"dns:{NOT_SERVED}: " in line and "counts as unknown" in line]
        self.assertIn(len(lines), (1, 2), lines)  # once a minute
        # On a busy machine the answer may have come too late for the one line.
        self.assertRegex(lines[0], "REFUSED|did not answer in time")


class WithoutAnyList(ReputationTestCase):
    """The name server knows the key no more, nor any list; the key is remembered."""

    def test_signature_passes_all_the_same(self) -> None:
        self.assertEqual(self.verdict("new.example")["result"], "pass")
        self.name_server.down()
        verdict = self.verdict("new.example")
        self.assertEqual((verdict["result"], verdict["reputation"]), ("pass", "unknown"), verdict["detail"])
