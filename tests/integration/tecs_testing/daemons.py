"""tecs-milter and tecs-signer, each as a user of its own, as they run on a real machine."""

import pathlib
import pwd
import signal
from typing import Mapping

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


class TecsMilter:
    """The receiver's daemon. Its sockets and its verdict store outlive a restart."""

    def __init__(self, workspace: Workspace, resolver: str, *options: str, name: str = "tecs-milter"):
        self._workspace = workspace
        self._options = ["--resolver", resolver, "--authserv-id", AUTHSERV_ID, *options]
        self._name = name
        self._program: Program | None = None
        self.folder = workspace.folder(name, owner=milter_user())
        self.verdicts = VerdictLog(self.folder / "verdicts.sqlite")
        self.log = workspace.path / f"{name}.log"

    @property
    def milter_socket(self) -> str:
        return f"unix:{self.folder}/milter"

    @property
    def sasl_socket(self) -> str:
        return f"unix:{self.folder}/sasl"

    def start(self) -> "TecsMilter":
        ready = ReadinessSocket(self._workspace, self._name)
        program, environment = installed(self._workspace, "tecs-milter")
        self._program = Program(
            self._workspace, self._name,
            [program, "--milter-socket", self.milter_socket, "--sasl-socket", self.sasl_socket,
             "--store", self.verdicts.store, *self._options],
            user=milter_user(), environment={**environment, **ready.environment()})
        self._program.wait_for("readiness", ready.is_ready)
        return self

    def stop(self) -> None:
        assert self._program
        self._program.stop()

    def signal(self, number: signal.Signals) -> None:
        assert self._program
        self._program.signal(number)

    def running(self) -> bool:
        return self._program is not None and self._program.running()

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
