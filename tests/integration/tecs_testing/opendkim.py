"""A real OpenDKIM that signs for the receiver's own users, to see whom it takes for one."""

import subprocess

from .program import Program
from .receiver import DOMAIN
from .workspace import Workspace


class OpenDkim:
    """Signs and verifies, as in Debian's opendkim.conf, with a key for the receiver's domain. Runs from the constructor on."""

    def __init__(self, workspace: Workspace):
        folder = workspace.folder("opendkim")
        key = folder / "key.pem"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        key.chmod(0o600)
        socket = folder / "socket"
        self.socket = f"unix:{socket}"
        # There is no DNS in reach, and nothing here needs any. The safety of the key is that of a folder in /tmp.
        records = workspace.file("opendkim/records", "")
        configuration = workspace.file("opendkim/opendkim.conf", (
            f"Canonicalization relaxed/simple\nMode sv\nOversignHeaders From\nDomain {DOMAIN}\nSelector s\nKeyFile {key}\n"
            f"RequireSafeKeys no\nSocket local:{socket}\nUMask 000\nBackground no\nAutoRestart no\nTestDNSData {records}\n"))
        program = Program(workspace, "opendkim", ["opendkim", "-f", "-x", configuration])
        program.wait_for("a socket", socket.is_socket)
