"""tecs-signer beside HAProxy in TCP mode, beside no proxy, and beside Postfix's own TLS client."""

import contextlib
import subprocess
from typing import Iterator

from ..bench import Bench
from ..figures import Budget, Row
from ..signer_growth import growth
from ..signer_latency import latency
from ..signer_memory import memory
from ..signer_setting import SOURCE, Measured, Setting, row
from ..signer_tls import with_tls
from ..smtp_ends import Load, Proxy, Sink, counted
from tecs_testing.commands import SigningDomain
from tecs_testing.haproxy import HaProxy
from tecs_testing.ports import free_port, written
from tecs_testing.workspace import Workspace

RSA, ED25519, UNSIGNED = "tecs-signer, RSA-2048", "tecs-signer, Ed25519", "tecs-signer, nothing signed"
HAPROXY, HAPROXY_SPLICE, NO_PROXY = "HAProxy, TCP", "HAProxy, TCP, splice", "no proxy"
ONE_RSA, ONE_ED25519 = "one RSA-2048 signature", "one Ed25519 signature"


def measure(bench: Bench) -> Iterator[Row]:
    bench.peer("/usr/sbin/haproxy", "haproxy")
    bench.peer("/usr/sbin/postfix", "postfix")
    with Workspace() as workspace:
        setting = Setting.make(bench, workspace)
        yield from moved_octets(setting)
        yield from with_tls(setting)
        yield from latency(setting)
        yield from memory(setting)
        yield from growth(setting)


def moved_octets(setting: Setting) -> Iterator[Row]:
    bench = setting.bench
    with contextlib.ExitStack() as stack:
        proxies = start_proxies(setting, stack)

        def carrying(load: Load, shares: int) -> dict[str, Measured]:
            return {name: Measured(proxy.configuration, lambda proxy=proxy: proxy.carry(bench, load, shares))
                    for name, proxy in proxies.items()}

        connections = bench.count(300, 5)
        bench.say(f"5 KB, {connections} connections")
        signatures = {ONE_RSA: signature(setting, setting.rsa, 200), ONE_ED25519: signature(setting, setting.ed25519, 1000)}
        yield row("5 KB message, one a connection: a connection", carrying(Load(connections, 1, 5120), connections) | signatures,
                  Budget(RSA, "cpu_us", 1.15, [HAPROXY, ONE_RSA], SOURCE), rounds=15)

        messages = bench.count(100, 2)
        bench.say(f"5 KB, 10 connections of {messages} messages each")
        yield row("5 KB messages, reused connections: a message", carrying(Load(10, messages, 5120), 10 * messages), rounds=7)

        messages = bench.count(30, 1)
        bench.say(f"1 MB, 4 connections of {messages} messages each")
        yield row("1 MB messages, reused connections: a message", carrying(Load(4, messages, 1_000_000), 4 * messages),
                  Budget(RSA, "cpu_us", 1.10, [HAPROXY], SOURCE), rounds=7)


def signature(setting: Setting, domain: SigningDomain, times: int) -> Measured:
    command = [str(setting.bench.program("one-signature")), str(domain.key), str(setting.bench.count(times, 5))]

    def run() -> dict[str, float]:
        return {"cpu_us": float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)}

    return Measured("OpenSSL alone, nothing else of a connection, one context that is used again and again", run)


def start_proxies(setting: Setting, stack: contextlib.ExitStack) -> dict[str, Proxy]:
    sink = Sink(setting.bench, setting.workspace, "sink")
    proxies = {}
    for name, domain, options, words in (
            (RSA, setting.rsa, [], "one identity"), (ED25519, setting.ed25519, [], "one identity"),
            (UNSIGNED, setting.rsa, ["--require-signature", "never"], "require-signature never: no AUTH, only its work as proxy")):
        used, signer = stack.enter_context(counted("signer", lambda number=len(proxies), domain=domain, options=options: (
            setting.signer(f"signer-{number}", sink.endpoint, *options, domain=domain))))
        proxies[name] = Proxy(written("127.0.0.1", signer.port), f"{words}, tls none, connections not logged", used)
    for name, defaults, words in (
            (HAPROXY, [], "mode tcp, nbthread 1, connections not logged, no splicing (the default)"),
            (HAPROXY_SPLICE, ["option splice-auto"], "mode tcp, nbthread 1, connections not logged, option splice-auto")):
        front = written("127.0.0.1", free_port())
        used, _ = stack.enter_context(counted("haproxy", lambda front=front, defaults=defaults: HaProxy(
            setting.workspace, {front: sink.endpoint}, proxy_protocol=False, settings=["nbthread 1"], defaults=defaults)))
        proxies[name] = Proxy(front, words, used)
    proxies[NO_PROXY] = Proxy(sink.endpoint, "the load speaks to the sink itself")
    return proxies
