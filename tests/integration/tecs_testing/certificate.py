"""A certificate for STARTTLS that signs itself."""

import pathlib
import subprocess
from dataclasses import dataclass

from .workspace import Workspace


@dataclass(frozen=True)
class Certificate:
    chain: pathlib.Path
    key: pathlib.Path

    def settings(self) -> dict[str, str]:
        """What a Postfix needs to offer STARTTLS with it."""
        return {
            "smtpd_tls_security_level": "may",
            "smtpd_tls_cert_file": str(self.chain),
            "smtpd_tls_key_file": str(self.key),
            "smtpd_tls_dh1024_param_file": "",
            "smtpd_tls_loglevel": "1",
        }


def make_certificate(workspace: Workspace, host: str) -> Certificate:
    certificate = Certificate(workspace.path / "starttls.pem", workspace.path / "starttls.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
         "-keyout", certificate.key, "-out", certificate.chain],
        check=True, capture_output=True)
    certificate.key.chmod(0o600)
    return certificate
