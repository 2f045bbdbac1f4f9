"""What Postfix says first at the two doors of tecs-milter."""

import pathlib
import socket
import struct


def _connect(path: pathlib.Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(str(path))
    return connection


def sasl_handshake(path: pathlib.Path) -> list[str]:
    """The lines of the server's greeting (Dovecot authentication protocol), to the last of them. EOFError when it is cut short."""
    with _connect(path) as connection, connection.makefile("r") as lines:
        connection.sendall(b"VERSION\t1\t1\nCPID\t4711\n")
        greeting = []
        for line in lines:
            greeting.append(line.rstrip("\n"))
            if greeting[-1] == "DONE":
                return greeting
    raise EOFError(f"the greeting ended early: {greeting}")


def milter_version(path: pathlib.Path) -> int:
    """That of the milter protocol which both sides know."""
    with _connect(path) as connection:
        connection.sendall(struct.pack("!IcIII", 13, b"O", 6, 0x1FF, 0x1FFFFF))
        length, command, version = struct.unpack("!IcI", connection.recv(9, socket.MSG_WAITALL))
        if command != b"O" or length < 13:
            raise AssertionError(f"no negotiation: {command!r}")
        return int(version)
