"""What a topic is given: where things are, how much to do, and how to tell of it."""

import dataclasses
import pathlib
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Bench:
    """programs: bin/ of a Release build with its tests.

    folder: in memory, empty, with a short path, gone at the end. Syncing costs nothing there; what is to be measured
    with a disk goes below disk_folder, which is empty and gone at the end as well.

    scale: 1.0, or a small number for the smoke test, which asserts no time: use count() for how often to do a thing.
    """

    programs: pathlib.Path
    folder: pathlib.Path
    disk_folder: pathlib.Path
    scale: float
    say: Callable[[str], None]

    def count(self, whole: int, fewest: int = 1) -> int:
        """How many of `whole` to do at this scale."""
        return max(fewest, round(whole * self.scale))

    def program(self, name: str) -> pathlib.Path:
        path = self.programs / name
        if not path.exists():
            raise FileNotFoundError(f"{path} was not built; build it with: ninja -C {self.programs.parent} {name}")
        return path

    def peer(self, path: str, package: str) -> pathlib.Path:
        """A program of Debian's that TECS is measured beside."""
        found = pathlib.Path(path)
        if not found.exists():
            raise FileNotFoundError(f"{path} is missing; install it with: apt-get install {package}")
        return found
