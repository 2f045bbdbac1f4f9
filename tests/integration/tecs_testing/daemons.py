"""tecs-milter and tecs-signer, each as a user of its own, as they run on a real machine."""

import os
import pathlib
import pwd
import signal
import socket
from typing import Mapping, Sequence

from .commands import SigningDomain, VerdictLog, installed
from .ports import free_port, written
from .program import Program, tail
from .readiness import ReadinessSocket
from .workspace import Workspace

AUTHSERV_ID = "mx.receiver.example"


def signer_user() -> tuple[int, int]:
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def milter_user() -> tuple[int, int]:
    # With Postfix's group, so that smtpd may connect to the two sockets, which are for owner and group only.
    return pwd.getpwnam("daemon").pw_uid, pwd.getpwnam("postfix").pw_gid


class ActivatedSocket:
    """A unix socket that somebody else listens on for a daemon, as systemd does for a socket unit: while the daemon is
    away, whoever connects waits."""

    def __init__(self, workspace: Workspace, path: pathlib.Path, name: str, owner: tuple[int, int]):
        self._name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        os.chmod(path, 0o660)
        os.chown(path, *owner)
        self._socket.listen(4096)
        workspace.at_end(self._socket.close)

    @property
    def descriptor(self) -> int:
        return self._socket.fileno()

    def command(self, command: Sequence[object]) -> list[object]:
        """The same command with what sd_listen_fds(3) looks at. The number of the process is known only in it."""
        passing = (f'export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES={self._name}; '
                   f'exec 3<&{self.descriptor}; exec "$0" "$@"')
        return ["bash", "-c", passing, *command]


class TecsMilter:
    """The receiver's daemon. Its sockets and its verdict store outlive a restart."""

    def __init__(self, workspace: Workspace, resolver: str | None, *options: str, name: str = "tecs-milter",
                 activated: bool = False, authserv_id: str = AUTHSERV_ID, environment: Mapping[str, str] | None = None):
        """resolver None: those of the system. activated: somebody else listens on the SASL door's socket."""
        self._environment = environment or {}
        self._workspace = workspace
        self._options = [*(["--resolver", resolver] if resolver else []), "--authserv-id", authserv_id, *options]
        self._name = name
        self.authserv_id = authserv_id
        self._program: Program | None = None
        self.folder = workspace.folder(name, owner=milter_user())
        self.verdicts = VerdictLog(self.folder / "verdicts.sqlite")
        self.log = workspace.path / f"{name}.log"
        self._activated = ActivatedSocket(workspace, self.folder / "sasl", "sasl", milter_user()) if activated else None

    @property
    def milter_socket(self) -> str:
        return f"unix:{self.folder}/milter"

    @property
    def sasl_socket(self) -> str:
        return f"unix:{self.folder}/sasl"

    def start(self) -> "TecsMilter":
        ready = ReadinessSocket(self._workspace, self._name)
        program, environment = installed(self._workspace, "tecs-milter")
        command = [program, "--milter-socket", self.milter_socket, "--sasl-socket", self.sasl_socket,
                   "--store", self.verdicts.store, *self._options]
        self._program = Program(
            self._workspace, self._name, self._activated.command(command) if self._activated else command,
            user=milter_user(), environment={**environment, **ready.environment(), **self._environment},
            descriptors=[self._activated.descriptor] if self._activated else [])
        self._program.wait_for("readiness", ready.is_ready)
        return self

    def stop(self, seconds: float = 30.0) -> None:
        """Fails when it takes longer."""
        assert self._program
        self._program.stop(seconds)

    def kill(self) -> None:
        assert self._program
        self._program.kill()

    def signal(self, number: signal.Signals) -> None:
        assert self._program
        self._program.signal(number)

    @property
    def pid(self) -> int:
        assert self._program
        return self._program.pid

    def running(self) -> bool:
        return self._program is not None and self._program.running()

    def ended_with(self) -> int | None:
        return self._program.ended_with() if self._program else None

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.log, lines)

    def smtpd_settings(self) -> dict[str, str]:
        """The settings of the port-25 service that the documentation tells a Postfix administrator to make."""
        return {
            "smtpd_sasl_auth_enable": "yes",
            "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": self.sasl_socket,
            "smtpd_milters": self.milter_socket,
            "milter_default_action": "accept",
            # A TECS success says who answers for a connection; it must never permit relaying.
            "smtpd_relay_restrictions": "permit_mynetworks,reject_unauth_destination",
            # Both doors then hear the number of the smtpd process, and an AUTH is known to belong to one session.
            "milter_macro_defaults": "tecs_pid=$process_id",
        }


# For a service that leaves the tie out: the milter then has to find the session by its end points and the signature.
UNTIED: Mapping[str, str] = {"milter_macro_defaults": ""}


class TecsSigner:
    """A sender's proxy. upstream: an end point, or "original-destination"."""

    def __init__(self, workspace: Workspace, name: str, domain: SigningDomain, upstream: str, *options: str,
                 listen: str | None = None, tls: str = "may", environment: Mapping[str, str] | None = None):
        self.name = name
        self.port = free_port()
        self.listen = listen.format(port=self.port) if listen else written("127.0.0.1", self.port)
        self.log: pathlib.Path = workspace.path / f"{name}.log"
        selector = ["--selector", domain.selector] if domain.selector else []
        ready = ReadinessSocket(workspace, name)
        program, libraries = installed(workspace, "tecs-signer")
        self._program = Program(
            workspace, name,
            [program, "--listen", self.listen, "--upstream", upstream, "--domain",
             domain.name, *selector, "--key", domain.key, "--tls", tls, *options],
            user=signer_user(), environment={**libraries, **ready.environment(), **(environment or {})})
        self._program.wait_for("readiness", ready.is_ready)

    def stop(self) -> None:
        self._program.stop()

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.log, lines)
