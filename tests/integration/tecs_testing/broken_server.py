"""An SMTP server that offers STARTTLS and TECS-1, takes mail, and breaks off each connection at one step, in one way."""

import contextlib
import random
import socket
import ssl
import struct
import threading
from dataclasses import dataclass

from .certificate import Certificate
from .workspace import Workspace

# "end": it has a whole message and does not answer for it.
STEPS = ("connect", "EHLO", "STARTTLS", "AUTH", "334", "MAIL", "RCPT", "DATA", "body", "end", "QUIT")
# "handshake": instead of its part in that of TLS, after 220 to STARTTLS. All others come after it.
STEPS_IN_TLS = ("handshake", "EHLO", "AUTH", "334", "MAIL", "RCPT", "DATA", "body", "end", "QUIT")
WAYS = ("vanish", "reset", "stall", "junk", "too_much")
TOO_MUCH = 8 * 1024 * 1024  # octets
REPLIES = {"EHLO": "250-broken.example\r\n250-STARTTLS\r\n250 AUTH TECS-1", "STARTTLS": "220 go ahead",
           "AUTH": "235 it is you", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "RSET": "250 ok", "QUIT": "221 bye"}


class _Broken(Exception):
    """The connection is at its step."""


@dataclass(frozen=True)
class Break:
    step: str
    way: str
    in_tls: bool = False

    @property
    def name(self) -> str:
        return f"{self.way}_at_{self.step.lower()}" + ("_in_tls" if self.in_tls else "")


BREAKS = [Break(step, way) for step in STEPS for way in WAYS] + [Break(step, way, True) for step in STEPS_IN_TLS for way in WAYS]


class BrokenServer:
    """Listens from the constructor on. Knows the messages that it said 250 for, and those at whose end it broke off. One that
    breaks off in clear has no use for its certificate: it hangs up in the handshake."""

    def __init__(self, workspace: Workspace, address: str, broken: Break, certificate: Certificate):
        self.accepted: list[str] = []  # subjects
        self.unanswered: list[str] = []  # likewise
        self.credentials: list[str] = []  # base64, as heard
        self.broken = 0  # connections that came to the step
        self._break_at = broken
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate.chain, certificate.key)
        self._open: list[socket.socket] = []
        self._listening = socket.create_server((address, 25), backlog=64)
        workspace.at_end(self.close)
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Ends what stalls, too."""
        for each in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(120)
        try:
            self._converse(connection, False)
        except _Broken:
            self._break(connection)
        except (OSError, EOFError):
            connection.close()

    def _go_on_in_tls(self, connection: socket.socket) -> None:
        if not self._break_at.in_tls:
            raise EOFError
        if self._break_at.step == "handshake":
            raise _Broken
        secured = self._tls.wrap_socket(connection, server_side=True)
        self._open.append(secured)
        try:
            self._converse(secured, True)
        except _Broken:
            self._break(secured)
        except (OSError, EOFError):
            secured.close()

    def _break(self, connection: socket.socket) -> None:
        self.broken += 1
        way = self._break_at.way
        if way == "stall":
            return  # it stays open
        with contextlib.suppress(OSError):
            if way == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif way == "junk":
                connection.sendall(random.Random(self._break_at.name).randbytes(4096) + b"\r\n")
            elif way == "too_much":
                for _ in range(TOO_MUCH // 1000):
                    connection.sendall(b"250-" + b"x" * 994 + b"\r\n")
        connection.close()

    def _converse(self, connection: socket.socket, in_tls: bool) -> None:
        lines = connection.makefile("rb")
        if not in_tls:
            self._say(connection, "connect", "220 broken.example ESMTP")
        while line := lines.readline(100_000):
            verb = line.split()[0].upper().decode("latin-1") if line.split() else ""
            if verb == "AUTH":
                self._authenticate(connection, lines, line)
                continue
            self._say(connection, verb, REPLIES.get(verb, "500 what?"))
            if verb == "STARTTLS":
                self._go_on_in_tls(connection)
                return
            if verb == "DATA":
                self._take_message(connection, lines)
            if verb == "QUIT":
                return

    def _authenticate(self, connection: socket.socket, lines, line: bytes) -> None:
        words = line.split()
        if self._is_at("334", connection) or len(words) == 2:
            # A 334 to what came with an initial response makes no sense, which is one more thing that a server may do.
            self._say(connection, "334", "334 ")
            words.append(lines.readline(100_000).strip())
        self.credentials.append(words[-1].decode("latin-1"))
        self._say(connection, "AUTH", REPLIES["AUTH"])

    def _take_message(self, connection: socket.socket, lines) -> None:
        subject = ""
        while (line := lines.readline(100_000)) != b".\r\n":
            if not line:
                raise EOFError
            if line.lower().startswith(b"subject:"):
                subject = line[8:].strip().decode("latin-1")
            if self._is_at("body", connection):
                raise _Broken
        if self._is_at("end", connection):
            self.unanswered.append(subject)
            raise _Broken
        self._say(connection, "end", "250 ok")
        self.accepted.append(subject)

    def _is_at(self, step: str, connection: socket.socket) -> bool:
        return step == self._break_at.step and self._break_at.in_tls == isinstance(connection, ssl.SSLSocket)

    def _say(self, connection: socket.socket, step: str, reply: str) -> None:
        if self._is_at(step, connection):
            raise _Broken
        connection.sendall(reply.encode() + b"\r\n")
