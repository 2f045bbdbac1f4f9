"""A tecs-signer with a configuration file, as an administrator writes one."""

import pathlib
import re
import signal
from typing import Mapping

from .commands import installed
from .daemons import signer_user
from .ports import free_port
from .program import Program, tail
from .readiness import ReadinessSocket
from .waiting import wait_until
from .workspace import Workspace


class ConfiguredSigner:
    """Runs from the constructor on. Listens at `port` of all addresses of the host, unless told otherwise."""

    def __init__(self, workspace: Workspace, name: str, settings: Mapping[str, str], *, listen: str = "[::]:{port}",
                 port: int | None = None, capabilities: str = "", environment: Mapping[str, str] | None = None):
        """capabilities: those of capabilities(7) that its unit would give it, as net_admin,net_raw."""
        self.port = port or free_port()
        self.name = name
        self.log: pathlib.Path = workspace.path / f"{name}.log"
        lines = {"listen": listen.format(port=self.port), **settings}
        file = workspace.file(f"{name}.conf", "".join(f"{key} = {value}\n" for key, value in lines.items()))
        ready = ReadinessSocket(workspace, name)
        program, libraries = installed(workspace, "tecs-signer")
        command: list[object] = [program, "--config", file]
        if capabilities:
            uid, gid = signer_user()
            given = ",".join(f"+{each}" for each in capabilities.split(","))
            command = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", f"--inh-caps={given}",
                       f"--ambient-caps={given}", *command]
        self._program = Program(workspace, name, command, user=None if capabilities else signer_user(),
                                environment={**libraries, **ready.environment(), **(environment or {})})
        self._program.wait_for("readiness", ready.is_ready)

    @property
    def pid(self) -> int:
        return self._program.pid

    def running(self) -> bool:
        return self._program.running()

    def reload(self, answer: str) -> None:
        """SIGHUP, and the wait for what it says to that, a regular expression."""
        before = len(re.findall(answer, self.text()))
        self._program.signal(signal.SIGHUP)
        wait_until(f"{answer} of {self.name}", lambda: len(re.findall(answer, self.text())) > before)

    def stop(self) -> None:
        self._program.stop()

    def ended_with(self) -> int | None:
        return self._program.ended_with()

    def forget(self) -> None:
        """That it has ended by itself is no failure."""
        self._program.kill()

    def text(self) -> str:
        """All of the log."""
        return self.log.read_text()

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.log, lines)
