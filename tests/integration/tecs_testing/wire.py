"""What really went over the loopback interface on one TCP port, read from the packets themselves.

Nothing stands between client and server, so neither the octets nor the end points are touched: a TECS-1 signature
covers both ports, and a recording proxy would change them. Needs root.
"""

import socket
import struct
import threading
from dataclasses import dataclass, field

_ETH_P_ALL = 3
_PACKET_HOST = 0  # on loopback each packet passes twice: once as outgoing, once as for this host


@dataclass
class Conversation:
    """One connection: who said which octets, in the order in which they were sent."""

    client: str
    parts: list[tuple[str, bytes]] = field(default_factory=list)
    _next: dict[str, int] = field(default_factory=dict)

    def add(self, speaker: str, sequence: int, octets: bytes) -> None:
        expected = self._next.get(speaker, sequence)
        repeated = (expected - sequence) & 0xFFFFFFFF
        if repeated > 0x7FFFFFFF:  # a gap: loopback does not reorder, so this capture came too late for what is missing
            repeated = 0
        if repeated >= len(octets):
            return
        self._next[speaker] = (sequence + len(octets)) & 0xFFFFFFFF
        if self.parts and self.parts[-1][0] == speaker:
            self.parts[-1] = (speaker, self.parts[-1][1] + octets[repeated:])
        else:
            self.parts.append((speaker, octets[repeated:]))

    def lines(self) -> list[tuple[str, str]]:
        """Speaker ("C" or "S") and line, for each line of a conversation in clear text."""
        return [(speaker, line.decode("ascii", "backslashreplace"))
                for speaker, octets in self.parts for line in octets.split(b"\r\n") if line]

    def said(self, speaker: str) -> bytes:
        return b"".join(octets for who, octets in self.parts if who == speaker)


class Capture:
    """Records all connections to one port of the loopback interface, from the constructor on until close()."""

    def __init__(self, server_port: int):
        self._port = server_port
        self._conversations: dict[tuple[bytes, int], Conversation] = {}
        self._lock = threading.Lock()
        self._packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
        self._packets.bind(("lo", _ETH_P_ALL))
        self._packets.settimeout(0.2)
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        self._closing.set()
        self._reader.join()
        self._packets.close()

    def conversations(self) -> list[Conversation]:
        with self._lock:
            return list(self._conversations.values())

    def _read(self) -> None:
        while not self._closing.is_set():
            try:
                packet, address = self._packets.recvfrom(0x20000)
            except TimeoutError:
                continue
            if address[2] == _PACKET_HOST:
                self._take(packet)

    def _take(self, packet: bytes) -> None:
        parsed = _tcp_segment(packet)
        if parsed is None:
            return
        source, destination, source_port, destination_port, sequence, octets = parsed
        if self._port not in (source_port, destination_port) or not octets:
            return
        from_client = destination_port == self._port
        client = (source, source_port) if from_client else (destination, destination_port)
        with self._lock:
            conversation = self._conversations.setdefault(client, Conversation(_written(*client)))
            conversation.add("C" if from_client else "S", sequence, octets)


def _written(address: bytes, port: int) -> str:
    if len(address) == 4:
        return f"{socket.inet_ntop(socket.AF_INET, address)}:{port}"
    return f"[{socket.inet_ntop(socket.AF_INET6, address)}]:{port}"


def _tcp_segment(packet: bytes) -> tuple[bytes, bytes, int, int, int, bytes] | None:
    """Both addresses and ports, the sequence number and the octets of an IP packet that holds TCP."""
    version = packet[0] >> 4 if packet else 0
    if version == 4 and len(packet) >= 20 and packet[9] == socket.IPPROTO_TCP:
        start, end = (packet[0] & 15) * 4, struct.unpack_from("!H", packet, 2)[0] or len(packet)
        source, destination = packet[12:16], packet[16:20]
    elif version == 6 and len(packet) >= 40 and packet[6] == socket.IPPROTO_TCP:
        start, end = 40, 40 + struct.unpack_from("!H", packet, 4)[0]
        source, destination = packet[8:24], packet[24:40]
    else:
        return None
    if len(packet) < start + 20:
        return None
    source_port, destination_port, sequence = struct.unpack_from("!HHI", packet, start)
    header = (packet[start + 12] >> 4) * 4
    return source, destination, source_port, destination_port, sequence, packet[start + header:end]
