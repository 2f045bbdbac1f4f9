"""A resolver that answers as it is told to, true or not (RFC 1035). By UDP, and by TCP at the same port."""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Callable

from .ports import free_port, written
from .workspace import Workspace

TXT, CNAME = 16, 5
RESPONSE, TRUNCATED, AVAILABLE, AUTHENTIC = 0x8000, 0x0200, 0x0080, 0x0020
SERVFAIL = 2


@dataclass(frozen=True)
class Question:
    identifier: int
    name: str  # in lower case
    octets: bytes  # of the section, as it came

    @staticmethod
    def parse(message: bytes) -> "Question":
        labels = []
        at = 12
        while length := message[at]:
            labels.append(message[at + 1:at + 1 + length].decode().lower())
            at += 1 + length
        return Question(struct.unpack("!H", message[:2])[0], ".".join(labels), message[12:at + 5])

    def reply(self, records: list[bytes], flags: int = 0, identifier: int | None = None, octets: bytes | None = None) -> bytes:
        """With an id or a question that may be another one."""
        header = struct.pack("!HHHHHH", self.identifier if identifier is None else identifier,
                             RESPONSE | AVAILABLE | flags, 1, len(records), 0, 0)
        return header + (self.octets if octets is None else octets) + b"".join(records)


def name_octets(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(name: str, kind: int, content: bytes) -> bytes:
    return name_octets(name) + struct.pack("!HHIH", kind, 1, 60, len(content)) + content


def txt(name: str, text: str) -> bytes:
    octets = text.encode()
    pieces = [octets[at:at + 255] for at in range(0, len(octets), 255)]
    return record(name, TXT, b"".join(bytes([len(piece)]) + piece for piece in pieces))


def cname(name: str, to: str) -> bytes:
    return record(name, CNAME, name_octets(to))


# What comes for one question: messages in their order; by TCP the first one only, as slowly as drip says.
Answers = Callable[[Question], list[bytes]]


class LyingResolver:
    """Runs from the constructor on. answers: by the domain that is asked for; who is not there is not answered."""

    def __init__(self, workspace: Workspace):
        self.answers: dict[str, Answers] = {}
        self.over_tcp: dict[str, Answers] = {}
        self.drip: set[str] = set()  # whose TCP answers come an octet a second
        port = free_port()
        self.endpoint = written("127.0.0.1", port)
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", port))
        self._listening = socket.create_server(("127.0.0.1", port))
        workspace.at_end(self._close)
        for run in (self._serve_datagrams, self._serve_connections):
            threading.Thread(target=run, daemon=True).start()

    def _close(self) -> None:
        for each in (self._datagrams, self._listening):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve_datagrams(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                message, client = self._datagrams.recvfrom(4096)
                if not message:
                    return  # closed
                question = Question.parse(message)
                for answer in self.answers.get(_domain(question.name), lambda _: [])(question):
                    self._datagrams.sendto(answer, client)

    def _serve_connections(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, struct.error):
            length = struct.unpack("!H", connection.recv(2))[0]
            question = Question.parse(connection.recv(length))
            domain = _domain(question.name)
            answer = self.over_tcp.get(domain, lambda _: [b""])(question)[0]
            octets = struct.pack("!H", len(answer)) + answer
            if domain in self.drip:
                for octet in octets:
                    connection.sendall(bytes([octet]))
                    time.sleep(1)
            connection.sendall(octets)


def _domain(name: str) -> str:
    """The domain that a key's name is of."""
    return name.partition("_domainkey.")[2] or name
