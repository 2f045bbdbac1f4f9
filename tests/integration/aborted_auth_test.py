"""AUTH that is aborted, broken or repeated at every step: neither this session nor anybody else's takes harm."""

import base64

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import UNTIED, TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient


class AbortedAuth(WorkspaceTestCase):
    """Two others from the same address watch each dialogue: one that has signed already, and one that will afterwards."""

    port = 25
    refused = "tecs=permerror"  # what a refused credential makes of the mail
    counted = True  # it is known which connection an attempt is of

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256")
        cls.long = make_domain(cls.workspace, "long.example", bits=4096)
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in (cls.domain, cls.long)})
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv4, 26, UNTIED)]).start()

    def setUp(self) -> None:
        self.before = SmtpClient(RECEIVER.ipv4, self.port)
        self.assertEqual(self.before.authenticate(self.before.credential(self.domain)), 235)
        self.after = SmtpClient(RECEIVER.ipv4, self.port)
        self.client = SmtpClient(RECEIVER.ipv4, self.port)
        for each in (self.before, self.after, self.client):
            self.addCleanup(each.close)

    def tearDown(self) -> None:
        self.assertEqual(self.after.authenticate(self.after.credential(self.long)), 235)
        for bystander, domain in ((self.before, self.domain), (self.after, self.long)):
            self.assert_mail_says(bystander, f"tecs=pass .* smtp.auth={domain.name}$")

    def assert_mail_says(self, client: SmtpClient, result: str) -> None:
        subject = f"{self.id()} {client.source}"
        client.deliver("somebody@receiver.example", subject)
        self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], result)

    def say(self, line: str, code: int) -> None:
        self.assertEqual(self.client.docmd(line)[0], code, line)

    def sign(self, code: int = 235) -> None:
        self.assertEqual(self.client.authenticate(self.client.credential(self.domain)), code)

    def test_cancelled_with_a_star(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("*", 501)
        self.assert_mail_says(self.client, "tecs=none")

    def test_cancelled_then_signed(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("*", 501)
        self.sign()
        self.assert_mail_says(self.client, "tecs=pass")

    def test_disconnected_after_the_challenge(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.client.close()

    def test_disconnected_without_waiting_for_the_reply(self) -> None:
        self.client.putcmd("AUTH", f"TECS-1 {self.client.credential(self.domain)}")
        self.client.close()

    def test_disconnected_in_the_middle_of_the_command(self) -> None:
        self.client.sock.sendall(b"AUTH TECS-1 YT1yc2Et")
        self.client.close()

    def test_reset_instead_of_a_response(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("RSET", 535)
        self.say("RSET", 250)
        self.sign()

    def test_challenge_answered_with_a_credential(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say(self.client.credential(self.long), 235)
        self.assert_mail_says(self.client, "smtp.auth=long.example")

    def test_no_base64_at_all(self) -> None:
        self.say("AUTH TECS-1 !!!!", 535)  # Postfix sees that itself and asks nobody
        self.assert_mail_says(self.client, "tecs=none")

    def test_base64_without_its_padding(self) -> None:
        self.say("AUTH TECS-1 YT1yc2E", 535)
        self.assert_mail_says(self.client, self.refused)

    def test_bad_base64_as_response(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("d=x; b=y\x01", 535)
        self.sign()

    def test_empty_initial_response(self) -> None:
        self.say("AUTH TECS-1 =", 535)
        self.sign()

    def test_empty_response(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("", 535)
        self.sign()

    def test_no_tag_list(self) -> None:
        self.say(f"AUTH TECS-1 {base64.b64encode(bytes(range(44))).decode()}", 535)
        self.sign()

    def test_line_longer_than_postfix_takes(self) -> None:
        self.say("AUTH TECS-1 " + "QUFB" * 700, 535)
        self.sign()

    def test_response_longer_than_a_credential_can_be(self) -> None:
        self.say("AUTH TECS-1", 334)
        self.say("QUFB" * 2500, 535)
        self.sign()

    def test_other_mechanism(self) -> None:
        self.say("AUTH PLAIN AGEAYg==", 535)
        self.sign()

    def test_second_auth_after_a_success(self) -> None:
        self.sign()
        self.sign(503)
        self.assert_mail_says(self.client, "smtp.auth=signed.example")

    def test_second_auth_after_a_failure(self) -> None:
        self.assertEqual(self.client.authenticate(self.after.credential(self.domain)[:-8] + "AAAAAA=="), 535)
        self.sign()
        self.assert_mail_says(self.client, "tecs=pass")

    def test_two_failures_then_signed(self) -> None:
        for _ in range(2):
            self.say("AUTH TECS-1 ZD14", 535)
        self.sign()
        self.assert_mail_says(self.client, "tecs=pass")

    def test_more_attempts_than_a_connection_has(self) -> None:
        for _ in range(10):
            self.say("AUTH TECS-1 ZD14", 535)
        self.sign(535 if self.counted else 235)
        self.assert_mail_says(self.client, self.refused if self.counted else "tecs=pass")

    def test_reset_after_a_success_does_not_undo_it(self) -> None:
        self.sign()
        self.say("RSET", 250)
        self.assert_mail_says(self.client, "tecs=pass")


class AbortedAuthWithUntiedDoors(AbortedAuth):
    port = 26
    counted = False  # it would count against the other two
    refused = "tecs=none"  # it may have been any of the three connections, and none is blamed for another's
