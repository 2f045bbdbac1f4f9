"""Memory of sessions that have nothing to say."""

import time
from typing import Callable, Iterator

from .figures import Budget, Row
from .signer_setting import SOURCE, Measured, Setting, row
from .smtp_ends import Sink, family_of, held_sessions, resident_octets
from tecs_testing.certificate import make_certificate
from tecs_testing.haproxy import HaProxy
from tecs_testing.ports import free_port, written
from tecs_testing.workspace import Workspace

SIGNER, SIGNER_TLS, HAPROXY = "tecs-signer", "tecs-signer with TLS", "HAProxy, TCP"


def memory(setting: Setting) -> Iterator[Row]:
    bench, workspace = setting.bench, setting.workspace
    sessions = bench.count(2000, 20)
    clear = Sink(bench, workspace, "idle-sink")
    secured = Sink(bench, workspace, "idle-sink-with-tls", make_certificate(workspace, "sink.example"))
    bench.say(f"{sessions} idle sessions")

    def of_signer(own: Workspace, sink: Sink, tls: str) -> tuple[str, int]:
        signer = Setting(bench, own, setting.rsa, setting.ed25519).signer(
            "idle", sink.endpoint, domain=setting.ed25519, tls=tls)
        return written("127.0.0.1", signer.port), dict(own.programs)["idle"]

    def of_haproxy(own: Workspace) -> tuple[str, int]:
        front = written("127.0.0.1", free_port())
        return front, HaProxy(own, {front: clear.endpoint}, proxy_protocol=False).pid

    def memory_of(start: Callable[[Workspace], tuple[str, int]]) -> dict[str, float]:
        """Of a program that has just been started: one that has had many sessions may keep memory for the next ones."""
        with Workspace() as own:
            server, pid = start(own)
            with held_sessions(bench, server, 1):  # what only the first one needs
                pass
            before = resident_octets(family_of(pid))
            with held_sessions(bench, server, sessions):
                time.sleep(0.05)
                after = resident_octets(family_of(pid))
            return {"memory_bytes": (after - before) / sessions}

    yield row(f"{sessions:,} idle sessions: memory of one", {
        SIGNER: Measured("tls none, one identity", lambda: memory_of(lambda own: of_signer(own, clear, "none"))),
        SIGNER_TLS: Measured("tls encrypt, one identity", lambda: memory_of(lambda own: of_signer(own, secured, "encrypt"))),
        HAPROXY: Measured("mode tcp, as installed but for the time-outs", lambda: memory_of(of_haproxy)),
    }, Budget(SIGNER, "memory_bytes", 10_000, None, SOURCE), rounds=5, warm_up=0,
        note="Of the process, without what the kernel keeps for the sockets. Every round starts afresh.")
