"""An SMTP server that offers STARTTLS and TECS-1, takes mail, and breaks off each connection at one step, in one way."""

import contextlib
import random
import socket
import struct
import threading

from .workspace import Workspace

# "end": it has a whole message and does not answer for it.
STEPS = ("connect", "EHLO", "STARTTLS", "AUTH", "334", "MAIL", "RCPT", "DATA", "body", "end", "QUIT")
WAYS = ("vanish", "reset", "stall", "junk", "too_much")
TOO_MUCH = 8 * 1024 * 1024  # octets
REPLIES = {"EHLO": "250-broken.example\r\n250-STARTTLS\r\n250 AUTH TECS-1", "STARTTLS": "220 go ahead",
           "AUTH": "235 it is you", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "RSET": "250 ok", "QUIT": "221 bye"}


class _Broken(Exception):
    """The connection is at its step."""


class BrokenServer:
    """Listens from the constructor on. Knows the messages that it said 250 for, and those at whose end it broke off."""

    def __init__(self, workspace: Workspace, address: str, step: str, way: str):
        self.name = f"{way}_at_{step.lower()}"
        self.accepted: list[str] = []  # subjects
        self.unanswered: list[str] = []  # likewise
        self.credentials: list[str] = []  # base64, as heard
        self.broken = 0  # connections that came to the step
        self._step = step
        self._way = way
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
            self._converse(connection)
        except _Broken:
            self.broken += 1
            if self._way == "stall":
                return  # it stays open
            self._break(connection)
        except (OSError, EOFError):
            pass
        connection.close()

    def _break(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._way == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif self._way == "junk":
                connection.sendall(random.Random(self.name).randbytes(4096) + b"\r\n")
            elif self._way == "too_much":
                for _ in range(TOO_MUCH // 1000):
                    connection.sendall(b"250-" + b"x" * 994 + b"\r\n")

    def _converse(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        self._say(connection, "connect", "220 broken.example ESMTP")
        while line := lines.readline(100_000):
            verb = line.split()[0].upper().decode("latin-1") if line.split() else ""
            if verb == "AUTH":
                self._authenticate(connection, lines, line)
                continue
            self._say(connection, verb, REPLIES.get(verb, "500 what?"))
            if verb == "STARTTLS":
                raise EOFError  # it has no certificate, and hangs up in the handshake
            if verb == "DATA":
                self._take_message(connection, lines)
            if verb == "QUIT":
                return

    def _authenticate(self, connection: socket.socket, lines, line: bytes) -> None:
        words = line.split()
        if self._step == "334" or len(words) == 2:
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
            if self._step == "body":
                raise _Broken
        if self._step == "end":
            self.unanswered.append(subject)
            raise _Broken
        self._say(connection, "end", "250 ok")
        self.accepted.append(subject)

    def _say(self, connection: socket.socket, step: str, reply: str) -> None:
        if step == self._step:
            raise _Broken
        connection.sendall(reply.encode() + b"\r\n")
