"""What a connection costs Postfix and all that it has filter its mail, and when the decision on it is there."""

import contextlib
import dataclasses
import itertools
import pathlib
import subprocess
from typing import Callable, Iterator, Mapping

from ..bench import Bench
from ..dkim_message import SELECTOR, signed_message
from ..far_client import OURS, FarClient
from ..figures import FEWEST_ROUNDS, Budget, Row, Subject
from ..postfix_subject import Load, PostfixSubject
from ..rounds import interleave
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.opendkim import VerifyingOpenDkim
from tecs_testing.program import Program
from tecs_testing.workspace import Workspace

_TOPIC = "postfix"
_CONCURRENCY = 10
_ROUNDS = 7
_POSTFIX = ("Postfix 3.7 with Debian's defaults, no chroot, queue in memory, delivery to discard(8), no DNS look-ups of its "
            f"own; {_CONCURRENCY} connections at a time, one message each; MAIL, RCPT and DATA in one go, as with PIPELINING")
_TECS = "tecs-milter with its defaults and the documented settings of Postfix, key in its cache, verdicts in SQLite"
_OPENDKIM = ("Debian's opendkim, Mode v, relaxed/simple, keys in libunbound's cache, no syslog; the message is signed with "
             "RSA-2048")
_ROUND_TRIP_MS, _MEGABITS = 50, 10
_SIZES = {"5 KB": 5_000, "1 MB": 1_000_000}

MONITOR, LEAST, PLAIN = "TECS, monitor", "say-yes auth + least no-op milter", "Postfix alone"
ALL, OPENDKIM = "no-op milter, all callbacks", "OpenDKIM milter"
MARKS = "say-yes auth + no-op milter that marks"
NO_GUARD, ENFORCE = "TECS, monitor, no relay guard", "TECS, enforce"


@dataclasses.dataclass(frozen=True)
class _Sender:
    """Whose mail it is: one key in DNS, for both DKIM and TECS."""

    domain: SigningDomain

    @property
    def zone(self) -> str:
        return self.domain.record + "\n" + self.domain.record.replace("_domainkey.", f"{SELECTOR}._domainkey.", 1)

    def name_server(self, workspace: Workspace, address: str = "127.0.0.1", port: int | None = None) -> NameServer:
        server = NameServer(workspace, address, port)
        server.publish(self.domain.name, self.zone)
        return server

    def message(self, workspace: Workspace, size: int) -> pathlib.Path:
        text = signed_message(self.domain.key, self.domain.name, size)
        path = workspace.file(f"message-{size}", "")
        path.write_bytes(text)
        return path


def _tecs(sender: _Sender, *options: str) -> Callable[[Workspace], Mapping[str, str]]:
    def start(workspace: Workspace) -> Mapping[str, str]:
        resolver = sender.name_server(workspace).endpoint
        return TecsMilter(workspace, resolver, "--greylist", f"sqlite:{workspace.path}/tecs-milter/greylist",
                          *options).start().smtpd_settings()
    return start


def _opendkim(sender: _Sender) -> Callable[[Workspace], Mapping[str, str]]:
    def start(workspace: Workspace) -> Mapping[str, str]:
        server = sender.name_server(workspace, "127.0.0.53", 53)
        return {"smtpd_milters": VerifyingOpenDkim(workspace, server.address).socket}
    return start


def _no_op(bench: Bench, kind: str) -> Callable[[Workspace], Mapping[str, str]]:
    def start(workspace: Workspace) -> Mapping[str, str]:
        socket = workspace.path / "no-op"
        program = Program(workspace, "no-op-milter", [bench.program("no-op-milter"), kind, socket])
        program.wait_for("a socket", socket.is_socket)
        workspace.at_end(program.kill)  # libmilter takes seconds to stop
        return {"smtpd_milters": f"unix:{socket}"}
    return start


def _say_yes(bench: Bench, kind: str) -> Callable[[Workspace], Mapping[str, str]]:
    def start(workspace: Workspace) -> Mapping[str, str]:
        socket = workspace.path / "say-yes"
        program = Program(workspace, "say-yes-server", [bench.program("say-yes-server"), socket], umask=0,
                          ends_with=(-15,))
        program.wait_for("a socket", socket.is_socket)
        return {**_no_op(bench, kind)(workspace), "smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "dovecot",
                "smtpd_sasl_path": f"unix:{socket}"}
    return start


