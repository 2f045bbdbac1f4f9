"""A load on a server, in step with whoever measures the server: the C++ side is tests/bench/measured_load.hpp."""

import json
import os
import pathlib
import subprocess
import time
from typing import Mapping, Sequence

from .processor_time import ProcessorTime

_LOOKS_FOR_IDLENESS = 400


class LoadFailed(RuntimeError):
    """A load did not get what it asked for."""


class Load:
    """Use as a context manager: everything is set up and open while it lasts."""

    def __init__(self, command: Sequence[object], environment: Mapping[str, str] | None = None):
        self._command = [str(word) for word in command]
        self._program = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})

    def __enter__(self) -> "Load":
        try:
            if self._line() != "ready":
                raise self._failure()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception) -> None:
        self._program.stdin.close()
        self._program.wait()
        self._program.stdout.close()
        self._program.stderr.close()

    def run(self) -> dict[str, float]:
        """requests, wall_us of all of them, p50_us and p99_us. As often as the load was told to have requests for."""
        self._program.stdin.write("go\n")
        self._program.stdin.flush()
        line = self._line()
        if not line:
            raise self._failure()
        return json.loads(line)

    def _line(self) -> str:
        return self._program.stdout.readline().strip()

    def _failure(self) -> LoadFailed:
        return LoadFailed(f"{pathlib.Path(self._command[0]).name}: {self._program.stderr.read().strip()}")


def wait_until_idle(server: ProcessorTime) -> None:
    """Until what the server does on its own, before or after it is measured, is over."""
    before = server.seconds()
    for _ in range(_LOOKS_FOR_IDLENESS):
        time.sleep(0.025)
        after = server.seconds()
        if after - before < 0.0005:
            return
        before = after
    raise LoadFailed("the server does not come to rest")


def measured(load: Load, server: ProcessorTime) -> dict[str, float]:
    """A request's share of the server's processor time, of the time that all took, and its latency. The load is open."""
    wait_until_idle(server)
    before = server.seconds()
    figures = load.run()
    wait_until_idle(server)
    requests = figures["requests"]
    return {"cpu_us": (server.seconds() - before) * 1e6 / requests, "wall_us": figures["wall_us"] / requests,
            "p50_us": figures["p50_us"], "p99_us": figures["p99_us"]}
