"""Thousands of clients leave amid AUTH, at every point of it, as fast as Postfix takes them. Honest clients are answered
meanwhile, and rightly, and nothing of the others stays behind."""

import ctypes
import itertools
import json
import math
import multiprocessing
import os
import re
import socket
import struct
import time
import urllib.request
from typing import Callable

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses
from tecs_testing.ports import free_port
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

ATTACKER = Host("203.0.113.66", "2001:db8:113::66")
ATTACKERS = 4
HALF_OPEN = 2000
HONEST = 40
BOUND = 20.0  # seconds, however slow the build: who waits for an attacker waits for longer, or for ever
# What is said after EHLO, and whether a reply to it is waited for.
WAYS: list[tuple[bytes, bool]] = [
    (b"AUTH TECS-1\r\n", True),
    (b"AUTH TECS-1\r\n", False),
    (b"AUTH TECS-1 YT1yc2Et", False),
    (b"AUTH TECS-1\r\nYT1yc2Et", True),
    (b"AUTH TECS-1 =\r\n", False),
    (b"AUTH TECS-1 !!!!\r\n", False),
]


def leave_amid_auth(number: int) -> None:
    said, waits = WAYS[number % len(WAYS)]
    with socket.create_connection((RECEIVER.ipv4, 25), 60, source_address=(ATTACKER.ipv4, 0)) as client:
        replies = client.makefile("rb")
        replies.readline()
        client.sendall(b"EHLO attacker.example\r\n")
        while replies.readline()[3:4] == b"-":
            pass
        client.sendall(said)
        if waits:
            replies.readline()
        replies.close()
        if number % 2:  # with a reset in place of an end
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def attack_without_end(attacker: int, left: "ctypes.Array[ctypes.c_int]") -> None:
    for number in itertools.count():
        leave_amid_auth(number)
        left[attacker] += 1


class HalfOpenAuthAttack(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, SENDER, ATTACKER)
        cls.domain = make_domain(cls.workspace, "honest.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        cls.metrics = f"127.0.0.1:{free_port()}"
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint, "--metrics-address", cls.metrics)
        # An smtpd that has nothing to do keeps its connection to the SASL door, and is to end soon.
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)], {"max_idle": "1s"}).start()

    def sign_and_send(self, subject: str) -> float:
        """How long an honest client takes from its connection to the end of its mail, without the time to sign."""
        begin = time.monotonic()
        with SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4) as client:
            signing = time.monotonic()
            credential = client.credential(self.domain)
            begin += time.monotonic() - signing
            self.assertEqual(client.authenticate(credential), 235)
            client.deliver("somebody@receiver.example", subject)
        return time.monotonic() - begin

    def measure(self, name: str, enough: Callable[[], bool] = lambda: True) -> float:
        """The 99th percentile of so many clients or more."""
        times: list[float] = []
        while len(times) < HONEST or not enough():
            times.append(self.sign_and_send(f"{name} {len(times)}"))
        for number in range(len(times)):
            results = tecs_results(self.receiver.arrived(f"{name} {number}"))
            self.assertRegex(results[0], "tecs=pass .*smtp.auth=honest.example$")
        return sorted(times)[math.ceil(len(times) * 0.99) - 1]

    def test_honest_mail_amid_thousands_that_leave(self) -> None:
        quiet = self.measure("quiet")
        descriptors = self.descriptors()
        left = multiprocessing.RawArray("i", ATTACKERS)  # without a lock, which one that is killed would keep
        attackers = [multiprocessing.Process(target=attack_without_end, args=(number, left), daemon=True)
                     for number in range(ATTACKERS)]
        try:
            for each in attackers:
                each.start()
            attacked = self.measure("attacked", lambda: sum(left) >= HALF_OPEN or not attackers[0].is_alive())
            self.assertTrue(all(each.is_alive() for each in attackers), "an attacker met an error; it stands above")
        finally:
            for each in attackers:
                each.kill()
                each.join()
        print(json.dumps({"p99 in ms": {"quiet": round(quiet * 1000), "attacked": round(attacked * 1000)},
                          "clients that left": sum(left)}))
        self.assertLess(attacked, BOUND)
        wait_until("a verdict on each that left", lambda: len(self.verdicts_on_attackers()) >= sum(left), 60)
        self.assertEqual({each["domain"] for each in self.verdicts_on_attackers()}, {""})
        wait_until("the end of all that they left open", lambda: self.descriptors() <= descriptors, 60)
        wait_until("the end of all sessions", lambda: self.sessions() == 0, 60)

    def verdicts_on_attackers(self) -> list[dict]:
        return self.milter.verdicts.all("--network", ATTACKER.ipv4)

    def sessions(self) -> int:
        """How many connections an AUTH may still come from, as tecs-milter sees it."""
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=60) as page:
            found = re.search(r"(?m)^tecs_sessions (\d+)", page.read().decode())
        assert found
        return int(found[1])

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.milter.pid}/fd"))
