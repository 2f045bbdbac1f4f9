"""An SMTP client that signs by itself, for what a real MTA would not do."""

import base64
import itertools
import smtplib
import socket
import ssl
import struct

from .commands import SigningDomain
from .ports import written

# A verdict is found by its client's end point, and the kernel may give a port again that a test has used just now; then
# the same signature is made again too, if it is still the same half minute, and is a replay.
_ports = itertools.cycle(range(20_000, 32_000))


class SmtpClient(smtplib.SMTP):
    """Connected and past EHLO once made. Knows both ends of its connection."""

    def __init__(self, host: str, port: int, source: str | None = None, source_port: int = 0):
        super().__init__(local_hostname="client.example", timeout=60,
                         source_address=(source or "", source_port or next(_ports)))
        code, greeting = self.connect(host, port)
        if code != 220:
            raise AssertionError(f"greeting: {code} {greeting!r}")
        self.ehlo()

    @property
    def source(self) -> str:
        """Our end, as TECS writes it."""
        return written(*self.sock.getsockname()[:2])

    @property
    def destination(self) -> str:
        return written(*self.sock.getpeername()[:2])

    def credential(self, domain: SigningDomain, *options: object) -> str:
        return domain.sign(self.destination, self.source, *options)

    def authenticate(self, credential: str) -> int:
        """The reply code to AUTH TECS-1 with this base64, sent as 512 octets allow (RFC 4954 section 4)."""
        line = f"TECS-1 {credential}"
        if len(f"AUTH {line}\r\n") <= 512:
            return self.docmd("AUTH", line)[0]
        code, _ = self.docmd("AUTH", "TECS-1")
        return self.docmd(credential)[0] if code == 334 else code

    def challenge(self) -> str:
        """What the server says to AUTH without an initial response, decoded; its 334 is then to be answered."""
        code, text = self.docmd("AUTH", "TECS-1")
        if code != 334:
            raise AssertionError(f"AUTH: {code} {text!r}")
        return base64.b64decode(text, validate=True).decode()

    def reset(self) -> None:
        """Ends the connection so that another one can have its port at once."""
        assert self.sock
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def start_tls(self) -> None:
        """STARTTLS, whoever signed the certificate, and the second EHLO."""
        self._host = "mx.receiver.example"  # what smtplib asks the server for
        code, reply = self.starttls(context=ssl._create_unverified_context())  # pylint: disable=protected-access
        if code != 220:
            raise AssertionError(f"STARTTLS: {code} {reply!r}")
        self.ehlo()

    def deliver(self, recipient: str, subject: str, header: str = "") -> None:
        """One message. header: further fields, each line ended with CRLF."""
        self.sendmail("sender@client.example", [recipient],
                      f"{header}Subject: {subject}\r\nFrom: sender@client.example\r\n\r\nHello.\r\n")
