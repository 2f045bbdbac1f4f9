"""A PostgreSQL of the bench's own, with its data on disk, as a site would set it up for verdicts."""

import os
import pathlib
import signal
import subprocess
import time

from .processor_time import ProcessorTime
from tecs_testing import postgresql_programs

CONFIGURATION = ("PostgreSQL {version} as Debian builds it, data on disk, fsync and synchronous_commit on, shared_buffers 1 GB, "
                 "max_wal_size 8 GB, wal_level minimal; through a unix socket")
SETTINGS = {
    "listen_addresses": "", "shared_buffers": "1GB", "maintenance_work_mem": "512MB", "work_mem": "64MB",
    "effective_cache_size": "4GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "wal_level": "minimal",
    "max_wal_senders": "0", "random_page_cost": "1.1",
}


class PostgresqlServer:
    """Use as a context manager. folder: empty, with a short path, reachable for everybody."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self.time = ProcessorTime("postgresql")
        self._program: subprocess.Popen | None = None

    def __enter__(self) -> "PostgresqlServer":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception) -> None:
        if self._program:
            self._program.send_signal(signal.SIGINT)  # it ends its connections, and then itself
            try:
                self._program.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._program.send_signal(signal.SIGQUIT)
                self._program.wait(timeout=20)
        self.time.close()

    def uri(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def make_database(self, name: str) -> str:
        """Its URI."""
        self._ask(f'CREATE DATABASE "{name}"', "postgres")
        return self.uri(name)

    def ask(self, sql: str, database: str) -> str:
        return self._ask(sql, database)

    @property
    def configuration(self) -> str:
        program = subprocess.run([postgresql_programs.programs_folder() / "postgres", "--version"],
                                 capture_output=True, text=True, check=True)
        return CONFIGURATION.format(version=program.stdout.split()[2])

    def _start(self) -> None:
        user = postgresql_programs.server_user()
        self._folder.mkdir()
        os.chown(self._folder, *user)
        data = self._folder / "data"
        postgresql_programs.make_cluster(data, user)
        with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            settings = {**SETTINGS, "unix_socket_directories": self._folder}
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        with open(self._folder / "log", "w", encoding="utf-8") as log:
            # As the last step: only root may enter the control group.
            become = ["setpriv", f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups"]
            self._program = self.time.start([*become, postgresql_programs.programs_folder() / "postgres", "-D", data],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")
        end = time.monotonic() + 60
        while self._psql("SELECT 1", "postgres").returncode != 0:
            if self._program.poll() is not None or time.monotonic() > end:
                raise RuntimeError("PostgreSQL does not start: " + (self._folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.05)

    def _ask(self, sql: str, database: str) -> str:
        done = self._psql(sql, database)
        if done.returncode != 0:
            raise RuntimeError(f"{sql}: {done.stderr}")
        return done.stdout.strip()

    def _psql(self, sql: str, database: str) -> subprocess.CompletedProcess:
        return subprocess.run([postgresql_programs.programs_folder() / "psql", "--no-psqlrc", "--quiet", "--tuples-only",
                               "--no-align", "--command", sql, self.uri(database)], capture_output=True, text=True,
                              check=False)
