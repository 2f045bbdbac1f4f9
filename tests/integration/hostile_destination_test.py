"""A server that senders connect to is hostile, and lies in its challenge: what tecs-signer signs for it is of no use anywhere
else."""

import base64
import contextlib
import json
import smtplib
import socket
import subprocess
import threading
import time

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain, program_path
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.workspace import Workspace

HOSTILE = Host("203.0.113.66", "2001:db8:113::66")
HOUR = 3600


class HostileServer:
    """Asks with the challenge that it was given last, and keeps the credential and both ends of that connection."""

    def __init__(self, workspace: Workspace):
        self.challenge = ""
        self.credential = ""
        self.client = ""
        self._listening = socket.create_server((HOSTILE.ipv4, 25))
        workspace.at_end(self._close)
        threading.Thread(target=self._listen, daemon=True).start()

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, (address, port) = self._listening.accept()
                self.client = written(address, port)
                with connection, contextlib.suppress(OSError):
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(b"220 hostile.example ESMTP\r\n")
        lines = connection.makefile("rb")
        for line in lines:
            verb = line.split()[0].upper()
            if verb == b"AUTH":
                connection.sendall(b"334 " + base64.b64encode(self.challenge.encode()) + b"\r\n")
                self.credential = lines.readline().strip().decode()
                connection.sendall(b"235 it is you\r\n")
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250-hostile.example\r\n250 AUTH TECS-1\r\n" if verb == b"EHLO" else b"250 ok\r\n")


class HostileDestination(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER, HOSTILE)
        cls.domain = make_domain(cls.workspace, "victim.example", owner=signer_user())
        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.server = HostileServer(cls.workspace)
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": written(HOSTILE.ipv4, 25), "domain": cls.domain.name, "key": str(cls.domain.key), "nat": "always",
            "tls": "none"})

    def obtain(self, challenge: str) -> str:
        """The credential that the signer gives when it is challenged so."""
        self.server.challenge, self.server.credential = challenge, ""
        with smtplib.SMTP("127.0.0.1", self.signer.port, "client.example", timeout=60) as client:
            client.ehlo()
        self.assertTrue(self.server.credential, self.signer.log_tail())
        return self.server.credential

    def result(self, destination: str, source: str, credential: str, at: float | None = None) -> str:
        """Of a verification by anybody, of a connection between these ends."""
        done = subprocess.run(
            [program_path("tecs"), "verify", "--destination", destination, "--source", source, "--base64", credential,
             "--resolver", self.name_server.endpoint, "--json", "--time", str(int(at or time.time()))],
            capture_output=True, text=True, check=False)
        return json.loads(done.stdout)["result"]

    def assert_worthless_at_the_receiver(self, attacker: SmtpClient, credential: str) -> None:
        source = attacker.source
        self.assertEqual(attacker.authenticate(credential), 535)
        attacker.quit()
        verdict = self.receiver.verdict_of(source)
        self.assertEqual([verdict[field] for field in ("result", "reason")], ["fail", "signature-mismatch"])

    def test_it_names_its_own_connection_to_another_server(self) -> None:
        attacker = SmtpClient(RECEIVER.ipv4, 25, HOSTILE.ipv4)
        self.addCleanup(attacker.close)
        credential = self.obtain(f"c={attacker.source}; t={int(time.time())}")
        # The signer believes what it is told of its own end, and nothing of the other one.
        self.assertEqual(self.result(written(HOSTILE.ipv4, 25), attacker.source, credential), "pass")
        self.assert_worthless_at_the_receiver(attacker, credential)

    def test_it_names_the_receiver(self) -> None:
        attacker = SmtpClient(RECEIVER.ipv4, 25, HOSTILE.ipv4)
        self.addCleanup(attacker.close)
        credential = self.obtain(f"c={attacker.source}; d={written(RECEIVER.ipv4, 25)}; t={int(time.time())}")
        self.assert_worthless_at_the_receiver(attacker, credential)

    def test_it_hands_on_the_receivers_own_challenge(self) -> None:
        """A relay of the dialogue: the receiver's words to the victim, the victim's to the receiver."""
        attacker = SmtpClient(RECEIVER.ipv4, 25, HOSTILE.ipv4)
        self.addCleanup(attacker.close)
        credential = self.obtain(attacker.challenge())
        source = attacker.source
        self.assertEqual(attacker.docmd(credential)[0], 535)
        attacker.quit()
        self.assertEqual(self.receiver.verdict_of(source)["reason"], "signature-mismatch")

    def test_it_asks_for_a_signature_of_later(self) -> None:
        for offset in (HOUR, -HOUR):
            with self.subTest(offset):
                now = time.time()
                credential = self.obtain(f"c={SENDER.ipv4}:40213; t={int(now) + offset}")
                ends = written(HOSTILE.ipv4, 25), f"{SENDER.ipv4}:40213"
                self.assertEqual(self.result(*ends, credential, now + offset), "fail")
                self.assertEqual(self.result(*ends, credential, now), "pass", "our own clock counts")

    def test_what_is_no_challenge_gives_a_signature_of_this_connection_only(self) -> None:
        for challenge in ("", "c=", "c=198.51.100.7:1; c=198.51.100.8:1; t=1", "c=[2001:db8::7]:40213; t=1170806410",
                          "x" * 600):
            with self.subTest(challenge[:40]):
                credential = self.obtain(challenge)
                self.assertEqual(self.result(written(HOSTILE.ipv4, 25), self.server.client, credential), "pass")
