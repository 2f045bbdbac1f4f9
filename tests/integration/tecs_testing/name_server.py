"""An authoritative name server (NSD) with the zones of a test."""

import pathlib
import re
import socket

from .ports import family_of, free_port, written
from .program import Program
from .waiting import wait_until
from .workspace import Workspace

# A question for the SOA of the root, which the server has not: any answer shows that it serves.
_PROBE = bytes.fromhex("1234 0000 0001 0000 0000 0000 00 0006 0001")


class NameServer:
    """Runs from the constructor on. A zone can be published at any time; DNS can be taken down and brought back."""

    def __init__(self, workspace: Workspace, address: str = "127.0.0.1", port: int | None = None):
        self.address = address
        self.port = port or free_port(address)
        self.endpoint = written(self.address, self.port)
        self._workspace = workspace
        self._folder = workspace.folder("nsd")
        self._zones: dict[str, str] = {}
        self._files: dict[str, pathlib.Path] = {}
        self._server: Program | None = None
        self.up()

    def publish(self, domain: str, records: str) -> None:
        """Serves the records, in master-file form with names that are absolute or relative to the domain."""
        self.publish_all({domain: records})

    def publish_all(self, zones: dict[str, str]) -> None:
        self._zones |= zones
        self.down()
        self.up()

    def serve_file(self, domain: str, file: pathlib.Path) -> None:
        """Serves a master file that somebody else wrote, and stays where it is."""
        self._zones.pop(domain, None)
        self._files[domain] = file
        self.down()
        self.up()

    def down(self) -> None:
        """Nobody answers any more."""
        if self._server:
            self._server.stop()
            self._server = None

    def up(self) -> None:
        if self._server:
            return
        for domain, records in self._zones.items():
            self._zone_file(domain).write_text(
                f"$ORIGIN {domain}.\n$TTL 300\n@ SOA ns.{domain}. hostmaster.{domain}. 1 3600 600 86400 60\n"
                f"@ NS ns.{domain}.\n{records.rstrip()}\n")
        configuration = self._workspace.file("nsd/nsd.conf", self._configuration())
        self._server = Program(self._workspace, "nsd", ["nsd", "-d", "-c", configuration])
        self._server.wait_for("an answer", self.answers)

    def answers(self) -> bool:
        with socket.socket(family_of(self.address), socket.SOCK_DGRAM) as question:
            question.settimeout(0.2)
            try:
                question.connect((self.address, self.port))
                question.send(_PROBE)
                return question.recv(512)[:2] == _PROBE[:2]
            except OSError:
                return False

    def wait_until_silent(self) -> None:
        wait_until("end of the name server's answers", lambda: not self.answers())

    def _zone_file(self, domain: str) -> pathlib.Path:
        if not re.fullmatch(r"[a-z0-9.-]+", domain):
            raise ValueError(domain)
        return self._folder / f"{domain}.zone"

    def _configuration(self) -> str:
        files = {domain: self._zone_file(domain) for domain in self._zones} | self._files
        zones = "".join(f'zone:\n  name: "{domain}"\n  zonefile: "{file}"\n' for domain, file in files.items())
        return (f'server:\n  ip-address: {self.address}@{self.port}\n  server-count: 1\n  username: ""\n  chroot: ""\n'
                f'  pidfile: ""\n  database: ""\n  hide-version: yes\n'
                f'  zonesdir: "{self._folder}"\n  zonelistfile: "{self._folder}/zone.list"\n'
                f'  xfrdfile: "{self._folder}/xfrd.state"\n  xfrdir: "{self._folder}"\n'
                f"remote-control:\n  control-enable: no\n{zones}")
