"""A program that was started for a test, its log, and its orderly end."""

import os
import pathlib
import signal
import subprocess
from typing import Callable, Mapping, Sequence

from .waiting import wait_until
from .workspace import Workspace


class ProgramFailed(AssertionError):
    """A program did not start, or did not end as it should."""


class Program:
    """Runs from the constructor on until stop(), which the workspace calls at the latest.

    Standard output and standard error go to NAME.log in the workspace. A program that ends on its own, or with an exit
    code that is not in ends_with after SIGTERM, is a failure: that is how a sanitizer's report shows up in a test.
    """

    def __init__(self, workspace: Workspace, name: str, command: Sequence[str], *, user: tuple[int, int] | None = None,
                 umask: int = 0o022, environment: Mapping[str, str] | None = None, ends_with: Sequence[int] = (0,),
                 descriptors: Sequence[int] = ()):
        """descriptors: that the program inherits under the numbers that they have here."""
        self.name = name
        self.log = workspace.path / f"{name}.log"
        identity = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})}, umask=umask, start_new_session=True,
                pass_fds=descriptors, **identity)
        self._expected_to_run = True
        self._ends_with = ends_with
        workspace.programs.append((name, self.pid))
        workspace.at_end(self.stop)

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def ended_with(self) -> int | None:
        """Less than 0: by that signal."""
        return self._process.returncode

    def wait_for(self, what: str, look: Callable[[], object], seconds: float = 20.0) -> None:
        """Waits until look() is true, and no longer than the program lives."""
        wait_until(f"{what} of {self.name}", lambda: not self.running() or look(), seconds)
        if not self.running():
            self._expected_to_run = False  # said here, once
            raise ProgramFailed(f"{self.name} ended with {self._process.returncode}\n{self.log_tail()}")

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as the kernel does when memory runs out, and the wait for the end."""
        self._expected_to_run = False
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 30.0) -> None:
        """SIGTERM and the wait for the end. Does nothing when it was stopped before."""
        if not self._expected_to_run:
            return
        self._expected_to_run = False
        ended_alone = not self.running()
        self._process.terminate()
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise ProgramFailed(f"{self.name} did not end within {seconds:g} s of SIGTERM\n{self.log_tail()}") from None
        if ended_alone or code not in self._ends_with:
            raise ProgramFailed(f"{self.name} ended with {code}\n{self.log_tail()}")

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.log, lines)


def tail(path: pathlib.Path, lines: int = 40) -> str:
    if not path.exists():
        return f"({path} was not written)"
    return f"--- {path.name}, its last lines ---\n" + "\n".join(
        path.read_text(errors="backslashreplace").splitlines()[-lines:])
