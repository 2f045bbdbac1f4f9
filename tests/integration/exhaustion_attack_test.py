"""Somebody takes all there is to be had: connections, exchanges that never end, keys as large as can be. Honest clients are
answered meanwhile, and rightly. Random domains with slow name servers have a test of their own (slow_name_servers_test)."""

import base64
import contextlib
import ctypes
import itertools
import json
import multiprocessing
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Iterator

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sasl_client import SaslClient
from tecs_testing.smtp_client import SmtpClient

ATTACKERS = 4
HONEST = 50  # verifications in a measurement
BOUND = 5.0  # seconds for each, however slow the build: what waits for an attacker waits for longer, or for ever
HALF_OPEN_AT_THE_DOOR = 900  # of the 1,000 that it has
HALF_OPEN_SESSIONS = 60
LARGEST_RSA_BITS = 4096
GIANT = "giant.example"
SERVER, CLIENT, ATTACKER = "192.0.2.25", "198.51.100.7", "203.0.113.66"


def forged(domain: str, octets: int) -> str:
    """A credential with a signature of that size, by nobody."""
    signature = base64.b64encode(b"\x01" * octets).decode()
    return base64.b64encode(f"a=rsa-sha256; d={domain}; b={signature}".encode()).decode()


def der(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def key_record(domain: str, bits: int) -> str:
    """The master-file line of an RSA key (RFC 8017 appendix A.1) that nobody has the other half of."""
    modulus = random.Random(domain).getrandbits(bits) | 1 << (bits - 1) | 1
    key = der(0x30, der(0x02, b"\0" + modulus.to_bytes(bits // 8, "big")) + bytes.fromhex("0203010001"))
    info = der(0x30, bytes.fromhex("300d06092a864886f70d0101010500") + der(0x03, b"\0" + key))
    text = f"k=rsa; p={base64.b64encode(info).decode()}"
    strings = " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250))
    return f"_domainkey.{domain}. 3600 IN TXT {strings}"


def ask_without_end(door: str, number: int, credential: str, asked: "ctypes.Array[ctypes.c_int]") -> None:
    """An attacker's process: wrong signatures as fast as they are answered, each as of another connection."""
    for turn in itertools.count():
        with SaslClient(door) as client:
            client.request(ATTACKER, 1024 + (turn * ATTACKERS + number) % 60000, SERVER, 25, credential)
        asked[number] += 1


class ExhaustionAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER)
        cls.domain = make_domain(cls.workspace, "honest.example")
        cls.largest = make_domain(cls.workspace, "largest.example", bits=LARGEST_RSA_BITS)
        name_server = NameServer(cls.workspace)
        name_server.publish_all({cls.domain.name: cls.domain.record, cls.largest.name: cls.largest.record,
                                 GIANT: key_record(GIANT, 2 * LARGEST_RSA_BITS)})
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
                                {"default_process_limit": str(2 * HALF_OPEN_SESSIONS)}).start()
        cls.ports = itertools.count(2000)

    def sign(self, domain: SigningDomain) -> list[tuple[int, str]]:
        def signed(port: int) -> tuple[int, str]:
            return port, domain.sign(written(SERVER, 25), written(CLIENT, port))

        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(signed, itertools.islice(self.ports, HONEST)))

    def verify_all(self, signed: list[tuple[int, str]]) -> float:
        """The 99th percentile of the seconds that honest clients wait; each on a connection of its own to the door."""
        times = []
        for port, response in signed:
            begin = time.monotonic()
            with SaslClient(self.milter.sasl_socket) as client:
                self.assertEqual(client.request(CLIENT, port, SERVER, 25, response), f"OK user=tecs:{self.domain.name}")
            times.append(time.monotonic() - begin)
        return sorted(times)[int(len(times) * 0.99) - 1]

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """What is inside happens between two measurements, the second of which it must not spoil."""
        quiet = self.verify_all(self.sign(self.domain))
        signed = self.sign(self.domain)
        yield
        attacked = self.verify_all(signed)
        print(json.dumps({"p99 in ms": {"quiet": round(quiet * 1000, 3), "attacked": round(attacked * 1000, 3)}}))
        self.assertLess(attacked, BOUND)

    def test_half_open_exchanges_at_the_door(self) -> None:
        with contextlib.ExitStack() as at_end, self.watched():
            for number in range(HALF_OPEN_AT_THE_DOOR):
                client = at_end.enter_context(SaslClient(self.milter.sasl_socket, process=10_000 + number))
                self.assertRegex(client.request(ATTACKER, 1024 + number, SERVER, 25, None), "^CONT ")

    def test_half_handshakes_at_the_door(self) -> None:
        with contextlib.ExitStack() as at_end, self.watched():
            for _ in range(HALF_OPEN_AT_THE_DOOR // 3):
                client = at_end.enter_context(SaslClient(self.milter.sasl_socket))
                client.send("AUTH\t1\tTECS-1\tservice=smtp")  # and no more of that line

    def test_half_open_auths_through_postfix(self) -> None:
        with contextlib.ExitStack() as at_end:
            for _ in range(HALF_OPEN_SESSIONS):
                client = at_end.enter_context(contextlib.closing(SmtpClient(RECEIVER.ipv4, 25)))
                self.assertEqual(client.docmd("AUTH", "TECS-1")[0], 334)
            begin = time.monotonic()
            with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as honest:
                self.assertEqual(honest.authenticate(honest.credential(self.domain)), 235)
                honest.deliver("somebody@receiver.example", "amid half-open AUTHs")
            self.assertLess(time.monotonic() - begin, 2 * BOUND)
        self.assertRegex(tecs_results(self.receiver.arrived("amid half-open AUTHs"))[0], "tecs=pass")

    def attack(self, credential: str) -> None:
        """Honest clients are watched while four attackers ask; how often they did is told."""
        asked = multiprocessing.RawArray("i", ATTACKERS)  # without a lock, which one that is killed would keep
        attackers = [multiprocessing.Process(target=ask_without_end, daemon=True,
                                             args=(self.milter.sasl_socket, number, credential, asked))
                     for number in range(ATTACKERS)]
        try:
            with self.watched():
                for attacker in attackers:
                    attacker.start()
        finally:
            for attacker in attackers:
                attacker.kill()
                attacker.join()
        self.assertGreater(sum(asked), HONEST // 4, "that was no attack")

    def test_wrong_signatures_by_the_largest_key_that_is_read(self) -> None:
        self.attack(forged(self.largest.name, LARGEST_RSA_BITS // 8))

    def test_signatures_by_a_key_that_is_too_large(self) -> None:
        with SaslClient(self.milter.sasl_socket) as client:
            self.assertIn("key-too-large", client.request(ATTACKER, 1024, SERVER, 25, forged(GIANT, 512)))
        self.attack(forged(GIANT, 512))
