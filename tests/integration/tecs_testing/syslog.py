"""A /dev/log of a program's own: what it says to syslog(3) becomes a file in the workspace."""

import pathlib
import re
import socket
import threading

from .workspace import Workspace


class SystemLog:
    def __init__(self, workspace: Workspace, name: str, device: pathlib.Path):
        """device: where the program finds it."""
        self.path = workspace.path / f"{name}.log"
        self.path.touch()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(device))
        device.chmod(0o666)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        workspace.at_end(self._close)

    def text(self) -> str:
        return self.path.read_text(errors="backslashreplace")

    def lines(self, pattern: str) -> list[str]:
        return [line for line in self.text().splitlines() if re.search(pattern, line)]

    def _read(self) -> None:
        with open(self.path, "ab", buffering=0) as log:
            while True:
                message = self._socket.recv(0x10000)
                if not message:
                    return
                log.write(re.sub(rb"^<\d+>", b"", message.rstrip(b"\0\n")) + b"\n")

    def _close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()
