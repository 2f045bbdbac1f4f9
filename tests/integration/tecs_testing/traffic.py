"""Clients that sign, deliver, and start again, as a load under which something else happens."""

import smtplib
import threading

from .commands import SigningDomain
from .network import RECEIVER
from .smtp_client import SmtpClient


class Traffic:
    """Runs from the constructor on until stop(). A signature may be answered with anything."""

    def __init__(self, domain: SigningDomain, clients: int = 4):
        self.completed: list[str] = []  # end points of the connections that were ended by QUIT and its reply
        self.refused: list[str] = []  # why a connection or a message was not taken
        self._domain = domain
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                client = SmtpClient(RECEIVER.ipv4, 25)
                source = client.source
                client.authenticate(client.credential(self._domain))
                client.deliver("somebody@receiver.example", "traffic")
                if client.quit()[0] == 221:
                    self.completed.append(source)
            except (OSError, smtplib.SMTPException, AssertionError) as refusal:
                self.refused.append(repr(refusal))
                self._stopping.wait(0.05)  # the next one may do better
