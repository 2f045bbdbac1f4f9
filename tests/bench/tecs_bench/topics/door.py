"""The SASL door of tecs-milter beside the servers that answer the same question today, and what many open sessions cost it."""

import contextlib
import itertools
import json
import os
import pathlib
import re
import resource
import subprocess
from typing import Callable, Iterator

from ..bench import Bench
from ..figures import Budget, Row, Subject
from ..load import Load, measured
from ..processor_time import ProcessorTime
from ..rounds import interleave
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.dovecot import Dovecot
from tecs_testing.name_server import NameServer
from tecs_testing.program import Program
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace

RSA, ED25519 = "tecs-milter, RSA-2048", "tecs-milter, Ed25519"
ALL_NEW = "tecs-milter, RSA-2048, all new"
YES, YES_TO_RSA = "say-yes server", "say-yes server that verifies"
PLAIN, SCRAM = "Dovecot, PLAIN", "Dovecot, SCRAM-SHA-256"
RECOVER = "one RSA-2048 operation"
FULL, RESUMED = "mutual TLS, full", "mutual TLS, resumed"
UNIX = "over a unix socket, every request on a connection that is kept, as Postfix's smtpd does"
CONFIGURATIONS = {
    RSA: "tecs-milter, doors tied as documented for Postfix; so many SMTP connections are open as the SASL door has connections, "
         "and each is asked about again and again with its one credential (auth-attempts = 1000; all else as by default); the "
         "milter door was told of them as Postfix does, which is not counted; the key comes from NSD once and is cached; " + UNIX,
    ALL_NEW: "tecs-milter, all defaults; each request is the first AUTH of an SMTP connection of its own, and all of them, "
             "thousands, stay open; the doors are not tied, and each client has its own address",
    ED25519: "as RSA-2048, all new, but with a key of Ed25519",
    YES: "the least server with a thread a connection: one read, one write, always OK; " + UNIX,
    YES_TO_RSA: "the same server with one EVP_PKEY_verify_recover, of the same signature each time, before it says OK: what no "
                "server with threads that verifies RSA-2048 can save",
    PLAIN: "dovecot-core of Debian, auth as shipped (no cache, no verbose log) with all its processes; passwd-file with {PLAIN}, "
           "which costs nothing to check; " + UNIX,
    SCRAM: "the same Dovecot; passwd-file with {SCRAM-SHA-256}, whose stored keys spare it the 4,096 iterations; three round "
           "trips, as with Postfix",
    RECOVER: "OpenSSL's EVP_PKEY_verify_recover with a context that is kept, in one thread that does nothing else",
    FULL: "OpenSSL's server, TLS 1.3, X25519, certificate of ECDSA P-256 (the cheapest to sign with), client certificate RSA-2048 "
          "issued by a CA with RSA-2048, no tickets; handshakes one after the other on connections that are kept, so that no "
          "connection set-up is counted",
    RESUMED: "the same server with one ticket a handshake, which the client takes up each time",
}


class Servers:
    """All that is measured, running, each in a group of its own."""

    def __init__(self, bench: Bench, workspace: Workspace, at_end: contextlib.ExitStack):
        self.bench = bench
        self.workspace = workspace
        self._at_end = at_end
        self.domains = {RSA: make_domain(workspace, "rsa.example"),
                        ED25519: make_domain(workspace, "ed25519.example", algorithm="ed25519-sha256")}
        self.name_server = NameServer(workspace)
        self.name_server.publish_all({each.name: each.record for each in self.domains.values()})
        self._networks = itertools.count()

    def group(self, name: str) -> ProcessorTime:
        return self._at_end.enter_context(ProcessorTime(name))

    def milter(self, name: str, *options: str) -> tuple[TecsMilter, ProcessorTime]:
        group = self.group(name)
        milter = TecsMilter(self.workspace, self.name_server.endpoint, *options, name=name)
        with group.holding_us():
            milter.start()
        return milter, group

    def server(self, name: str, command: list[object], socket: pathlib.Path) -> ProcessorTime:
        group = self.group(name)
        with group.holding_us():
            server = Program(self.workspace, name, command, ends_with=(0, -15))
        server.wait_for("socket", socket.exists)
        return group

    def signed_load(self, milter: TecsMilter, domain: SigningDomain, *options: object) -> Load:
        return Load([self.bench.program("door-load"), "--mechanism", "TECS-1", "--socket", milter.sasl_socket,
                     "--milter-socket", milter.milter_socket, "--key", domain.key, "--domain", domain.name,
                     "--network", next(self._networks) % 256, *options])

    def password_load(self, socket: pathlib.Path, mechanism: str, user: str, *options: object) -> Load:
        return Load([self.bench.program("door-load"), "--mechanism", mechanism, "--socket", f"unix:{socket}",
                     "--user", user, *options])


def measure(bench: Bench) -> Iterator[Row]:
    _allow_open_files(12_000)
    with Workspace() as workspace, contextlib.ExitStack() as at_end:
        servers = Servers(bench, workspace, at_end)
        yield from _beside_password_servers(servers)
        yield from _beside_mutual_tls(servers)
        yield from _growth(servers)


