"""Certificates for STARTTLS, and what TLSA records say of them."""

import hashlib
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

    def tlsa(self, usage: int) -> str:
        """A TLSA record's fields, for the key of the first certificate in the file, by SHA-256 (RFC 6698)."""
        public = subprocess.run(["openssl", "x509", "-in", self.chain, "-noout", "-pubkey"], check=True,
                                capture_output=True).stdout
        octets = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True,
                                capture_output=True).stdout
        return f"{usage} 1 1 {hashlib.sha256(octets).hexdigest()}"


def make_certificate(workspace: Workspace, host: str) -> Certificate:
    certificate = Certificate(workspace.path / "starttls.pem", workspace.path / "starttls.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
         "-keyout", certificate.key, "-out", certificate.chain],
        check=True, capture_output=True)
    certificate.key.chmod(0o600)
    return certificate


_EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """Signs certificates that then lead to its own."""

    def __init__(self, workspace: Workspace, name: str):
        self._workspace = workspace
        self.certificate = Certificate(workspace.path / f"{name}.pem", workspace.path / f"{name}.key")
        subprocess.run(["openssl", "req", "-x509", *_EC_KEY, "-days", "7", "-subj", f"/CN={name}",
                        "-keyout", self.certificate.key, "-out", self.certificate.chain], check=True, capture_output=True)

    def issue(self, hosts: list[str], file_name: str = "issued") -> Certificate:
        """For all these hosts; the authority's own certificate follows in the chain."""
        made = Certificate(self._workspace.path / f"{file_name}.pem", self._workspace.path / f"{file_name}.key")
        names = ",".join(f"DNS:{host}" for host in hosts)
        request = subprocess.run(
            ["openssl", "req", *_EC_KEY, "-subj", "/CN=a server", "-addext", f"subjectAltName={names}",
             "-keyout", made.key], check=True, capture_output=True).stdout
        leaf = subprocess.run(
            ["openssl", "x509", "-req", "-days", "7", "-copy_extensions", "copy", "-CA", self.certificate.chain,
             "-CAkey", self.certificate.key], input=request, check=True, capture_output=True).stdout
        made.chain.write_bytes(leaf + self.certificate.chain.read_bytes())
        made.key.chmod(0o600)
        return made
