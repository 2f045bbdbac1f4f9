"""A signature is shown as something that it is not: another domain's, or DKIM's of the same key."""

import base64
import re
import smtplib

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.dkim_message import FROM, dkim_signature, message
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.opendkim import VerifyingOpenDkim
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient

SELECTOR = "both"  # DKIM and TECS-1 find one key at one name


def altered(credential: str, pattern: str, to: str) -> str:
    """Another tag in place of one in a credential."""
    text, count = re.subn(pattern, to, base64.b64decode(credential).decode())
    assert count == 1, text
    return base64.b64encode(text.encode()).decode()


def signature_of(credential: str) -> str:
    found = re.search(r"\bb=([A-Za-z0-9+/=]+)", base64.b64decode(credential).decode())
    assert found
    return found[1]


class SubstitutionAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.victim = make_domain(cls.workspace, "victim.example", selector=SELECTOR)
        cls.attacker = make_domain(cls.workspace, "attacker.example", selector=SELECTOR)
        record = cls.victim.record.partition("TXT")[2]
        thief = f"{SELECTOR}._domainkey.thief.example. 3600 IN TXT{record}"
        name_server = NameServer(cls.workspace, port=53)
        name_server.publish_all({cls.victim.name: cls.victim.record, cls.attacker.name: cls.attacker.record,
                                 "thief.example": thief})
        opendkim = VerifyingOpenDkim(cls.workspace, "127.0.0.1")
        cls.receiver = Receiver(
            cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
            [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv4, 26, {"smtpd_milters": opendkim.socket})]).start()

    def connect(self, port: int = 25) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, port)
        self.addCleanup(client.close)
        return client

    def result_of(self, client: SmtpClient, credential: str) -> tuple[int, str, str, str]:
        code = client.authenticate(credential)
        source = client.source
        client.quit()
        verdict = self.receiver.verdict_of(source)
        return code, verdict["result"], verdict["reason"], verdict["domain"]

    def test_another_domain_with_a_key_of_its_own(self) -> None:
        client = self.connect()
        stolen = altered(client.credential(self.victim), r"\bd=victim", "d=attacker")
        self.assertEqual(self.result_of(client, stolen), (535, "fail", "signature-mismatch", "attacker.example"))

    def test_a_domain_that_publishes_the_victims_key_answers_for_itself_only(self) -> None:
        """Whose name is in d= is not signed (security.md): who publishes another's key can be named in place of it, by the
        sender's own signature. What must not be is the reverse: that this makes the victim answer."""
        client = self.connect()
        stolen = altered(client.credential(self.victim), r"\bd=victim", "d=thief")
        self.assertEqual(self.result_of(client, stolen), (235, "pass", "", "thief.example"))
        client = self.connect()
        reverse = altered(client.credential(self.attacker), r"\bd=attacker", "d=victim")
        self.assertEqual(self.result_of(client, reverse), (535, "fail", "signature-mismatch", "victim.example"))

    def test_another_selector(self) -> None:
        client = self.connect()
        stolen = altered(client.credential(self.victim), rf"\bs={SELECTOR}", "s=other")
        self.assertEqual(self.result_of(client, stolen), (535, "permerror", "no-key", "victim.example"))

    def test_another_algorithm(self) -> None:
        client = self.connect()
        stolen = altered(client.credential(self.victim), r"\ba=rsa-sha256", "a=ed25519-sha256")
        code, result, _, domain = self.result_of(client, stolen)
        self.assertEqual((code, domain), (535, "victim.example"))
        self.assertNotEqual(result, "pass")

    def send_with_dkim(self, domain: SigningDomain, signature: str, subject: str) -> int:
        client = self.connect(26)
        try:
            client.sendmail(FROM % domain.name, ["somebody@receiver.example"],
                            message(domain.name, SELECTOR, signature, subject))
        except smtplib.SMTPDataError as refusal:
            return refusal.smtp_code
        return 250

    def test_a_dkim_signature_is_no_credential(self) -> None:
        signature = dkim_signature(self.victim.key, self.victim.name, SELECTOR)
        self.assertEqual(self.send_with_dkim(self.victim, signature, "a good DKIM signature"), 250)
        client = self.connect()
        offered = altered(client.credential(self.victim), r"\bb=[A-Za-z0-9+/=]+", f"b={signature}")
        self.assertEqual(self.result_of(client, offered), (535, "fail", "signature-mismatch", "victim.example"))

    def test_a_credential_is_no_dkim_signature(self) -> None:
        client = self.connect()
        credential = client.credential(self.victim)
        self.assertEqual(client.authenticate(credential), 235)
        self.assertGreaterEqual(self.send_with_dkim(self.victim, signature_of(credential), "no DKIM signature"), 400)
