"""What tecs-signer adds to the time that a delivery takes, over a link whose packets are under way for a while."""

import signal
import statistics
from typing import Iterator

from .figures import Budget, Row, Subject
from .outgoing_postfix import TLS, TLS_WORDS, OutgoingPostfix, Way
from .rounds import interleave
from .signer_setting import TOPIC, Setting
from .smtp_ends import Load, Sink
from tecs_testing.certificate import make_certificate
from tecs_testing.network import RECEIVER, SENDER, Host
from tecs_testing.ports import written
from tecs_testing.program import Program
from tecs_testing.separate_hosts import SeparateHost

DELAY = 25  # milliseconds, each way
ROUND_TRIP_US = 2 * DELAY * 1000
LINK = f"over a link of {DELAY} ms each way; MTA and signer are on one host"
# On one network, unlike those that they are named after.
NEAR, FAR = Host("192.0.2.10", SENDER.ipv6), Host("192.0.2.25", RECEIVER.ipv6)

SIGNER, DIRECT, ADDED = "through tecs-signer", "directly", "what tecs-signer adds"
SIGNER_TLS, UNSIGNED_TLS, POSTFIX_TLS, ADDED_TLS = (
    "Postfix, then tecs-signer with TLS", "the same, nothing signed", "Postfix with its own TLS", "what the signature adds")


def latency(setting: Setting) -> Iterator[Row]:
    bench, workspace = setting.bench, setting.workspace
    near, far = SeparateHost(workspace, "near"), SeparateHost(workspace, "far")
    link = Program(workspace, "link", [bench.program("delayed-link"), DELAY, "near0", "far0"],
                   ends_with=(-signal.SIGTERM,))
    link.wait_for("the interfaces", lambda: "linked" in link.log.read_text())
    near.take("near0", NEAR)
    far.take("far0", FAR)
    with far.inside():
        clear = Sink(bench, workspace, "far-sink", address=FAR.ipv4)
        secured = Sink(bench, workspace, "far-sink-with-tls", make_certificate(workspace, "sink.example"), FAR.ipv4)
    with near.inside():
        signer = setting.signer("near-signer", clear.endpoint)
        signer_tls = setting.signer("near-signer-with-tls", secured.endpoint, tls="encrypt")
        unsigned_tls = setting.signer("near-unsigned", secured.endpoint, "--require-signature", "never", tls="encrypt")
        sender = OutgoingPostfix(bench, workspace, "near-sender", {
            "signer": Way(written("127.0.0.1", signer_tls.port), {"smtp_tls_security_level": "none"}),
            "unsigned": Way(written("127.0.0.1", unsigned_tls.port), {"smtp_tls_security_level": "none"}),
            "own": Way(secured.endpoint, TLS)})
    count = bench.count(5, 1)
    bench.say(f"round trips, {LINK}")

    def by_load(server: str) -> dict[str, float]:
        with near.inside():
            times = Load(count, 1, 5120).run(bench, server)[1]
        return {"round_trips": statistics.median(times) / ROUND_TRIP_US}

    def by_postfix(way: str) -> dict[str, float]:
        with near.inside():
            delays = sender.deliver(way, count)
        return {"round_trips": statistics.median(delays) * 1e6 / ROUND_TRIP_US}

    yield compared("Time from connecting to the reply to the message",
                   {SIGNER: (f"RSA-2048, tls none, {LINK}", lambda: by_load(written("127.0.0.1", signer.port))),
                    DIRECT: (LINK, lambda: by_load(clear.endpoint))}, ADDED)
    yield compared("Time from connecting to the reply to the message, with TLS",
                   {SIGNER_TLS: (f"RSA-2048, tls encrypt, {LINK}", lambda: by_postfix("signer")),
                    UNSIGNED_TLS: (f"require-signature never, tls encrypt, {LINK}", lambda: by_postfix("unsigned")),
                    POSTFIX_TLS: (f"{TLS_WORDS}, {LINK}", lambda: by_postfix("own"))}, ADDED_TLS)


def compared(name: str, subjects: dict, added: str) -> Row:
    """The first subject is to take one round trip more than the second one."""
    figures = interleave({each: run for each, (_, run) in subjects.items()}, rounds=5)
    more, less, *_ = (figures[each]["round_trips"] for each in subjects)
    shown = [Subject(each, configuration, figures[each]) for each, (configuration, _) in subjects.items()]
    shown.append(Subject(added, "the difference, round by round",
                         {"round_trips": [one - other for one, other in zip(more, less)]}))
    return Row(TOPIC, name, shown, [Budget(added, "round_trips", 1.1, None, "DESIGN 4")])
