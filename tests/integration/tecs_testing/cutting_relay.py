"""A TCP relay to an SMTP server whose connections break at random."""

import asyncio
import random
import socket
import struct
import threading
from dataclasses import dataclass, field

from .ports import free_port
from .workspace import Workspace


class EndOfData:
    """Reads along and knows whether the server has all of a message and has not yet answered for it.

    Without TLS and BDAT."""

    def __init__(self) -> None:
        self.reply_due = False
        self._state = "commands"
        self._line = b""
        self._reply = b""

    def to_server(self, octets: bytes) -> None:
        while octets:
            octets = self._body(octets) if self._state == "body" else self._command(octets)

    def to_client(self, octets: bytes) -> None:
        *lines, self._reply = (self._reply + octets).split(b"\n")
        for line in lines:
            if line[3:4] == b"-":
                continue
            if self.reply_due:
                self.reply_due = False
            elif self._state == "data" and line.startswith(b"354"):
                self._state, self._line = "body", b"\r\n"

    def _command(self, octets: bytes) -> bytes:
        line, end, rest = octets.partition(b"\n")
        self._line += line + end
        if end:
            self._state = "data" if self._line.strip().upper() == b"DATA" else "commands"
            self._line = b""
        return rest

    def _body(self, octets: bytes) -> bytes:
        seen = self._line + octets
        at = seen.find(b"\r\n.\r\n")
        if at < 0:
            self._line = seen[-4:]
            return b""
        self.reply_due, self._state, self._line = True, "commands", b""
        return seen[at + 5:]


@dataclass
class _Fate:
    """When a connection breaks: after so many octets, one way or the other."""

    to_server: int | None = None
    to_client: int | None = None
    instead_of_reply: bool = False  # when the server has a message, and its reply to the end of it is on its way
    reset: bool = False


@dataclass
class _Way:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    octets: int = 0
    rest: int | None = None  # until the connection breaks


@dataclass
class _Connection:
    watch: EndOfData = field(default_factory=EndOfData)
    loses_reply: bool = False
    doomed: bool = False


class CuttingRelay:
    """Runs from the constructor on. sparing: breaks no connection while the reply to the end of a message is due, which is
    when SMTP cannot tell whether the server has the message (RFC 1047)."""

    def __init__(self, workspace: Workspace, server: tuple[str, int], seed: int, *, share: float = 0.5,
                 largest: int = 20_000, sparing: bool = True):
        """share: of the connections that break. largest: after how many octets at the latest; small numbers are as likely as
        large ones."""
        self.port = free_port()
        self.cut = 0
        self.connections = 0
        self.share = share
        self._server = server
        self._chance = random.Random(seed)
        self._largest = largest
        self._sparing = sparing
        self._loop = asyncio.new_event_loop()
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        listening.wait()
        workspace.at_end(self._stop)

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, listening: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512))
        listening.set()
        self._loop.run_forever()

    def _fate(self) -> _Fate:
        if self._chance.random() >= self.share:
            return _Fate()
        reset = self._chance.random() < 0.5
        if not self._sparing and self._chance.random() < 0.3:
            return _Fate(instead_of_reply=True, reset=reset)
        if self._chance.random() < 0.3:
            return _Fate(to_client=self._chance.randrange(600), reset=reset)
        return _Fate(to_server=int(self._largest ** self._chance.random()), reset=reset)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        fate = self._fate()
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._server)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(loses_reply=fate.instead_of_reply)
        ways = [self._move(connection, _Way(reader, server_writer, rest=fate.to_server), connection.watch.to_server),
                self._move(connection, _Way(server_reader, writer, rest=fate.to_client), connection.watch.to_client)]
        tasks = [asyncio.ensure_future(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not connection.doomed:
            await asyncio.wait(tasks)
        self.cut += connection.doomed
        for task in tasks:
            task.cancel()
        for each in (writer, server_writer):
            if connection.doomed and fate.reset:
                each.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            each.close()

    async def _move(self, connection: _Connection, way: _Way, look) -> None:
        """Ends when the peer has ended, or when the connection is to be broken."""
        try:
            while octets := await way.reader.read(65536):
                reply_was_due = connection.watch.reply_due
                if way.rest is not None:
                    last, octets = octets[way.rest:], octets[:way.rest]
                    way.rest -= len(octets)
                    connection.doomed = connection.doomed or way.rest == 0
                    look(octets)
                    if self._sparing and connection.watch.reply_due:
                        look(last)  # half a reply is none
                        octets += last
                else:
                    look(octets)
                if connection.loses_reply and reply_was_due and not connection.watch.reply_due:
                    connection.doomed = True
                    return
                way.writer.write(octets)
                await way.writer.drain()
                if connection.doomed and not (self._sparing and connection.watch.reply_due):
                    return
                if way.rest == 0:
                    way.rest = None  # this way goes on until the reply is there
            if not connection.doomed:
                way.writer.write_eof()
        except OSError:
            connection.doomed = True  # by one of the two ends
