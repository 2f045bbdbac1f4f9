"""2,000 sessions that are set up, and then idle, take little memory of the signer."""

import re
import resource
import selectors
import signal
import socket
import sys

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import signer_user
from tecs_testing.ports import free_port, written
from tecs_testing.program import Program

SESSIONS = 2000
AT_ONCE = 50  # while they are set up
MEMORY = 200 * 1024  # KiB, of all of them with TLS


class IdleSessions(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        cls.certificate = make_certificate(cls.workspace, "mx.receiver.example")

    def signer_before(self, chain: object, key: object, tls: str) -> ConfiguredSigner:
        port = free_port()
        server = Program(self.workspace, f"server-{tls}", [
            sys.executable, "-B", "-m", "tecs_testing.idle_server", "127.0.0.1", port, chain, key],
            ends_with=(-signal.SIGTERM,))
        server.wait_for("the port", lambda: "listening" in server.log.read_text())
        return ConfiguredSigner(self.workspace, f"signer-{tls}", {
            "upstream": written("127.0.0.1", port), "domain": self.domain.name, "key": str(self.domain.key), "tls": tls,
            "log-level": "warning"})

    def open_sessions(self, port: int) -> list[socket.socket]:
        """Each greeted, and answered to EHLO and to NOOP: from then on the signer moves octets only."""
        sessions: list[socket.socket] = []
        waiting = selectors.DefaultSelector()
        ready = 0
        while ready < SESSIONS:
            while len(sessions) < min(SESSIONS, ready + AT_ONCE):
                session = socket.create_connection(("127.0.0.1", port), timeout=60)
                self.addCleanup(session.close)
                sessions.append(session)
                waiting.register(session, selectors.EVENT_READ, [b"EHLO client.example\r\n", b"NOOP\r\n"])
            events = waiting.select(60)
            self.assertTrue(events, "nothing came for a minute")
            for key, _ in events:
                reply = key.fileobj.recv(4096)
                self.assertRegex(reply, rb"^(220|250)[ -](.*\r\n)*$")
                if key.data:
                    key.fileobj.sendall(key.data.pop(0))
                else:
                    waiting.unregister(key.fileobj)
                    ready += 1
        return sessions

    def memory_of(self, signer: ConfiguredSigner) -> int:
        """KiB that are resident."""
        with open(f"/proc/{signer.pid}/status", encoding="ascii") as status:
            return int(re.search(r"^VmRSS:\s+(\d+) kB", status.read(), re.MULTILINE)[1])

    def measure(self, signer: ConfiguredSigner) -> int:
        before = self.memory_of(signer)
        sessions = self.open_sessions(signer.port)
        after = self.memory_of(signer)
        print(f"\n    {self._testMethodName}: {before} KiB before, {after} KiB with {len(sessions)} sessions: "
              f"{(after - before) / len(sessions):.1f} KiB each", flush=True)
        for session in sessions:  # they are still there
            session.sendall(b"NOOP\r\n")
        for session in sessions:
            self.assertEqual(session.recv(100), b"250 ok\r\n")
        return after

    def test_with_tls(self) -> None:
        after = self.measure(self.signer_before(self.certificate.chain, self.certificate.key, "encrypt"))
        self.assertLess(after, MEMORY)

    def test_without_tls(self) -> None:
        after = self.measure(self.signer_before("-", "-", "none"))
        self.assertLess(after, MEMORY // 3)
