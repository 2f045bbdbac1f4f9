"""A DNS server for TXT records, for one test: answers over UDP on a port of its own."""

import socket
import struct
import threading

TXT = 16
SERVFAIL = 2
NXDOMAIN = 3


class TxtServer:
    """texts: by name. A name that is mapped to None fails with SERVFAIL. asked: the names in order."""

    def __init__(self, texts, authenticated=True):
        self.texts = texts
        self.authenticated = authenticated
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def address(self):
        return "127.0.0.1:%d" % self._socket.getsockname()[1]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.sendto(b"", self._socket.getsockname())  # an empty question ends it
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while True:
            query, client = self._socket.recvfrom(65535)
            if not query:
                return
            self._socket.sendto(self._answer(query), client)

    def _answer(self, query):
        labels, place = [], 12
        while query[place]:
            labels.append(query[place + 1:place + 1 + query[place]].decode())
            place += 1 + query[place]
        question = query[12:place + 5]
        name = ".".join(labels)
        self.asked.append(name)
        texts = self.texts.get(name, ())
        code = SERVFAIL if texts is None else 0 if texts else NXDOMAIN
        flags = 0x8180 | (0x20 if self.authenticated else 0) | code
        records = b"".join(self._record(text.encode()) for text in texts or ())
        return query[:2] + struct.pack("!5H", flags, 1, len(texts or ()), 0, 0) + question + records

    @staticmethod
    def _record(text):
        strings = b"".join(bytes([len(text[i:i + 255])]) + text[i:i + 255] for i in range(0, len(text), 255))
        return struct.pack("!HHHIH", 0xC00C, TXT, 1, 300, len(strings)) + strings
