"""An MTA that looks for its next hop in DNS keeps doing so when its connections are redirected: where the first MX does not
take mail, it hears so at once and goes to the second."""

import signal
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses, redirect_outgoing_smtp
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.program import Program
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender

CLOSED = Host("198.51.100.31", "2001:db8:51::31")
UNREACHABLE = Host("198.51.100.32", "2001:db8:51::32")
BUSY = Host("198.51.100.33", "2001:db8:51::33")
FIREWALL = f"""
    table inet unreachable {{
        chain output {{
            type filter hook output priority filter; policy accept;
            ip daddr {UNREACHABLE.ipv4} tcp dport 25 reject with icmp type host-unreachable
            ip6 daddr {UNREACHABLE.ipv6} tcp dport 25 reject with icmpv6 type addr-unreachable
        }}
    }}
    """


@dataclass(frozen=True)
class Case:
    name: str
    first: Host
    said: str  # in the MTA's log, of the first MX
    family: str

    @property
    def domain(self) -> str:
        return f"{self.name.replace('_', '-')}.example"

    @property
    def zone(self) -> str:
        kind = {"IPv4": "A", "IPv6": "AAAA"}[self.family]
        return (f"@ MX 10 first\n@ MX 20 second\nfirst {kind} {self.first.address(self.family)}\n"
                f"second {kind} {RECEIVER.address(self.family)}\n")


CASES = [Case(f"{name}_{family}".lower(), first, said, family) for family in ("IPv4", "IPv6") for name, first, said in (
    ("closed", CLOSED, "421 .*Connection refused"),
    ("unreachable", UNREACHABLE, "421 .*No route to host"),
    ("busy", BUSY, "450 "))]


@one_test_each(CASES, lambda case: case.name)
class SecondMx(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER, CLOSED, UNREACHABLE, BUSY)
        domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        name_server = NameServer(cls.workspace, port=53)
        name_server.publish_all({domain.name: domain.record, **{case.domain: case.zone for case in CASES}})
        resolvers = cls.workspace.file("resolv.conf", "nameserver 127.0.0.1\n")
        subprocess.run(["mount", "--bind", resolvers, "/etc/resolv.conf"], check=True)
        cls.workspace.at_end(lambda: subprocess.run(["umount", "/etc/resolv.conf"], check=True))
        subprocess.run(["nft", "-f", "-"], input=FIREWALL, text=True, check=True)
        for address in (BUSY.ipv4, f"[{BUSY.ipv6}]"):
            Program(cls.workspace, f"busy-{address.strip('[]')}",
                    ["smtp-sink", "-u", "nobody", "-r", "connect", f"inet:{address}:25", "10"], ends_with=(-signal.SIGTERM,))
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv6, 25)]).start()
        signer = TecsSigner(cls.workspace, "signer", domain, "original-destination", listen="[::]:{port}")
        redirect_outgoing_smtp({SENDER: signer.port}, signer_user()[0])
        cls.sender = Sender(
            cls.workspace, [Route(f"{case.name}@sender.example", case.domain, "out") for case in CASES],
            own_addresses=f"127.0.0.1 {SENDER.ipv4} [{SENDER.ipv6}]",
            transports={"out": {"smtp_bind_address": SENDER.ipv4, "smtp_bind_address6": SENDER.ipv6}},
            settings={"smtp_dns_support_level": "enabled", "smtp_host_lookup": "dns"}).start()

    def check(self, case: Case) -> None:
        self.sender.send(f"{case.name}@sender.example", "somebody@receiver.example", case.name)

        try:
            message = self.receiver.arrived(case.name)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.sender.postfix.log_tail()}") from None
        verdict = self.receiver.verdict_on(message)
        self.assertEqual([verdict[field] for field in ("result", "domain", "server")],
                         ["pass", "sender.example", written(RECEIVER.address(case.family), 25)], verdict["detail"])
        # One delivery, in which Postfix went to both.
        first = rf"first\.{case.domain}\[{case.first.address(case.family)}\].*{case.said}"
        self.assertEqual(len(self.sender.postfix.log_lines(first)), 1, self.sender.postfix.log_tail())
        self.assertEqual(self.sender.postfix.log_lines(rf"relay=\S*{case.domain}.*status=deferred"), [])
