"""Addresses of documentation networks (RFC 5737, RFC 3849) and a firewall, for use in a network name space of our own."""

import os
import subprocess
from dataclasses import dataclass

from .workspace import PARENT_FOLDER


@dataclass(frozen=True)
class Host:
    """The two addresses of a host that exists only in the name space."""

    ipv4: str
    ipv6: str

    def address(self, family: str) -> str:
        return {"IPv4": self.ipv4, "IPv6": self.ipv6}[family]


SENDER = Host("192.0.2.10", "2001:db8:2::10")
RECEIVER = Host("198.51.100.25", "2001:db8:51::25")
RECEIVER_WITH_TLS = Host("198.51.100.26", "2001:db8:51::26")


def add_addresses(*hosts: Host) -> None:
    """Gives the loopback interface the addresses of the hosts, those that it has not yet."""
    _in_own_name_space()
    for host in hosts:
        subprocess.run(["ip", "address", "replace", f"{host.ipv4}/32", "dev", "lo"], check=True)
        subprocess.run(["ip", "address", "replace", f"{host.ipv6}/128", "dev", "lo", "nodad"], check=True)


def redirect_outgoing_smtp(ports: dict[Host, int], spared_user: int | None) -> None:
    """Sends what a host sends to anybody's port 25 to that port of the loopback address, but for the signer's user.

    None: the rule is wrong and spares nobody.
    """
    _in_own_name_space()
    sparing = "" if spared_user is None else f"meta skuid != {spared_user} "
    rules = "".join(
        f"    {family} saddr {address} tcp dport 25 {sparing}redirect to :{port}\n"
        for host, port in ports.items() for family, address in (("ip", host.ipv4), ("ip6", host.ipv6)))
    table = ("table inet tecs_testing {\n  chain output {\n    type nat hook output priority -100; policy accept;\n"
             f"{rules}  }}\n}}\n")
    subprocess.run(["nft", "-f", "-"], input=table, text=True, check=True)


def translate_destinations(ways: dict[tuple[str, int], tuple[str, int]]) -> None:
    """Whoever connects to the first end point reaches the second one, which sees nothing of the first."""
    _in_own_name_space()
    rules = ""
    for (outside, outer_port), (inside, inner_port) in ways.items():
        family, to = ("ip6", f"[{inside}]:{inner_port}") if ":" in inside else ("ip", f"{inside}:{inner_port}")
        rules += f"    {family} daddr {outside} tcp dport {outer_port} dnat {family} to {to}\n"
    table = ("table inet tecs_translation {\n  chain output {\n    type nat hook output priority -100; policy accept;\n"
             f"{rules}  }}\n}}\n")
    subprocess.run(["nft", "-f", "-"], input=table, text=True, check=True)


def _in_own_name_space() -> None:
    # The first process of a PID name space is what isolation.py makes of a test; never change the machine's own network.
    if os.getpid() != 1 or not os.environ.get(PARENT_FOLDER):
        raise RuntimeError("run this through tecs_testing.isolation")
