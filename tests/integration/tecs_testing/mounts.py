"""What a test mounts, in the mount name space that isolation.py gave it. It all goes with the name space, or earlier."""

import os
import pathlib
import subprocess
from typing import Sequence

from .workspace import PARENT_FOLDER, Workspace


def bind(workspace: Workspace, source: pathlib.Path, target: pathlib.Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    _mount(workspace, target, "--bind", source)


def proc(workspace: Workspace, target: pathlib.Path) -> None:
    _mount(workspace, target, "-t", "proc", "proc")


def layers(workspace: Workspace, target: pathlib.Path, lower: Sequence[pathlib.Path],
           upper: pathlib.Path | None = None) -> None:
    """All the folders seen as one, the first on top. upper: on top of them all, and where what is written goes; without,
    nothing can be written. No folder may be within another; one that has something mounted on it is seen as below the mount.
    """
    options = "lowerdir=" + ":".join(map(str, lower))
    if upper:
        work = upper.with_name(f"{upper.name}.work")
        for folder in (upper, work):
            folder.mkdir(parents=True, exist_ok=True)
        options += f",upperdir={upper},workdir={work}"
    target.mkdir(parents=True, exist_ok=True)
    _mount(workspace, target, "-t", "overlay", "-o", options, "overlay")


def _mount(workspace: Workspace, target: pathlib.Path, *arguments: object) -> None:
    # The first process of a PID name space is what isolation.py makes of a test; never mount anything for the whole machine.
    if os.getpid() != 1 or not os.environ.get(PARENT_FOLDER):
        raise RuntimeError("run this through tecs_testing.isolation")
    subprocess.run(["mount", *map(str, arguments), str(target)], check=True)
    workspace.at_end(lambda: subprocess.run(["umount", "--lazy", str(target)], check=True))
