"""DNS that is signed: zones with signatures, and an Unbound that validates them."""

import pathlib
import re
import subprocess

from .name_server import NameServer
from .network import RECEIVER
from .ports import free_port
from .program import Program
from .workspace import Workspace


def run(*command: object, folder: pathlib.Path) -> str:
    return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, check=True).stdout


class SignedZone:
    """A zone as NameServer writes it, signed: its records but for SOA and NS, which NameServer adds itself."""

    def __init__(self, workspace: Workspace, domain: str, records: str):
        folder = workspace.folder("dnssec")
        zone = folder / f"{domain}.zone"
        zone.write_text(f"$ORIGIN {domain}.\n$TTL 300\n@ SOA ns.{domain}. hostmaster.{domain}. 1 3600 600 86400 60\n"
                        f"@ NS ns.{domain}.\n{records.rstrip()}\n")
        key = run("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", domain, folder=folder).strip()
        run("ldns-signzone", "-f", f"{domain}.signed", zone.name, key, folder=folder)
        lines = (folder / f"{domain}.signed").read_text().splitlines()
        self.records = "\n".join(line for line in lines if not re.search(r"\sIN\s(SOA|NS)\s", line) and line.strip())
        self.trust_anchor = folder / f"{key}.ds"


class ValidatingResolver:
    """Unbound, which knows nothing but the zones of one name server and the trust anchors of some. It listens on a free
    port of the loopback address, and on port 53 of the addresses that the system's configuration may name."""

    def __init__(self, workspace: Workspace, name_server: NameServer, zones: list[str], anchors: list[pathlib.Path]):
        port = free_port()
        self.endpoint = f"127.0.0.1:{port}"
        asked_there = "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {name_server.address}@{name_server.port}\n'
                              for zone in zones)
        trusted = "".join(f'  trust-anchor-file: "{anchor}"\n' for anchor in anchors)
        configuration = workspace.file("unbound/unbound.conf", (
            f'server:\n  interface: 127.0.0.1@{port}\n  interface: 127.0.0.1@53\n  interface: {RECEIVER.ipv4}@53\n'
            f'  access-control: {RECEIVER.ipv4} allow\n  directory: "{workspace.folder("unbound")}"\n  chroot: ""\n'
            f'  username: ""\n  pidfile: ""\n  use-syslog: no\n  do-daemonize: no\n  num-threads: 1\n'
            f'  do-not-query-localhost: no\n  module-config: "validator iterator"\n'
            f"{trusted}"
            f"remote-control:\n  control-enable: no\n{asked_there}"))
        self.program = Program(workspace, "unbound", ["unbound", "-d", "-c", configuration])
        self.program.wait_for("service", lambda: "start of service" in self.program.log.read_text())
