"""TLS towards the server: by tecs-signer, and by Postfix's own client."""

import time
from typing import Iterator

from .figures import Row
from .outgoing_postfix import TLS, TLS_WORDS, OutgoingPostfix, Way
from .processor_time import ProcessorTime
from .signer_setting import Measured, Setting, row
from .smtp_ends import Sink, counted
from tecs_testing.certificate import make_certificate
from tecs_testing.ports import written

SIGNER, OWN, NONE = "Postfix, then tecs-signer with TLS", "Postfix with its own TLS", "Postfix without TLS"


def with_tls(setting: Setting) -> Iterator[Row]:
    bench, workspace = setting.bench, setting.workspace
    sink = Sink(bench, workspace, "sink-with-tls", make_certificate(workspace, "sink.example"))
    with (counted("signer", lambda: setting.signer("signer-with-tls", sink.endpoint, tls="encrypt")) as (signer, started),
          ProcessorTime("postfix") as postfix):
        with postfix.holding_us():
            sender = OutgoingPostfix(bench, workspace, "sender", {
                "signer": Way(written("127.0.0.1", started.port), {"smtp_tls_security_level": "none"}),
                "own": Way(sink.endpoint, TLS), "none": Way(sink.endpoint, {"smtp_tls_security_level": "none"})})
        messages = bench.count(100, 5)
        bench.say(f"5 KB with TLS, {messages} connections of Postfix")

        def deliver(way: str, groups: dict[str, list[ProcessorTime]]) -> dict[str, float]:
            before = {metric: sum(each.seconds() for each in used) for metric, used in groups.items()}
            began = time.monotonic()
            sender.deliver(way, messages)
            wall = time.monotonic() - began
            return {metric: (sum(each.seconds() for each in used) - before[metric]) * 1e6 / messages
                    for metric, used in groups.items()} | {"wall_us": wall * 1e6 / messages}

        yield row("5 KB message sent on by Postfix over TLS, one a connection: a connection, all of Postfix", {
            SIGNER: Measured("RSA-2048, tls encrypt, connections not logged; Postfix without TLS",
                             lambda: deliver("signer", {"cpu_us": [signer, postfix], "signer_cpu_us": [signer]})),
            OWN: Measured(TLS_WORDS, lambda: deliver("own", {"cpu_us": [postfix]})),
            NONE: Measured("smtp_tls_security_level = none", lambda: deliver("none", {"cpu_us": [postfix]})),
        }, rounds=5, note="All processes of Postfix count, from the mail's arrival to its delivery.")
