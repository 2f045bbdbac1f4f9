"""A temporary folder, and the promise that whatever was set up in it ends with it."""

import contextlib
import os
import pathlib
import shutil
import tempfile
from typing import Callable

# Where workspaces are made, if it is set; isolation.py does.
PARENT_FOLDER = "TECS_TESTING_FOLDER"


class Workspace:
    """Use as a context manager. What was set up last ends first, and the folder goes at the very end.

    The path is short, as a unix socket's path has room for 107 octets, and open to all, as Postfix runs
    most of its daemons as users of their own.
    """

    def __init__(self, prefix: str = "w-"):
        self._endings = contextlib.ExitStack()
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=os.environ.get(PARENT_FOLDER, "/tmp")))
        self._endings.callback(shutil.rmtree, self.path, ignore_errors=True)
        self.path.chmod(0o755)
        self.programs: list[tuple[str, int]] = []  # name and process, in the order in which they were started

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        self._endings.close()

    def at_end(self, ending: Callable[[], object]) -> None:
        self._endings.callback(ending)

    def leave_running(self) -> None:
        """Forgets all endings: what runs goes on, and somebody else takes care of it."""
        self._endings.pop_all()

    def folder(self, name: str, mode: int = 0o755, owner: tuple[int, int] | None = None) -> pathlib.Path:
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if owner:
            os.chown(path, *owner)
        return path

    def file(self, name: str, text: str, mode: int = 0o644, owner: tuple[int, int] | None = None) -> pathlib.Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        if owner:
            os.chown(path, *owner)
        return path
