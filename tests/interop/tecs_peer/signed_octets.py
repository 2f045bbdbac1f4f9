"""End points, tuples, and the octets that are signed. Draft, Sections 6.1 (end-points) and 6.3 (signed-octets)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

PREFIX = b"TECS-1\x00"


class NotUsable(Exception):
    """Nothing can be signed or verified with this end point, or these two together."""


@dataclass(frozen=True)
class EndPoint:
    """Made by end_point(), which holds it to Section 6.1."""

    address: IPv4Address | IPv6Address
    port: int

    def __str__(self) -> str:
        """As a server writes it into a challenge, Section 8.1 (challenge-syntax)."""
        if isinstance(self.address, IPv4Address):
            return f"{self.address}:{self.port}"
        return f"[{self.address}]:{self.port}"


def end_point(address: str, port: int) -> EndPoint:
    """Section 6.1 (end-points)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        raise NotUsable(f"{address} is no IP address") from None
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            raise NotUsable(f"{address} has a zone identifier")
        parsed = parsed.ipv4_mapped or parsed
    if parsed.is_unspecified or not 1 <= port <= 65535:
        raise NotUsable(f"{address} port {port} is unspecified")
    return EndPoint(parsed, port)


@dataclass(frozen=True)
class Tuple:
    """Both ends of a connection; of one address family, Section 6.1 (end-points)."""

    destination: EndPoint
    source: EndPoint

    def __post_init__(self) -> None:
        if self.destination.address.version != self.source.address.version:
            raise NotUsable("the end points are of different address families")


def signed_octets(ends: Tuple, epoch: int) -> bytes:
    """Section 6.3 (signed-octets)."""
    return PREFIX + _field(ends.destination) + _field(ends.source) + epoch.to_bytes(8, "big")


def _field(end: EndPoint) -> bytes:
    return bytes([end.address.version]) + end.address.packed + end.port.to_bytes(2, "big")
