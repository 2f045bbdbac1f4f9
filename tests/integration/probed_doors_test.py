"""Somebody tries the ports of tecs-milter and tecs-signer, as scanners do, in other people's protocols: both go on
serving, and keep nothing of it."""

import contextlib
import os
import random
import socket
import struct
import urllib.request
from typing import Iterator

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until

LOOPBACK = "127.0.0.1"
PROBES = {
    "nothing": b"",
    "nulls": bytes(64),
    "a line without an end": b"a" * 20_000,
    "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303") + bytes(150),
    "SMTP": b"EHLO scanner.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@scanner.example>\r\nDATA\r\n",
    "SSH": b"SSH-2.0-scanner\r\n",
    "PROXY": b"PROXY TCP4 192.0.2.66 198.51.100.25 40213 25\r\n",
    "random octets": random.Random(6).randbytes(65536),
}
ENDS = ("close", "reset", "half close", "stay")
DOORS = ("milter", "sasl", "metrics_of_tecs_milter", "signer", "metrics_of_tecs_signer")
SPARE_DESCRIPTORS = 4  # what comes and goes with the library's own workings


class OverTcp(TecsMilter):
    """Both doors where a scanner finds them."""

    milter_socket, sasl_socket = (f"inet:{LOOPBACK}:{port}" for port in (10026, 10027))


@one_test_each(DOORS, lambda door: door)
class ProbedDoors(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.domain = make_domain(cls.workspace, "signed.example", algorithm="ed25519-sha256", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        metrics = [free_port() for _ in range(2)]
        cls.milter = OverTcp(cls.workspace, name_server.endpoint, "--metrics-address", written(LOOPBACK, metrics[0]))
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)],
                                # An smtpd that has nothing to do goes, and its connection to the SASL door with it.
                                {"max_idle": "1s"}).start()
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": written(RECEIVER.ipv4, 25), "domain": cls.domain.name, "key": str(cls.domain.key),
            "tls": "none", "metrics-address": written(LOOPBACK, metrics[1])}, listen=f"{LOOPBACK}:{{port}}")
        cls.port_of = dict(zip(DOORS, (10026, 10027, metrics[0], cls.signer.port, metrics[1]), strict=True))
        cls.sent = 0

    @property
    def pids(self) -> tuple[int, int]:
        return self.milter.pid, self.signer.pid

    def descriptors(self) -> tuple[int, ...]:
        """Of both. Fails when either has ended."""
        return tuple(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.pids)

    @contextlib.contextmanager
    def probed(self, port: int) -> Iterator[None]:
        """Each probe, ended in each way; those that stay do so until what is inside is over."""
        with contextlib.ExitStack() as staying:
            for octets in PROBES.values():
                for end in ENDS:
                    probe = staying.enter_context(socket.create_connection((LOOPBACK, port), 60))
                    with contextlib.suppress(OSError):  # turned away is well too; ENOTCONN is no ConnectionError
                        probe.sendall(octets)
                        self.end(probe, end)
            yield

    def end(self, probe: socket.socket, how: str) -> None:
        if how == "half close":
            probe.shutdown(socket.SHUT_WR)
        elif how != "stay":
            if how == "reset":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            probe.close()

    def send(self) -> None:
        """Through both."""
        type(self).sent += 1
        subject = f"message {self.sent}"
        with SmtpClient(LOOPBACK, self.signer.port) as client:
            client.deliver("somebody@receiver.example", subject)
        self.assertRegex(tecs_results(self.receiver.arrived(subject))[0], "tecs=pass .*smtp.auth=signed.example$")

    def check(self, door: str) -> None:
        self.send()
        before = self.at_rest()
        with self.probed(self.port_of[door]):
            self.send()
        self.send()
        wait_until(f"rest at {before} descriptors", lambda: all(
            now <= then + SPARE_DESCRIPTORS for now, then in zip(self.descriptors(), before, strict=True)), 60)
        for metrics in DOORS:
            if metrics.startswith("metrics"):
                with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port_of[metrics]}/metrics", timeout=60) as answer:
                    self.assertIn("tecs_", answer.read().decode())

    def at_rest(self) -> tuple[int, ...]:
        """Once the smtpds have gone."""
        seen = [self.descriptors()]

        def rests() -> bool:
            seen.append(self.descriptors())
            return len(seen) > 15 and len(set(seen[-15:])) == 1

        wait_until("rest", rests, 60)
        return seen[-1]
