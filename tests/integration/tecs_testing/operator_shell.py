"""Where what docs/reputation.md shows is typed: with the programs of the build, a database of the test, and its folders."""

import os
import pathlib
import re
import shutil
import subprocess

from .commands import program_path
from .postgresql import PostgreSql, programs_folder
from .waiting import wait_until
from .workspace import Workspace

# Of the machine's folders those that a document writes to; they are in the workspace.
_FOLDERS = ("/etc/tecs", "/etc/nsd", "/etc/systemd", "/etc/postfix", "/etc/postgresql", "/run/nsd", "/tmp",
            "/usr/local/sbin", "/var/backups", "/var/lib/tecs", "/var/lib/tecs-reputation")

# Whoever asks PostgreSQL here is whom the document makes him.
_RUNUSER = '#!/bin/sh\n# runuser -u USER -- COMMAND\nPGUSER=$2\nexport PGUSER\nshift 3\nexec "$@"\n'


class OperatorShell:
    def __init__(self, workspace: Workspace, database: PostgreSql):
        self._root = workspace.folder("machine")
        for folder in _FOLDERS:
            workspace.folder(f"machine{folder}")
        self._named = re.compile(
            rf"(?<![\w./])(?:(?P<here>{re.escape(str(workspace.path))}\S*)|(?:{'|'.join(_FOLDERS)})(?![\w.-]))")
        workspace.file("shims/runuser", _RUNUSER, 0o755)
        _, _, address = database.uri_of("tecs").partition("@")
        host, _, port = address.partition("/")[0].partition(":")
        folders = [workspace.path / "shims", program_path("tecs").parent, programs_folder(), *os.environ["PATH"].split(":")]
        self.environment = {"PATH": ":".join(map(str, folders)), "PGHOST": host, "PGPORT": port, "PGUSER": "tecs"}

    def path(self, name: str) -> pathlib.Path:
        """Where a file of the document is."""
        return pathlib.Path(f"{self._root}{name}")

    def adapted(self, text: str) -> str:
        """No user "tecs" is needed, as root runs it all. What is in the workspace already stays as it is."""
        text = self._named.sub(lambda match: match[0] if match["here"] else f"{self._root}{match[0]}", text)
        return text.replace(" -o tecs -g tecs", "").replace(" tecs:", " root:")

    def write(self, name: str, text: str, mode: int = 0o644) -> pathlib.Path:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.adapted(text))
        path.chmod(mode)
        return path

    def attempt(self, command: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess:
        """In a session without a terminal, so that what a program asks for is read from what is typed here."""
        return subprocess.run(["sh", "-euc", self.adapted(command + "\n")], input=typed, capture_output=True, text=True,
                              check=False, env={**os.environ, **self.environment, **environment}, start_new_session=True)

    def run(self, command: str, typed: str = "", **environment: str) -> str:
        """What it prints, with the machine's names for files. Fails with what it complains of."""
        done = self.attempt(command, typed, **environment)
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.replace(str(self._root), "")

    def offer_tls(self, database: PostgreSql, host: str, certificate: str) -> None:
        """With a certificate as Debian's ssl-cert makes it, a copy of which receivers have as the file of that name."""
        folder = pathlib.Path(database.query("SHOW data_directory")[0][0])
        files = folder / "server.key", folder / "server.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "7", "-subj", f"/CN={host}",
                        "-addext", f"subjectAltName=DNS:{host}", "-addext", "basicConstraints=CA:FALSE",
                        "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
        self.path(certificate).write_bytes(files[1].read_bytes())
        for file in files:
            shutil.chown(file, "postgres", "postgres")
            file.chmod(0o600)
        database.query("ALTER SYSTEM SET ssl = on")
        database.query("SELECT pg_reload_conf()")
        wait_until("TLS", lambda: database.query("SHOW ssl") == [["on"]])
