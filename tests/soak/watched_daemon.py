"""Samples of a daemon, taken while it serves."""

import os
import pathlib
import threading
from typing import Callable

from judgement import KIB, Sample


class WatchedDaemon:
    """Takes a sample at once and then one every so many seconds, until stop()."""

    def __init__(self, name: str, pid: int, seconds: float, connections: Callable[[], int],
                 store: pathlib.Path | None = None):
        self.name = name
        self.samples: list[Sample] = []
        self._folder = pathlib.Path(f"/proc/{pid}")
        self._seconds = seconds
        self._connections = connections
        self._store = store
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def last(self) -> str:
        if not self.samples:
            return f"{self.name} is gone"
        sample = self.samples[-1]
        return f"{self.name} {sample.memory // KIB} KiB, {sample.descriptors} descriptors, {sample.threads} threads"

    def _run(self) -> None:
        while True:
            try:
                self.samples.append(self._sample())
            except OSError:
                return  # it has ended, which its exit code tells more of
            if self._stopping.wait(self._seconds):
                return

    def _sample(self) -> Sample:
        status = dict(line.split(":", 1) for line in (self._folder / "status").read_text().splitlines())
        return Sample(memory=int(status["VmRSS"].split()[0]) * KIB, descriptors=len(os.listdir(self._folder / "fd")),
                      threads=int(status["Threads"]), connections=self._connections(),
                      store=self._store.stat().st_size if self._store and self._store.exists() else 0)
