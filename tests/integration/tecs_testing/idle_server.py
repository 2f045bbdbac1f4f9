"""A small SMTP server that keeps thousands of sessions, with STARTTLS and AUTH TECS-1, and takes no mail. Run it as

    python3 -m tecs_testing.idle_server ADDRESS PORT CHAIN KEY

with - for CHAIN and KEY when it is not to offer STARTTLS. It says "listening" when it does."""

import asyncio
import resource
import ssl
import sys


class Session(asyncio.Protocol):
    """Says 250 to everything but the few commands that a signer needs another answer to."""

    def __init__(self, context: ssl.SSLContext | None):
        self._context = context
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._handshake: asyncio.Task[None] | None = None  # while it lasts, what comes has to wait

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say("220 mx.receiver.example ESMTP")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if self._handshake is None:
            self._answer_all()

    def _answer_all(self) -> None:
        *lines, self._rest = self._rest.split(b"\r\n")
        for line in lines:
            self._answer(line.split(b" ")[0].upper())

    def _answer(self, verb: bytes) -> None:
        assert self._transport
        secured = self._transport.get_extra_info("sslcontext") is not None
        if verb == b"EHLO":
            extensions = [] if secured or self._context is None else ["250-STARTTLS"]
            self._say("250-mx.receiver.example", *extensions, "250-AUTH TECS-1", "250 8BITMIME")
        elif verb == b"STARTTLS":
            self._say("220 go ahead")
            self._transport.pause_reading()  # what comes next is the handshake's
            self._handshake = asyncio.ensure_future(self._start_tls())
        else:
            self._say("235 it is you" if verb == b"AUTH" else "250 ok")

    def _say(self, *lines: str) -> None:
        assert self._transport
        self._transport.write("".join(f"{line}\r\n" for line in lines).encode())

    async def _start_tls(self) -> None:
        loop = asyncio.get_running_loop()
        assert self._context and self._transport
        transport = await loop.start_tls(self._transport, self, self._context, server_side=True)
        assert transport
        self._transport = transport
        self._handshake = None
        self._answer_all()


async def serve(address: str, port: int, chain: str, key: str) -> None:
    context = None
    if chain != "-":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
    server = await asyncio.get_running_loop().create_server(lambda: Session(context), address, port, backlog=4096)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