def _subjects(bench: Bench, sender: _Sender, message: pathlib.Path) -> list[PostfixSubject]:
    plain = Load(bench.program("signing-load"), message, bench.count(300, 4), _CONCURRENCY)
    signed = dataclasses.replace(plain, key=sender.domain.key, domain=sender.domain.name)
    # The server that says yes knows one mechanism, and which name it has does not matter.
    said_yes_to = dataclasses.replace(signed, mechanism="PLAIN")
    return [
        PostfixSubject(MONITOR, f"{_TECS}; every connection is signed with RSA-2048", signed, _tecs(sender)),
        PostfixSubject(LEAST, "the same AUTH command, answered by a server that says yes without looking; libmilter with "
                       "every step, reply and macro negotiated away but connect", said_yes_to, _say_yes(bench, "least")),
        PostfixSubject(MARKS, "likewise, but libmilter tells of HELO, MAIL, RCPT and each header field, is waited for at RCPT, "
                       "and adds two fields to the header, as tecs-milter does", said_yes_to, _say_yes(bench, "marks")),
        PostfixSubject(PLAIN, "no filter and no AUTH", plain),
        PostfixSubject(ALL, "libmilter as it comes, each callback says \"continue\"; no AUTH", plain, _no_op(bench, "all")),
        PostfixSubject(OPENDKIM, f"{_OPENDKIM}; no AUTH", plain, _opendkim(sender)),
        PostfixSubject(NO_GUARD, f"{_TECS}, and relay-guard = no: RCPT is not answered", signed,
                       _tecs(sender, "--relay-guard", "no")),
        PostfixSubject(ENFORCE, f"{_TECS}, and mode = enforce: MAIL is answered", signed, _tecs(sender, "--mode", "enforce")),
    ]


def _connections(bench: Bench, subjects: Mapping[str, PostfixSubject]) -> Row:
    figures = interleave({name: each.measure for name, each in subjects.items()}, rounds=bench.count(_ROUNDS, FEWEST_ROUNDS))
    return Row(
        _TOPIC, "One message of 5 KB a connection, all processes",
        [Subject(name, each.configuration, figures[name]) for name, each in subjects.items()],
        [Budget(MONITOR, "cpu_us", 1.10, [LEAST], "DESIGN 8"), Budget(MONITOR, "cpu_us", 0.75, [OPENDKIM], "DESIGN 8")],
        _POSTFIX)


@dataclasses.dataclass(frozen=True)
class _Way:
    """How the client reaches the server. run: runs a command there where the client is."""

    name: str
    address: str
    run: Callable
    connections: int


def _decision(subject: PostfixSubject, message: pathlib.Path, way: _Way, moment: str) -> Callable[[], dict[str, float]]:
    load = dataclasses.replace(subject.load, message=message, connections=way.connections, concurrency=1)

    def measure() -> dict[str, float]:
        told = subject.deliver(load, way.address, way.run)
        return {"bytes": told[f"{moment}_bytes"], "wall_us": told[f"{moment}_us"]}
    return measure


def _decisions(bench: Bench, sender: _Sender, workspace: Workspace, tecs: PostfixSubject,
               opendkim: PostfixSubject) -> Iterator[Row]:
    far = FarClient(bench, workspace, _ROUND_TRIP_MS, _MEGABITS)
    ways = [_Way("on one host", "127.0.0.1", subprocess.run, bench.count(20, 2)),
            _Way(f"over {_ROUND_TRIP_MS} ms and {_MEGABITS} Mbit/s", OURS.ipv4, far.run, 1)]
    for way, (size, octets) in itertools.product(ways, _SIZES.items()):
        message = sender.message(workspace, bench.count(octets, 5_000))
        figures = interleave({tecs.name: _decision(tecs, message, way, "authenticated"),
                              opendkim.name: _decision(opendkim, message, way, "accepted")})
        yield Row(_TOPIC, f"Moment of decision, message of {size} {way.name}",
                  [Subject(tecs.name, f"AUTH is answered; {_TECS}", figures[tecs.name]),
                   Subject(opendkim.name, f"the end of the message is answered; {_OPENDKIM}", figures[opendkim.name])],
                  note="as the client sees it: octets of SMTP that it has sent, and time since it began to connect; one "
                       "connection at a time, which says MAIL, RCPT and DATA in one go (PIPELINING)")


def measure(bench: Bench) -> Iterator[Row]:
    bench.peer("/usr/sbin/opendkim", "opendkim")
    bench.peer("/usr/lib/postfix/sbin/smtpd", "postfix")
    bench.peer("/usr/sbin/nsd", "nsd")
    with Workspace() as workspace, contextlib.ExitStack() as stack:
        sender = _Sender(make_domain(workspace, "sender.example"))
        subjects = {each.name: stack.enter_context(each)
                    for each in _subjects(bench, sender, sender.message(workspace, 5_000))}
        yield _connections(bench, subjects)
        yield from _decisions(bench, sender, workspace, subjects[MONITOR], subjects[OPENDKIM])
