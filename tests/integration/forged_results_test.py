"""Authentication-Results fields that the sender wrote in our name are gone; all others stay, in their order."""

import email
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.daemons import TecsMilter
from tecs_testing.mailbox import unfolded
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient

FORGED = "Authentication-Results: mx.receiver.example; tecs=pass smtp.auth=bank.example"
FOREIGN = "Authentication-Results: mx.elsewhere.example; spf=pass smtp.mailfrom=bank.example"
NOT_QUITE_OURS = "Authentication-Results: mx.receiver.example.attacker.example; tecs=pass smtp.auth=bank.example"


@dataclass(frozen=True)
class Case:
    name: str
    fields: tuple[str, ...]
    survivors: tuple[str, ...] = ()


CASES = [
    Case("one", (FORGED,)),
    Case("several_in_a_row", (FORGED,) * 7),
    Case("interleaved", (FORGED, FOREIGN, FORGED, FORGED, NOT_QUITE_OURS, FORGED), (FOREIGN, NOT_QUITE_OURS)),
    Case("foreign_ones_only", (FOREIGN, NOT_QUITE_OURS, FOREIGN), (FOREIGN, NOT_QUITE_OURS, FOREIGN)),
    Case("between_other_fields", ("X-First: 1", FORGED, "X-Second: 2", FORGED, FORGED, "X-Third: 3", FORGED)),
    Case("field_name_in_other_case", (FORGED.replace("Authentication-Results", "AUTHENTICATION-results"),)),
    Case("authserv_id_in_other_case", (FORGED.replace("mx.receiver", "MX.Receiver"),)),
    Case("with_a_version", (FORGED.replace(".example;", ".example 1;"),)),
    Case("folded", (FORGED.replace(": ", ":\r\n\t"),)),
    Case("folded_with_much_space", (FORGED.replace(": ", ":\r\n \t \r\n   "),)),
    Case("no_space_at_all", (FORGED.replace(" mx", "mx"),)),
    Case("space_before_the_colon", (FORGED.replace(":", " :", 1),)),
    Case("comment_first", (FORGED.replace("mx.receiver", "(by our (own) host) mx.receiver"),)),
    Case("comment_with_a_quoted_parenthesis", (FORGED.replace("mx.receiver", r"(\)) mx.receiver"),)),
    Case("quoted", (FORGED.replace("mx.receiver.example", '"mx.receiver.example"'),)),
    Case("quoted_with_quoted_pairs", (FORGED.replace("mx.receiver.example", r'"mx\.receiver\.example"'),)),
    Case("no_results", ("Authentication-Results: mx.receiver.example; none",)),
    Case("authserv_id_only", ("Authentication-Results: mx.receiver.example",)),
]


@one_test_each(CASES, lambda case: case.name)
class ForgedResults(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        name_server = NameServer(cls.workspace)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()

    def check(self, case: Case) -> None:
        header = "".join(f"{each}\r\n" for each in case.fields)
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            client.deliver("somebody@receiver.example", case.name, header)

        message = self.receiver.arrived(case.name)

        fields = [unfolded(each) for each in message.get_all("Authentication-Results", [])]
        self.assertEqual(len([each for each in fields if "tecs=none" in each]), 1, fields)
        self.assertRegex(fields[0], r"^mx\.receiver\.example; tecs=none\b")
        self.assertEqual(fields[1:], [each.split(": ", 1)[1] for each in case.survivors])
        expected = email.message_from_string(header).keys()
        others = [each for each in expected if each.strip().lower() != "authentication-results"]
        self.assertEqual([each for each in message.keys() if each.startswith("X-") and each in expected], others)
        self.assertNotIn("bank.example", " ".join(
            value for name, value in message.items() if unfolded(value) not in fields[1:]))