def _allow_open_files(fewest: int) -> None:
    """An open session is a descriptor of the milter, and one of the load."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(fewest, hard), max(fewest, hard)))


def _subjects(figures: dict[str, dict[str, list[float]]]) -> list[Subject]:
    return [Subject(name, CONFIGURATIONS[name], each) for name, each in figures.items()]


def _beside_password_servers(servers: Servers) -> Iterator[Row]:
    bench = servers.bench
    milter, milter_time = servers.milter("tecs-milter")
    tied, tied_time = servers.milter("tied", "--auth-attempts", "1000")
    dovecot = Dovecot(servers.workspace, {"plain": "PLAIN", "scram": "SCRAM-SHA-256"}, "plain scram-sha-256")
    dovecot_time = servers.server("dovecot", dovecot.command(), dovecot.socket)
    yes = servers.workspace.path / "yes"
    yes_time = servers.server("say-yes", [bench.program("say-yes-server"), yes], yes)
    verifies = servers.workspace.path / "verifies"
    verifies_time = servers.server(
        "verifies", [bench.program("say-yes-server"), verifies, servers.domains[RSA].key], verifies)

    def subjects(connections: int, most: dict[str, int]) -> dict[str, Callable[[], dict[str, float]]]:
        def size(name: str) -> list[object]:
            return ["--connections", connections, "--requests", bench.count(most[name], connections)]

        loads = {
            RSA: (lambda: servers.signed_load(tied, servers.domains[RSA], "--tied", "--sessions", connections, *size(RSA)),
                  tied_time),
            ALL_NEW: (lambda: servers.signed_load(milter, servers.domains[RSA], *size(ALL_NEW)), milter_time),
            ED25519: (lambda: servers.signed_load(milter, servers.domains[ED25519], *size(ED25519)), milter_time),
            YES: (lambda: servers.password_load(yes, "PLAIN", "plain", *size(YES)), yes_time),
            YES_TO_RSA: (lambda: servers.password_load(verifies, "PLAIN", "plain", *size(YES_TO_RSA)), verifies_time),
            PLAIN: (lambda: servers.password_load(dovecot.socket, "PLAIN", "plain", *size(PLAIN)), dovecot_time),
            SCRAM: (lambda: servers.password_load(dovecot.socket, "SCRAM-SHA-256", "scram", *size(SCRAM)), dovecot_time),
        }
        return {name: _asking(*each) for name, each in loads.items()} | {RECOVER: lambda: _recover(bench)}

    one = interleave(subjects(1, {RSA: 1000, ALL_NEW: 1000, ED25519: 300, YES: 2000, YES_TO_RSA: 1000, PLAIN: 1000,
                                  SCRAM: 400}))
    yield Row("door", "SASL door, one request at a time", _subjects(one), [
        Budget(RSA, "p50_us", 80, None, "DESIGN 8"), Budget(ALL_NEW, "p50_us", 80, None, "DESIGN 8"),
        Budget(ALL_NEW, "p50_us", 80 / (55 + 17.5), [YES, RECOVER], "DESIGN 8")])
    many = interleave(subjects(64, {RSA: 6400, ALL_NEW: 3840, ED25519: 1280, YES: 12800, YES_TO_RSA: 6400, PLAIN: 6400,
                                    SCRAM: 2560}))
    yield Row("door", "SASL door, 64 connections", _subjects(many), [
        Budget(RSA, "cpu_us", 26, None, "DESIGN 8"), Budget(ALL_NEW, "cpu_us", 26, None, "DESIGN 8"),
        Budget(RSA, "cpu_us", 26 / (4.5 + 17.5), [YES, RECOVER], "DESIGN 8"),
        Budget(RSA, "cpu_us", 26 / (4.5 + 17.5), [YES_TO_RSA], "DESIGN 8")])


def _asking(open_load: Callable[[], Load], server: ProcessorTime) -> Callable[[], dict[str, float]]:
    def measurement() -> dict[str, float]:
        with open_load() as load:
            return measured(load, server)
    return measurement


def _recover(bench: Bench) -> dict[str, float]:
    done = subprocess.run([bench.program("library-bench"), "--benchmark_filter=^openssl/verify/rsa-2048$",
                           "--benchmark_min_time=0.05", "--benchmark_format=json"], check=True, capture_output=True, text=True)
    run = json.loads(done.stdout)["benchmarks"][0]
    assert run["time_unit"] == "ns"
    return {"cpu_us": run["cpu_time"] / 1e3, "wall_us": run["real_time"] / 1e3, "p50_us": run["real_time"] / 1e3}


def _beside_mutual_tls(servers: Servers) -> Iterator[Row]:
    bench = servers.bench
    folder = servers.workspace.folder("mutual-tls")
    _make_certificates(folder)
    sockets = {FULL: folder / "full", RESUMED: folder / "resumed"}
    times = {name: servers.server(f"mutual-tls-{tickets}", [bench.program("mutual-tls-server"), sockets[name], folder, tickets],
                                  sockets[name])
             for name, tickets in ((FULL, 0), (RESUMED, 1))}
    milter, milter_time = servers.milter("beside-tls")
    connections = 16

    def handshakes(name: str) -> Load:
        return Load([bench.program("mutual-tls-load"), sockets[name], folder, connections, bench.count(480, connections)])

    figures = interleave({
        ALL_NEW: _asking(lambda: servers.signed_load(milter, servers.domains[RSA], "--connections", connections, "--requests",
                                                 bench.count(1600, connections)), milter_time),
        FULL: _asking(lambda: handshakes(FULL), times[FULL]),
        RESUMED: _asking(lambda: handshakes(RESUMED), times[RESUMED]),
    })
    yield Row("door", "who is at the other end: a signature, or a client certificate", _subjects(figures),
              note=f"{connections} connections; the processor time is the server's, the client's comes on top")


def _make_certificates(folder: pathlib.Path) -> None:
    def openssl(*words: object, given: bytes | None = None) -> bytes:
        return subprocess.run(["openssl", *map(str, words)], input=given, check=True, capture_output=True).stdout

    rsa, ecdsa = ["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    openssl("req", "-x509", "-newkey", *rsa, "-nodes", "-days", 7, "-subj", "/CN=a CA", "-keyout", folder / "ca.key",
            "-out", folder / "ca.pem")
    for name, kind in (("server", ecdsa), ("client", rsa)):
        request = openssl("req", "-newkey", *kind, "-nodes", "-subj", f"/CN={name}.example", "-keyout", folder / f"{name}.key")
        openssl("x509", "-req", "-days", 7, "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-out",
                folder / f"{name}.pem", given=request)


SESSIONS = (1, 100, 10_000)
RUNS = 6  # one of them warms up


def _growth(servers: Servers) -> Iterator[Row]:
    with contextlib.ExitStack() as at_end:
        tied = {name: _TiedSessions(servers, name, count, addresses, at_end) for name, count, addresses in (
            ("1 session", 1, 1),
            ("100, one address", 100, 1),
            ("10,000, one address", 10_000, 1),
            ("100, 100 addresses", 100, 100),
            ("10,000, 10,000 addresses", 10_000, 10_000))}
        figures = interleave({name: each.measure for name, each in tied.items()}, rounds=RUNS - 1)
    yield Row("door", "open sessions, doors tied", [Subject(name, tied[name].configuration, each)
                                                     for name, each in figures.items()])
    with contextlib.ExitStack() as at_end:
        untied = {f"{count:,} from the address": _UntiedSessions(servers, count, at_end) for count in SESSIONS}
        figures = interleave({name: each.measure for name, each in untied.items()}, rounds=RUNS - 1)
    yield Row("door", "open sessions, doors not tied", [Subject(name, untied[name].configuration, each)
                                                         for name, each in figures.items()])


class _TiedSessions:
    """The milter door was told the number of each smtpd process ({tecs_pid}), as documented."""

    configuration = ("tecs-milter, doors tied as documented, with auth-attempts = 1000, as the same session is asked about again "
                     "and again, the one in the middle; one connection to the SASL door; memory is the whole process's")

    def __init__(self, servers: Servers, name: str, sessions: int, addresses: int, at_end: contextlib.ExitStack):
        count = servers.bench.count
        label = "tied-" + re.sub(r"[^0-9a-z]+", "-", name)
        self._milter, self._time = servers.milter(label, "--auth-attempts", "1000")
        self._load = at_end.enter_context(servers.signed_load(
            self._milter, servers.domains[RSA], "--tied", "--sessions", count(sessions), "--addresses", count(addresses),
            "--runs", RUNS, "--requests", count(1000 // RUNS)))

    def measure(self) -> dict[str, float]:
        pages = int(pathlib.Path(f"/proc/{self._milter.pid}/statm").read_text().split()[1])
        return measured(self._load, self._time) | {"memory_bytes": pages * os.sysconf("SC_PAGE_SIZE")}


class _UntiedSessions:
    """Nothing but the signature says to which of the sessions from its address an AUTH belongs."""

    configuration = ("tecs-milter, all defaults, doors not tied; each AUTH comes from another of the sessions, and most are never "
                     "asked about; Postfix's own bound on connections of one client (smtpd_client_connection_count_limit) is 50")

    def __init__(self, servers: Servers, of_an_address: int, at_end: contextlib.ExitStack):
        count = servers.bench.count
        asked = count(100)
        addresses = {1: RUNS * asked, 100: count(60), 10_000: 1}[of_an_address]
        # Who has passed is no candidate any more, so that half of those are on top.
        asked_of_each = RUNS * asked // addresses
        sessions = max(count(of_an_address) + asked_of_each // 2, asked_of_each)
        milter, self._time = servers.milter(f"untied-{of_an_address}")
        self._load = at_end.enter_context(servers.signed_load(
            milter, servers.domains[RSA], "--sessions", addresses * sessions, "--addresses", addresses,
            "--runs", RUNS, "--requests", asked))

    def measure(self) -> dict[str, float]:
        return measured(self._load, self._time)
