"""Dovecot's authentication server, for whoever speaks its protocol: no mailboxes, no IMAP."""

import pathlib
import shutil
import subprocess
from typing import Mapping

from .workspace import Workspace

PASSWORD = "correct-horse"


class Dovecot:
    """Is configured by the constructor; whoever has it runs command()."""

    def __init__(self, workspace: Workspace, users: Mapping[str, str], mechanisms: str):
        """users: name and scheme of each ("PLAIN", "SCRAM-SHA-256"); all have PASSWORD."""
        if not shutil.which("dovecot"):
            raise FileNotFoundError("/usr/sbin/dovecot is missing; install it with: apt-get install dovecot-core")
        self.folder = workspace.folder("dovecot")
        self.socket: pathlib.Path = self.folder / "auth"
        self.log: pathlib.Path = workspace.path / "dovecot.log"
        passwords = workspace.file("dovecot/users", "".join(
            f"{name}:{_stored(scheme)}:::::\n" for name, scheme in users.items()))
        self.configuration = workspace.file("dovecot/dovecot.conf", f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.log}
protocols =
ssl = no
auth_mechanisms = {mechanisms}
passdb {{
  driver = passwd-file
  args = username_format=%u {passwords}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  unix_listener {self.socket} {{
    mode = 0666
  }}
}}
""")

    def command(self) -> list[object]:
        """Stays in the foreground."""
        return ["dovecot", "-F", "-c", self.configuration]

    def answers(self) -> bool:
        return self.socket.exists()


def _stored(scheme: str) -> str:
    if scheme == "PLAIN":
        return "{PLAIN}" + PASSWORD
    return subprocess.run(["doveadm", "pw", "-s", scheme, "-p", PASSWORD], check=True, capture_output=True,
                          text=True).stdout.strip()
