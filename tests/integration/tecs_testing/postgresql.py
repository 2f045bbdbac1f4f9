"""A PostgreSQL of a test's own, which can be stopped, killed and frozen."""

import os
import pathlib
import signal
import subprocess

from . import postgresql_programs
from .commands import tecs
from .ports import free_port
from .postgresql_programs import make_cluster, programs_folder, server_user
from .program import Program
from .waiting import wait_until
from .workspace import Workspace

SETTINGS = {**postgresql_programs.SETTINGS, "max_connections": "50", "listen_addresses": "127.0.0.1"}


class PostgreSql:
    """One database, "tecs", of the role "tecs", which needs no password. Its contents outlive a restart."""

    def __init__(self, workspace: Workspace, name: str = "postgresql"):
        self._workspace = workspace
        self._name = name
        self._port = free_port()
        self._folder = workspace.folder(name, 0o755, server_user())
        self._bin = programs_folder()
        self._program: Program | None = None
        make_cluster(self._cluster, server_user())

    @property
    def uri(self) -> str:
        return self.uri_of("tecs")

    def uri_of(self, user: str) -> str:
        """user: with a colon and a password behind it, if there is to be one."""
        return f"postgresql://{user}@127.0.0.1:{self._port}/tecs"

    def start(self) -> "PostgreSql":
        """Serves when it returns."""
        settings = {**SETTINGS, "port": str(self._port), "unix_socket_directories": str(self._folder)}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self._program = Program(self._workspace, self._name, [self._bin / "postgres", "-D", self._cluster, *options],
                                user=server_user())
        self._workspace.at_end(self.stop)
        self._program.wait_for("readiness", lambda: self._psql("postgres", "SELECT 1").returncode == 0)
        if not self._ask("postgres", "SELECT 1 FROM pg_database WHERE datname = 'tecs'"):
            self._ask("postgres", "CREATE ROLE tecs LOGIN")
            self._ask("postgres", "CREATE DATABASE tecs OWNER tecs")
        return self

    def stop(self) -> None:
        """In order, without waiting for clients. Does nothing when it does not run."""
        if not self._program or not self._program.running():
            return
        self.thaw()
        self._program.signal(signal.SIGINT)
        wait_until(f"end of {self._name}", lambda: not self._program.running(), 30)
        self._program.kill()

    def kill(self) -> None:
        """SIGKILL for all its processes, as when the machine dies."""
        assert self._program
        for process in self._processes():
            _send(process, signal.SIGKILL)
        self._program.kill()
        # The next one looks for processes that still have the shared memory.
        wait_until(f"end of {self._name}'s processes", lambda: not self._backends())

    def kill_backends(self) -> int:
        """SIGKILL for those that serve clients; the others of its processes then start anew by themselves. Returns
        how many there were."""
        backends = [each for each in self._backends() if b"postgres: tecs tecs " in _command_line(each)]
        for process in backends:
            _send(process, signal.SIGKILL)
        return len(backends)

    def freeze(self) -> None:
        """It answers nobody any more, while its connections stay open and the kernel takes further ones for it."""
        for process in self._processes():
            _send(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._processes():
            _send(process, signal.SIGCONT)

    def query(self, sql: str) -> list[list[str]]:
        """The rows, as texts."""
        return [line.split("\t") for line in self._ask("tecs", sql).splitlines()]

    def verdict_lines(self) -> list[str]:
        """As `tecs verdicts` tells them in JSON, newest first."""
        return tecs("verdicts", "--store", self.uri, "--format", "json").splitlines()

    @property
    def _cluster(self) -> pathlib.Path:
        return self._folder / "cluster"

    def _ask(self, database: str, sql: str) -> str:
        done = self._psql(database, sql)
        if done.returncode != 0:
            raise AssertionError(f"{self._name}: {sql}: {done.stderr}")
        return done.stdout

    def _psql(self, database: str, sql: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self._bin / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
             "--command", sql, f"postgresql://postgres@127.0.0.1:{self._port}/{database}"],
            capture_output=True, text=True, check=False)

    def _processes(self) -> list[int]:
        """The first one comes first, so that it starts no others while they are dealt with."""
        assert self._program
        return [self._program.pid, *self._backends()]

    def _backends(self) -> list[int]:
        """All processes of the server but the first one."""
        owner = server_user()[0]
        numbers = [int(each) for each in os.listdir("/proc") if each.isdigit()]
        return [each for each in numbers if each != self._program.pid and _owner(each) == owner
                and b"postgres" in _command_line(each)]


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass  # it has ended by itself


def _owner(process: int) -> int | None:
    try:
        return os.stat(f"/proc/{process}").st_uid
    except FileNotFoundError:
        return None


def _command_line(process: int) -> bytes:
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
