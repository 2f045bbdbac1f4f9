"""A stranger signs as a domain whose name is none, has its key published, and means to be printed: in a header field,
in a reply, in a log, on the screen of whoever reads the verdicts (as in OpenDMARC, CVE-2020-12272)."""

import base64
import re
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain, tecs
from tecs_testing.daemons import TecsMilter
from tecs_testing.lying_resolver import LyingResolver, Question, txt
from tecs_testing.mailbox import unfolded
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient

# What must be seen nowhere. The attacker's own domain is not among it, as that may be printed.
PREY = "bank.example"


@dataclass(frozen=True)
class Case:
    name: str
    domain: str
    reason: str = "bad-domain"


CASES = [
    Case("a_comment_that_opens", f"x({PREY}.attacker.example"),
    Case("a_comment", f"x({PREY}).attacker.example"),
    Case("a_second_property", f"x.example smtp.auth={PREY}"),
    Case("a_folded_line", f"x.example\r\n\tsmtp.auth={PREY}"),
    Case("a_tab", f"x.example\tsmtp.auth={PREY}"),
    Case("a_new_field", f"x.example\r\nAuthentication-Results: mx.receiver.example; tecs=pass smtp.auth={PREY}",
         "bad-credential"),
    Case("a_bare_line_feed", f"x.example\nX-Tecs: {PREY}", "bad-credential"),
    Case("an_end_of_text", f"{PREY}\0.attacker.example", "bad-credential"),
    Case("a_quotation", f'"{PREY}".attacker.example'),
    Case("a_quoted_pair", f"x\\.{PREY}"),
    Case("an_equals_sign", f"tecs=pass.{PREY}"),
    Case("an_underscore", f"_tecs.{PREY}"),
    Case("a_comma", f"x,{PREY}"),
    Case("a_mailbox", f"postmaster@{PREY}"),
    Case("a_path", f"../../{PREY}"),
    Case("a_format", f"%s%n.{PREY}"),
    Case("markup", f"<b>.{PREY}"),
    Case("a_query", f"x' or 'x'='x.{PREY}"),
    Case("letters_that_look_alike", f"b\u0430nk.{PREY}", "bad-credential"),
    Case("an_escape_sequence", f"\x1b[2J.{PREY}", "bad-credential"),
    Case("a_dot_at_the_end", f"{PREY}."),
    Case("an_empty_label", f"x..{PREY}"),
    Case("a_hyphen_first", f"-x.{PREY}"),
    Case("one_label", "bank"),
    Case("a_label_that_is_too_long", f"{'x' * 64}.{PREY}"),
    Case("a_name_that_is_too_long", f"{'x.' * 121}{PREY}"),
]


@one_test_each(CASES, lambda case: case.name)
class HostileNames(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.attacker = make_domain(cls.workspace, "attacker.example", algorithm="ed25519-sha256")
        text = "".join(cls.attacker.record.split('"')[1::2])
        resolver = LyingResolver(cls.workspace)

        def key(question: Question) -> list[bytes]:
            return [question.reply([txt(question.name, text)])]

        # Whatever name gets through is the attacker's, and passes.
        for name in [cls.attacker.name, *(case.domain.lower() for case in CASES)]:
            resolver.answers[name] = key
        cls.milter = TecsMilter(cls.workspace, resolver.endpoint)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()

    def connect(self) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, 25)
        self.addCleanup(client.close)
        return client

    def credential(self, client: SmtpClient, tag: str) -> str:
        """The attacker's own, with this in the place of d=, which is not signed."""
        own = base64.b64decode(client.credential(self.attacker)).decode()
        self.assertEqual(own.count(f"d={self.attacker.name}"), 1, own)
        return base64.b64encode(own.replace(f"d={self.attacker.name}", tag).encode()).decode()

    def refuse(self, tag: str, reason: str) -> None:
        client = self.connect()
        logged = len(self.milter.log.read_text(errors="strict"))
        code, reply = client.docmd("AUTH", f"TECS-1 {self.credential(client, tag)}")
        self.assertEqual(code, 535)
        self.assertNotIn(PREY, reply.decode("ascii"))
        source = client.source
        client.deliver("somebody@receiver.example", f"{self.id()} {source}")
        client.quit()
        message = self.receiver.arrived(f"{self.id()} {source}")
        self.assertEqual(tecs_results(message), [f"mx.receiver.example; tecs=permerror reason={reason}"])
        self.assertNotIn(PREY, unfolded(str(message)))
        verdict = self.receiver.verdict_of(source)
        self.assertEqual((verdict["result"], verdict["reason"], verdict["domain"]), ("permerror", reason, ""))
        self.assert_harmless(self.milter.log.read_text(errors="strict")[logged:])
        # A credential is evidence, and kept as it was sent, in base64.
        self.assert_harmless(self.shown(verdict))

    def shown(self, verdict: dict) -> str:
        """All of it, as it comes to a screen."""
        return tecs("verdicts", "show", verdict["id"], "--store", self.milter.verdicts.store)

    def assert_harmless(self, text: str) -> None:
        self.assertNotIn(PREY, text)
        self.assertNotRegex(text, r"[^\n\t -~]")

    def check(self, case: Case) -> None:
        self.refuse(f"d={case.domain}", case.reason)

    def test_a_selector_with_any_of_it(self) -> None:
        for odd in (f"({PREY}", f"x {PREY}", f"x\r\n\t{PREY}", f'"{PREY}"', f"_x.{PREY}", f"<b>.{PREY}", f"%n.{PREY}"):
            with self.subTest(odd):
                self.refuse(f"d={self.attacker.name}; s={odd}", "bad-selector")

    def test_a_greeting_is_printed_as_a_greeting_only(self) -> None:
        """Who the client says it is comes into the verdict, and into no field of ours."""
        client = self.connect()
        self.assertEqual(client.docmd("HELO", f"x(\x1b[2J;tecs=pass\tsmtp.auth={PREY}")[0], 250)
        source = client.source
        client.deliver("somebody@receiver.example", "an odd greeting")
        client.quit()
        message = self.receiver.arrived("an odd greeting")
        self.assertEqual(tecs_results(message), ["mx.receiver.example; tecs=none"])
        verdict = self.receiver.verdict_of(source)
        self.assertNotRegex(verdict["helo"], r"[^ -~]")
        self.assertNotRegex(self.shown(verdict), r"[^\n -~]")

    def test_the_attackers_own_name_passes(self) -> None:
        """Should this ever fail, the tests beside it prove nothing."""
        client = self.connect()
        self.assertEqual(client.authenticate(self.credential(client, f"d={self.attacker.name}")), 235)
        client.deliver("somebody@receiver.example", "the attacker's own name")
        client.quit()
        result = tecs_results(self.receiver.arrived("the attacker's own name"))
        self.assertEqual(len(result), 1)
        self.assertTrue(re.search(r"tecs=pass .*smtp\.auth=attacker\.example$", result[0]), result)
