"""Endpoints that nobody listens on, and whether somebody does."""

import socket


def family_of(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def free_port(address: str = "127.0.0.1") -> int:
    """A port that is free for TCP and UDP now. Nothing reserves it, so use it soon."""
    while True:
        with socket.socket(family_of(address), socket.SOCK_STREAM) as stream:
            stream.bind((address, 0))
            port = stream.getsockname()[1]
            with socket.socket(family_of(address), socket.SOCK_DGRAM) as datagram:
                try:
                    datagram.bind((address, port))
                except OSError:
                    continue
            return port


def written(address: str, port: int) -> str:
    """As TECS and Postfix write an end point: 192.0.2.1:25, [2001:db8::1]:25."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def is_open(address: str, port: int) -> bool:
    with socket.socket(family_of(address), socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        return probe.connect_ex((address, port)) == 0
