"""Messages that are all different, and of which nothing need be kept: their number tells every octet."""

import random
import smtplib
import string
import threading
from dataclasses import dataclass
from typing import Sequence

NUMBER_FIELD = "X-Number"
_BLOCK = 65536
# What a dialogue might take for something else, and what the longest line may have (RFC 5321 section 4.5.3.1.6).
_ODD_LINES = (b".", b"..", b"...dots", b".leading dot", b"", b"DATA", b"QUIT", b"RSET", b"MAIL FROM:<x@evil.example>",
              b"BDAT 5 LAST", b"EHLO evil.example", b"250 2.0.0 Ok: queued", b"trailing blanks  \t ", b"From here on",
              "gr\u00fc\u00dfe".encode(), b"x" * 990)


@dataclass(frozen=True)
class NumberedMessage:
    number: int
    size: int  # octets, about

    def recipient(self, domain: str) -> str:
        return f"n{self.number}@{domain}"

    def text(self) -> bytes:
        """With lines that end with CRLF."""
        header = (f"{NUMBER_FIELD}: {self.number} {self.size}\r\n"
                  "From: somebody@sender.example\r\nTo: somebody@receiver.example\r\n"
                  f"Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{self.number}@sender.example>\r\n"
                  f"Subject: message {self.number}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: 8bit\r\n\r\n").encode()
        lines = _lines(random.Random(self.number), min(self.size, _BLOCK))
        count = max(1, self.size // _BLOCK)
        return header + b"".join(b"Block %d of message %d.\r\n%s" % (block, self.number, lines) for block in range(count))


def _lines(chance: random.Random, size: int) -> bytes:
    letters = (string.ascii_letters + string.digits + " .,;=") * 4
    made: list[bytes] = []
    octets = 0
    while octets < size:
        if chance.random() < 0.2:
            line = chance.choice(_ODD_LINES)
        else:
            at = chance.randrange(len(letters) - 80)
            line = letters[at:at + chance.randrange(80)].encode()
        made.append(line + b"\r\n")
        octets += len(line) + 2
    return b"".join(made)


class Submission:
    """Gives messages to an MTA, over several connections at once, from the constructor on. senders: who take turns."""

    def __init__(self, port: int, messages: Sequence[NumberedMessage], senders: Sequence[str], domain: str,
                 connections: int = 4):
        self._failures: list[BaseException] = []
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(port, messages[first::connections], senders, domain), daemon=True)
            for first in range(connections)]
        for thread in self._threads:
            thread.start()

    def under_way(self) -> bool:
        if self._failures:
            raise AssertionError(f"a message was not taken by the MTA: {self._failures[0]!r}")
        return any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, port: int, messages: Sequence[NumberedMessage], senders: Sequence[str], domain: str) -> None:
        try:
            with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=60) as smtp:
                for message in messages:
                    if self._stopping.is_set():
                        return
                    sender = senders[message.number % len(senders)]
                    smtp.sendmail(sender, [message.recipient(domain)], message.text(), ["BODY=8BITMIME"])
        except BaseException as failure:  # pylint: disable=broad-except  # said in under_way()
            self._failures.append(failure)
