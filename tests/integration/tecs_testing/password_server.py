"""A mail server that wants a login: it offers the mechanisms that it is told, takes any password, and keeps no mail."""

import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    server: "PasswordServer"

    def handle(self) -> None:
        self._say("220 mx.provider.example")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            verb = line.upper().split()[0]
            if verb == "EHLO":
                self._say("250-mx.provider.example", f"250 AUTH {self.server.mechanisms}")
            elif verb == "AUTH":
                self.server.logins.append(line.split()[1])
                self._say("235 2.7.0 welcome")
            elif verb == "DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self._say("250 2.0.0 taken")
            else:
                self._say("221 2.0.0 bye" if verb == "QUIT" else "250 2.0.0 ok")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode("ascii"))


class PasswordServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str, port: int, mechanisms: str):
        super().__init__((address, port), _Session)
        self.mechanisms = mechanisms
        self.logins: list[str] = []  # the mechanisms that clients chose
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
