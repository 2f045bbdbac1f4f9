"""Clients of all kinds at once: each does one thing after the other, and what it leads to is known."""

import itertools
import random
import smtplib
import threading
from collections import Counter
from dataclasses import dataclass, field

from tecs_testing.broken_client import STEPS, BrokenClient
from tecs_testing.commands import SigningDomain
from tecs_testing.network import RECEIVER, SENDER
from tecs_testing.sender import Sender
from tecs_testing.smtp_client import SmtpClient

RECIPIENT = "somebody@receiver.example"
# What the verdict on a connection of each kind says; a kind's EHLO names it.
RESULTS = {"signed": ("pass", ""), "unsigned": ("none", ""), "delayed": ("pass", ""), "forged": ("fail", "signature-mismatch"),
           "unknown": ("permerror", "no-key"), "replayed": ("fail", "signature-mismatch")}
BROKEN = "broken"
PORTS = range(10_000, 32_000)  # of the clients that are not an MTA's
WAYS = ("vanish", "reset", "junk", "too_much")
KINDS = ["signed"] * 6 + ["unsigned"] * 3 + ["forged"] * 2 + ["unknown", "replayed", "replayed", "delayed", BROKEN, BROKEN]


@dataclass
class Tally:
    """What was done. To be looked at when nobody does anything any more, but for the number of connections."""

    subjects: list[str] = field(default_factory=list)  # of messages that a server took, or an MTA to send on
    connections: Counter[str] = field(default_factory=Counter)  # by kind
    relayed: int = 0  # messages that went by the sending MTA
    failures: list[str] = field(default_factory=list)

    def total(self) -> int:
        return sum(self.connections.values())


class MixedClients:
    """Runs from the constructor on until stop(). signed: who signs; delayed: whose mail policy holds up."""

    def __init__(self, sender: Sender, signed: list[SigningDomain], delayed: SigningDomain, with_tls: bool, seed: int = 1):
        self.tally = Tally()
        self._sender = sender
        self._signed = signed
        self._delayed = delayed
        self._with_tls = with_tls
        self._ports = itertools.cycle(PORTS)
        self._heard = ""  # a credential of another connection
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(self._converse, random.Random(seed + number)))
                         for number in range(3)]
        self._threads.append(threading.Thread(target=self._run, args=(self._relay, random.Random(seed))))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, turn, chance: random.Random) -> None:
        while not self._stopping.is_set():
            try:
                turn(chance)
            except (OSError, smtplib.SMTPException, AssertionError) as failure:
                self.tally.failures.append(repr(failure))
                self._stopping.wait(0.2)

    def _number(self, kind: str) -> str:
        with self._lock:
            self.tally.connections[kind] += 1
            return f"{kind} {self.tally.connections[kind]}"

    def _port(self) -> int:
        """Not one that was used just now, as the kernel might: the second signature of it would be a replay."""
        with self._lock:
            return next(self._ports)

    def _relay(self, chance: random.Random) -> None:
        """By the sending MTA, and tecs-signer behind it."""
        subject = self._number("relayed")
        self._sender.send(f"somebody@{chance.choice(self._signed).name}", RECIPIENT, subject)
        self.tally.subjects.append(subject)
        self._stopping.wait(0.02)  # no faster than the queue is emptied

    def _converse(self, chance: random.Random) -> None:
        kind = chance.choice(KINDS)
        subject = self._number(kind)
        domain = self._delayed if kind == "delayed" else chance.choice(self._signed)
        if kind == BROKEN:
            BrokenClient(chance.choice(STEPS), chance.choice(WAYS), domain.sign, (SENDER.ipv4, self._port()))
            return
        client = SmtpClient(RECEIVER.ipv4, 25, SENDER.ipv4, self._port())
        if self._with_tls and chance.random() < 0.3:
            client.start_tls()
        client.ehlo(f"{kind}.example")
        self._authenticate(kind, client, domain)
        client.deliver(RECIPIENT, subject)
        self.tally.subjects.append(subject)
        client.quit()

    def _authenticate(self, kind: str, client: SmtpClient, domain: SigningDomain) -> None:
        credential = client.credential(domain)
        if kind == "forged":
            credential = domain.sign(client.destination, "203.0.113.1:1")
        elif kind == "unknown":
            credential = SigningDomain("unknown.example", None, domain.key, "").sign(client.destination, client.source)
        elif kind == "replayed":
            credential, self._heard = self._heard or domain.sign(client.destination, "203.0.113.1:2"), credential
        if kind == "unsigned":
            return
        wanted = 235 if RESULTS[kind][0] == "pass" else 535
        code = client.authenticate(credential)
        if code != wanted:
            raise AssertionError(f"{kind}: the reply to AUTH is {code}, not {wanted}")
