"""The service manager's side of sd_notify(3): hears when a daemon says that it is ready."""

import os
import pathlib
import socket

from .workspace import Workspace


class ReadinessSocket:
    """Give environment() to one daemon, then ask is_ready()."""

    def __init__(self, workspace: Workspace, name: str):
        self._path: pathlib.Path = workspace.path / f"{name}.notify"
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._path))
        self._socket.setblocking(False)
        os.chmod(self._path, 0o777)  # the daemon may run as any user
        self._ready = False
        workspace.at_end(self._socket.close)

    def environment(self) -> dict[str, str]:
        return {"NOTIFY_SOCKET": str(self._path)}

    def is_ready(self) -> bool:
        while not self._ready:
            try:
                self._ready = b"READY=1" in self._socket.recv(4096).splitlines()
            except BlockingIOError:
                break
            if self._ready:
                self._socket.close()  # nobody reads on, and a daemon waits when the kernel has too much for us
        return self._ready
