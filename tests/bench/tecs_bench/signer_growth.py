"""tecs-signer for one customer, for a thousand, and for a hundred thousand: each with a domain and a key of its own."""

import contextlib
import os
import pathlib
import time
from typing import Iterator

from .figures import Row
from .processor_time import ProcessorTime
from .signer_setting import Measured, Setting, row
from .smtp_ends import Load, Proxy, Sink, resident_octets
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import signer_user
from tecs_testing.ports import written
from tecs_testing.workspace import Workspace

KEYS = "Ed25519 keys, a file each, found by the sender's domain (MAIL), tls none"


class Growing:
    """A signer with so many identities, which start() starts afresh."""

    def __init__(self, identities: pathlib.Path, upstream: str):
        self._identities = identities
        self._upstream = upstream
        self._workspace = Workspace()
        self.used = ProcessorTime("signer")
        self.server = ""

    def start(self) -> dict[str, float]:
        self._workspace.close()
        self._workspace = Workspace()
        began = time.monotonic()
        signer = ConfiguredSigner(self._workspace, "signer", {
            "upstream": self._upstream, "identities": str(self._identities), "tls": "none", "log-level": "warning"},
            listen="127.0.0.1:{port}")
        took = time.monotonic() - began
        self.used.add(signer.pid)
        self.server = written("127.0.0.1", signer.port)
        return {"wall_us": took * 1e6, "memory_bytes": resident_octets([signer.pid])}

    def close(self) -> None:
        self._workspace.close()
        self.used.close()


def growth(setting: Setting) -> Iterator[Row]:
    bench, workspace = setting.bench, setting.workspace
    counts = [1, bench.count(1000, 10), bench.count(100_000, 100)]
    sink = Sink(bench, workspace, "growth-sink")
    with contextlib.ExitStack() as stack:
        signers = {named(count): Growing(make_identities(setting, count), sink.endpoint) for count in counts}
        for signer in signers.values():
            stack.callback(signer.close)
        bench.say(f"start with {', '.join(map(str, counts))} identities")
        yield row("Start of tecs-signer, until it serves", {
            name: Measured(KEYS, signer.start) for name, signer in signers.items()}, rounds=5, warm_up=0)

        connections = bench.count(300, 5)
        bench.say(f"5 KB, {connections} connections")
        proxies = {name: Proxy(signer.server, KEYS, signer.used) for name, signer in signers.items()}
        yield row("5 KB message, one a connection, with many identities: a connection", {
            name: Measured(KEYS, lambda proxy=proxy: proxy.carry(bench, Load(connections, 1, 5120), connections))
            for name, proxy in proxies.items()}, rounds=7)


def named(count: int) -> str:
    return f"{count:,} customer{'s' if count > 1 else ''}"


def make_identities(setting: Setting, count: int) -> pathlib.Path:
    """One of them is for the load's sender. Keys that are the same have one inode, so that they do not fill the disk; the
    signer does not know."""
    folder = setting.workspace.folder(f"keys-{count}", owner=signer_user())
    names = ["sender.example", *(f"customer{number}.example" for number in range(1, count))]
    for name in names:
        os.link(setting.ed25519.key, folder / f"{name}.pem")
    return setting.workspace.file(f"identities-{count}", "".join(
        f"sender:{name} {name} s1 {folder}/{name}.pem\n" for name in names))
