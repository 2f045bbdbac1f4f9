"""Strangers who name random domains, whose name server never answers: nobody else's verification waits for them."""

import base64
import itertools
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.ports import free_port, written
from tecs_testing.program import Program
from tecs_testing.sasl_client import SaslClient
from tecs_testing.waiting import wait_until

STRANGERS = 50
CONNECTIONS, ATTEMPTS = 150, 3  # as many as one connection may try
SERVER, CLIENT = "192.0.2.25", "198.51.100.7"
# What a processor that is busy with other things does to a request of 0.1 ms is not what this is about: a verification
# that waits for a name server waits for seconds.
NOISE = 0.25
BAD_SIGNATURE = "AAAA"


class BlackHole:
    """A name server that takes every question and answers none."""

    def __init__(self):
        self.port = free_port()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        self._socket.settimeout(20)

    def wait_for_a_question(self) -> None:
        self._socket.recv(4096)

    def close(self) -> None:
        self._socket.close()


class Strangers:
    """Each asks for one slow domain after the other, on a connection and from a network of its own."""

    def __init__(self, door: str, count: int, networks: int):
        self.answered = 0
        self._door = door
        self._networks = networks
        self._ending = threading.Event()
        self._names = itertools.count()
        self._threads = [threading.Thread(target=self._ask, args=(number,), daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Strangers":
        return self

    def __exit__(self, *_exception) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        address = f"10.1.{number % self._networks}.1"
        for port in itertools.count(1024):
            if self._ending.is_set():
                return
            with SaslClient(self._door) as client:
                client.request(address, port, SERVER, 25, credential(f"random{next(self._names)}.slow.example"))
                self.answered += 1


def credential(domain: str) -> str:
    """A credential that nobody signed."""
    return base64.b64encode(f"a=ed25519-sha256; d={domain}; b={BAD_SIGNATURE}".encode()).decode()


def percentile(times: list[float], percent: float) -> float:
    return sorted(times)[min(int(len(times) * percent / 100), len(times) - 1)]


class SlowNameServers(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.domain = make_domain(cls.workspace, "good.example", algorithm="ed25519-sha256")
        cls.later = make_domain(cls.workspace, "later.example", algorithm="ed25519-sha256")
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in (cls.domain, cls.later)})
        cls.black_hole = BlackHole()
        cls.addClassCleanup(cls.black_hole.close)
        cls.resolver = cls.start_resolver(
            {"good.example": name_server.port, "later.example": name_server.port, "slow.example": cls.black_hole.port})
        cls.ports = itertools.count(2000)

    @classmethod
    def start_resolver(cls, stubs: dict[str, int]) -> str:
        port = free_port()
        zones = "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: 127.0.0.1@{at}\n' for zone, at in stubs.items())
        configuration = cls.workspace.file("unbound/unbound.conf", (
            f'server:\n  interface: 127.0.0.1@{port}\n  directory: "{cls.workspace.folder("unbound")}"\n  chroot: ""\n'
            f'  username: ""\n  pidfile: ""\n  use-syslog: no\n  do-daemonize: no\n  num-threads: 1\n'
            f'  do-not-query-localhost: no\n  module-config: "iterator"\nremote-control:\n  control-enable: no\n{zones}'))
        program = Program(cls.workspace, "unbound", ["unbound", "-d", "-c", configuration])
        program.wait_for("service", lambda: "start of service" in program.log.read_text())
        return written("127.0.0.1", port)

    def setUp(self) -> None:
        self.milter = TecsMilter(self.workspace, self.resolver, name=f"tecs-milter-{self.id().rsplit('.', 1)[1]}").start()
        self.addCleanup(self.milter.stop)

    def sign(self, domain: SigningDomain, count: int) -> list[tuple[int, str]]:
        """So many connections by their port, and the credential of each."""
        def signed(port: int) -> tuple[int, str]:
            return port, domain.sign(written(SERVER, 25), written(CLIENT, port))

        with ThreadPoolExecutor(4) as threads:
            return list(threads.map(signed, itertools.islice(self.ports, count)))

    def verify_all(self, signed: list[tuple[int, str]], domain: SigningDomain) -> list[float]:
        """How long each verification takes, one after the other."""
        times = []
        with SaslClient(self.milter.sasl_socket) as client:
            for port, response in signed:
                for _ in range(ATTEMPTS):
                    begin = time.perf_counter()
                    answer = client.request(CLIENT, port, SERVER, 25, response)
                    times.append(time.perf_counter() - begin)
                    self.assertEqual(answer, f"OK user=tecs:{domain.name}")
        return times

    def refused(self) -> int:
        return sum(verdict["reason"] == "too-many-lookups" for verdict in self.milter.verdicts.all())

    def test_cached_keys_are_used_as_fast_as_ever(self) -> None:
        quiet = self.verify_all(self.sign(self.domain, CONNECTIONS), self.domain)
        with Strangers(self.milter.sasl_socket, STRANGERS, networks=STRANGERS):
            self.black_hole.wait_for_a_question()
            attacked = self.verify_all(self.sign(self.domain, CONNECTIONS), self.domain)
        measured = {name: {f"p{percent}": round(percentile(times, percent) * 1000, 3) for percent in (50, 99)}
                    for name, times in (("quiet", quiet), ("attacked", attacked))}
        print(f"milliseconds a verification: {json.dumps(measured)}")
        self.assertEqual(len(attacked), CONNECTIONS * ATTEMPTS)
        self.assertLessEqual(percentile(attacked, 99), max(2 * percentile(quiet, 99), NOISE), measured)
        self.assertEqual(self.refused(), 0, "the strangers were to be slow, not refused")

    def test_keys_that_are_not_cached_are_still_looked_up(self) -> None:
        with Strangers(self.milter.sasl_socket, STRANGERS, networks=STRANGERS):
            self.black_hole.wait_for_a_question()
            self.verify_all(self.sign(self.later, 1), self.later)

    def test_one_network_cannot_take_all_look_ups(self) -> None:
        with Strangers(self.milter.sasl_socket, 2 * STRANGERS, networks=1) as strangers:
            wait_until("look-ups that were refused", self.refused)
            self.assertGreater(strangers.answered, 0)
            self.verify_all(self.sign(self.domain, 1), self.domain)
