"""Counts what arrives in a Maildir, compares it with what was sent, and removes it, so that gigabytes fit through."""

import os
import pathlib
from collections import Counter
from typing import Callable

from .mailbox import Mailbox


class Deliveries:
    """collect() as long as something may come. expected: from the header fields of what arrived to its name and the octets
    that were sent, with lines that end with CRLF; nothing when the message is none of ours."""

    def __init__(self, mailbox: Mailbox, expected: Callable[[dict[str, str]], tuple[str, bytes] | None]):
        self._folder: pathlib.Path = mailbox.new
        self._expected = expected
        self.arrived: Counter[str] = Counter()  # how often, by name
        self.changed: list[str] = []

    def collect(self) -> int:
        """How many different messages are here by now."""
        for name in os.listdir(self._folder) if self._folder.is_dir() else []:
            path = self._folder / name
            self._look_at(path.read_bytes())
            path.unlink()
        return len(self.arrived)

    def doubled(self) -> list[str]:
        return [name for name, count in self.arrived.items() if count > 1]

    def _look_at(self, message: bytes) -> None:
        expected = self._expected(_fields(message))
        if expected is None:
            self.changed.append(f"not known: {message[:200]!r}")
            return
        name, sent = expected
        self.arrived[name] += 1
        # On their way messages get fields at the top, and in the Maildir line ends of Unix.
        if not message.endswith(b"\n" + sent.replace(b"\r\n", b"\n")):
            self.changed.append(name)


def _fields(message: bytes) -> dict[str, str]:
    """The first of each name, in lower case, without what was folded."""
    fields: dict[str, str] = {}
    for line in message[:16384].split(b"\n\n", 1)[0].decode("latin-1").splitlines():
        name, colon, value = line.partition(": ")
        if colon and not line[0].isspace():
            fields.setdefault(name.lower(), value.strip())
    return fields
