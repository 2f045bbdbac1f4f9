"""A real OpenDKIM: one that signs for the receiver's own users, to see whom it takes for one, and one that verifies."""

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


class VerifyingOpenDkim:
    """Verifies only, as on a host that receives mail, and rejects whatever is no pass. Asks the name server at that address,
    port 53, and keeps the answers as its resolver library does. Runs from the constructor on."""

    def __init__(self, workspace: Workspace, name_server: str):
        socket = workspace.folder("opendkim") / "socket"
        self.socket = f"unix:{socket}"
        # Nothing listens to syslog where this runs, and trying would cost time. No TrustAnchorFile: the zones are not signed.
        configuration = workspace.file("opendkim/opendkim.conf", (
            f"Syslog no\nMode v\nCanonicalization relaxed/simple\nNameservers {name_server}\nSocket local:{socket}\n"
            "On-Default reject\nUMask 000\nBackground no\nAutoRestart no\n"))
        program = Program(workspace, "opendkim", ["opendkim", "-f", "-x", configuration])
        program.wait_for("a socket", socket.is_socket)
        workspace.at_end(program.kill)  # libmilter takes seconds to stop
