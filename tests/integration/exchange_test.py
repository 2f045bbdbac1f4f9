"""What an exchange is besides a signature: the challenge, replay, STARTTLS in between, a server that the world sees
elsewhere, and the SASL door without the milter."""

import base64
import re
import ssl

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import UNTIED, TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sasl_client import SaslClient
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

TIED, WITHOUT_TIE = 25, 26
WORLD = "203.0.113.25"  # where the world sees the receiver


class Exchange(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.domain = make_domain(cls.workspace, "signed.example")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint,
                                "--public-address", f"{RECEIVER.ipv4}={WORLD}",
                                "--public-address", f"{RECEIVER.ipv4}:{TIED}={WORLD}:2525")
        cls.receiver = Receiver(
            cls.workspace, cls.milter,
            [SmtpService(RECEIVER.ipv4, TIED), SmtpService(RECEIVER.ipv4, WITHOUT_TIE, UNTIED)],
            make_certificate(cls.workspace, "mx.receiver.example").settings()).start()

    def connect(self, port: int = TIED) -> SmtpClient:
        client = SmtpClient(RECEIVER.ipv4, port, SENDER.ipv4)
        self.addCleanup(client.close)
        return client

    def verdict_of(self, client: str) -> dict:
        return wait_until(f"verdict on {client}", lambda: self.milter.verdicts.of_client(client))

    def test_challenge_tells_the_client_where_it_is_seen(self) -> None:
        for _ in range(3):
            self.connect()  # others from the same address
        client = self.connect()
        told = re.fullmatch(r"c=(\S+); t=(\d+)", client.challenge())
        self.assertTrue(told)
        self.assertEqual(told[1], client.source)
        signed = self.domain.sign(client.destination, told[1], "--time", told[2])
        self.assertEqual(client.docmd(signed)[0], 235)

    def test_challenge_is_empty_when_it_may_be_one_of_several(self) -> None:
        first, second = self.connect(WITHOUT_TIE), self.connect(WITHOUT_TIE)
        self.assertEqual(second.challenge(), "")
        self.assertEqual(second.docmd(second.credential(self.domain))[0], 235)
        self.assertEqual(first.authenticate(first.credential(self.domain)), 235)

    def test_the_same_credential_before_and_after_starttls_is_no_replay(self) -> None:
        client = self.connect()
        credential = client.credential(self.domain)
        self.assertEqual(client.authenticate(credential), 235)
        encrypted = ssl.create_default_context()
        encrypted.check_hostname, encrypted.verify_mode = False, ssl.CERT_NONE
        client._host = "mx.receiver.example"  # which smtplib knows only of a host that it connects to itself
        client.starttls(context=encrypted)
        client.ehlo()
        self.assertEqual(client.authenticate(credential), 235)
        source = client.source
        client.quit()
        self.assertEqual(self.verdict_of(source)["result"], "pass")

    def test_the_end_that_was_signed_is_the_servers(self) -> None:
        for world in (written(WORLD, TIED), written(WORLD, 2525), written(RECEIVER.ipv4, TIED)):
            with self.subTest(world):
                client = self.connect()
                self.assertEqual(client.authenticate(self.domain.sign(world, client.source)), 235)
                source = client.source
                client.quit()
                verdict = self.verdict_of(source)
                self.assertEqual((verdict["result"], verdict["server"]), ("pass", world))

    def test_any_other_end_is_not(self) -> None:
        client = self.connect(WITHOUT_TIE)
        self.assertEqual(client.authenticate(self.domain.sign(written(WORLD, 2525), client.source)), 535)

    def test_door_alone_verifies_what_names_both_ends(self) -> None:
        with SaslClient(self.milter.sasl_socket) as door:
            signed = self.domain.sign(written(RECEIVER.ipv4, 25), "192.0.2.77:40001")
            challenge = door.request("192.0.2.77", 40001, RECEIVER.ipv4, 25, None)
            self.assertRegex(base64.b64decode(challenge.removeprefix("CONT ")).decode(), r"^c=192\.0\.2\.77:40001; t=\d+$")
            self.assertEqual(door.respond(signed), "OK user=tecs:signed.example")
        verdict = self.verdict_of("192.0.2.77:40001")
        self.assertEqual((verdict["result"], verdict["server"]), ("pass", written(RECEIVER.ipv4, 25)))

    def test_signature_is_good_for_one_connection(self) -> None:
        signed = self.domain.sign(written(RECEIVER.ipv4, 25), "192.0.2.77:40002")
        answers = []
        for _ in range(2):
            with SaslClient(self.milter.sasl_socket) as door:
                answers.append(door.request("192.0.2.77", 40002, RECEIVER.ipv4, 25, signed))
        self.assertEqual(answers[0], "OK user=tecs:signed.example")
        self.assertRegex(answers[1], "^FAIL reason=replay: ")

        def results() -> list[str]:
            return sorted(each["result"] for each in self.milter.verdicts.all() if each["client"] == "192.0.2.77:40002")

        wait_until("verdict on each", lambda: results() == ["fail", "pass"])
