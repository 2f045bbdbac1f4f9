"""An SMTP client that breaks off at one step, in one way. Raw sockets, as no library would do such things."""

import random
import socket
import struct
from typing import Callable

from .network import RECEIVER
from .ports import written

STEPS = ("connect", "EHLO", "STARTTLS", "AUTH", "334", "MAIL", "RCPT", "DATA", "body", "QUIT")
WAYS = ("vanish", "reset", "stall", "junk", "too_much")
TOO_MUCH = 4 * 1024 * 1024  # octets


class BrokenClient:
    """Goes through an SMTP dialogue up to a step, and breaks there: after what it says at that step, before the reply.

    credential: gives the base64 of one for this connection. What stalls stays open until close().
    """

    def __init__(self, step: str, way: str, credential: Callable[[str, str], str],
                 source: tuple[str, int] | None = None):
        self.name = f"{way} at {step}"
        self.broken = False  # it came to its step
        self.step = step
        self.way = way
        self._credential = credential
        self._chance = random.Random(self.name)
        self._socket = socket.create_connection((RECEIVER.ipv4, 25), timeout=60, source_address=source)
        self.source = written(*self._socket.getsockname()[:2])
        try:
            self._converse()
        except (OSError, EOFError):
            pass  # that the server ends such a connection is its right
        if way != "stall":
            self.close()

    def close(self) -> None:
        self._socket.close()

    def _converse(self) -> None:
        self._reply()
        if self._at("connect", b""):
            return
        if self._at("EHLO", b"EHLO broken.example"):
            return
        self._reply()
        if self.step == "STARTTLS":
            self._say(b"STARTTLS")
            if self._reply() == 220:
                self._at("STARTTLS", b"\x16\x03\x01\x02\x00\x01\x00")  # a ClientHello that has begun
            return
        if self.step == "334":
            self._say(b"AUTH TECS-1")
            if self._reply() == 334:
                self._at("334", self._signature())
            return
        if self._at("AUTH", b"AUTH TECS-1 " + self._signature()):
            return
        self._reply()
        self._send_message()

    def _send_message(self) -> None:
        for step, line in (("MAIL", b"MAIL FROM:<broken@broken.example>"), ("RCPT", b"RCPT TO:<nobody@receiver.example>"),
                           ("DATA", b"DATA")):
            if self._at(step, line):
                return
            self._reply()
        if self._at("body", b"Subject: broken client\r\n\r\nHalf a mess"):
            return
        self._say(b"Subject: broken client\r\n\r\nA message.\r\n.")
        self._reply()
        self._at("QUIT", b"QUIT")

    def _signature(self) -> bytes:
        return self._credential(written(RECEIVER.ipv4, 25), self.source).encode()

    def _at(self, step: str, words: bytes) -> bool:
        """Says this line and goes on; at the step where the client breaks: breaks, and returns True."""
        if step != self.step:
            if words and step != "body":
                self._say(words)
            return False
        self.broken = True
        if self.way == "junk":
            words = self._chance.randbytes(4096) + b"\r\n"
        elif self.way == "too_much":
            words += b"x" * TOO_MUCH
        self._socket.sendall(words if step == "body" or not words else words + b"\r\n")
        if self.way == "reset":
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return True

    def _say(self, line: bytes) -> None:
        self._socket.sendall(line + b"\r\n")

    def _reply(self) -> int:
        """The code of a whole reply, however many lines it has."""
        octets = b""
        while not (octets.endswith(b"\r\n") and octets.splitlines()[-1][3:4] == b" "):
            received = self._socket.recv(4096)
            if not received:
                raise EOFError
            octets += received
        return int(octets.splitlines()[-1][:3])
