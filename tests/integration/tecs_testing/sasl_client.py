"""A client of tecs-milter's SASL door, which speaks the Dovecot authentication protocol as an MTA does."""

import pathlib
import socket
from typing import Callable


class SaslClient:
    """Connected and past the handshake once made. process: what it gives as CPID. amid_handshake: is called when
    the door has begun the handshake and before the client says its own part."""

    def __init__(self, path: pathlib.Path | str, process: int = 4711, timeout: float = 30.0,
                 amid_handshake: Callable[[], object] = lambda: None):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        self._socket.connect(str(path).removeprefix("unix:"))
        self._file = self._socket.makefile("rwb", buffering=0)
        self._last = 0
        line = self.line()
        amid_handshake()
        self.send(f"VERSION\t1\t2\nCPID\t{process}\n")
        while line != "DONE":
            if not line:
                raise AssertionError("the door closed amid its handshake")
            line = self.line()

    def __enter__(self) -> "SaslClient":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def send(self, octets: str) -> None:
        self._socket.sendall(octets.encode())

    def line(self) -> str:
        """The next line, without its end; empty when the door has closed, which is how it says temperror."""
        try:
            return self._file.readline().decode().rstrip("\n")
        except ConnectionResetError:
            return ""

    def request(self, client: str, client_port: int, server: str, server_port: int, response: str | None) -> str:
        """AUTH with both ends of the connection, as a Cyrus plugin knows them. The answer without command and number:
        "OK user=...", "FAIL reason=...", "CONT ...", or nothing for temperror."""
        self._last += 1
        initial = "" if response is None else f"\tresp={response or '='}"
        self.send(f"AUTH\t{self._last}\tTECS-1\tservice=smtp\tlip={server}\tlport={server_port}"
                  f"\trip={client}\trport={client_port}{initial}\n")
        return self._answer()

    def respond(self, response: str) -> str:
        """The client's answer to a challenge."""
        self.send(f"CONT\t{self._last}\t{response}\n")
        return self._answer()

    def _answer(self) -> str:
        words = self.line().split("\t")
        return " ".join([words[0], *words[2:]])
