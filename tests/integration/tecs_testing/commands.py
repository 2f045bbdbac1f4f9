"""The command `tecs`, as the tests and the demo use it."""

import json
import os
import pathlib
import shutil
import subprocess
from dataclasses import dataclass

from .workspace import Workspace


def program_path(name: str) -> pathlib.Path:
    """Where the build put a program. TECS_BIN says which build; ctest sets it."""
    folder = os.environ.get("TECS_BIN")
    if not folder:
        raise RuntimeError("set TECS_BIN to the folder with the programs, for example build/bin")
    return pathlib.Path(folder).resolve() / name


def installed(workspace: Workspace, name: str) -> tuple[pathlib.Path, dict[str, str]]:
    """A copy of a program, with its library, that any user can run, and the environment to run it in. The folder of the
    build may be for its owner only."""
    built = program_path(name)
    folder = workspace.folder("programs")
    for source in (built, *built.parent.parent.glob("lib/libtecs.so*")):
        if not (folder / source.name).is_symlink() and not (folder / source.name).exists():
            shutil.copy2(source, folder / source.name, follow_symlinks=False)
    return folder / name, {"LD_LIBRARY_PATH": str(folder)}


def tecs(*arguments: object) -> str:
    """What `tecs` prints. Fails with what it complains of."""
    done = subprocess.run([program_path("tecs"), *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"tecs {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
    return done.stdout


@dataclass(frozen=True)
class SigningDomain:
    """A domain with a key of its own, and the record that its owner was told to publish."""

    name: str
    selector: str | None
    key: pathlib.Path
    record: str

    def sign(self, destination: str, source: str, *options: object) -> str:
        """The base64 of a credential for this connection."""
        selector = ["--selector", self.selector] if self.selector else []
        return tecs("sign", "--key", self.key, "--domain", self.name, *selector, "--destination", destination,
                    "--source", source, "--format", "base64", *options).strip()


def make_domain(workspace: Workspace, name: str, *, algorithm: str = "rsa-sha256", bits: int = 2048,
                selector: str | None = None, file_name: str | None = None,
                owner: tuple[int, int] | None = None) -> SigningDomain:
    """owner: who is to read the private key, when it is not root."""
    key = workspace.folder("keys") / f"{file_name or name}.pem"
    size = ["--bits", bits] if algorithm == "rsa-sha256" else []
    named = ["--selector", selector] if selector else []
    record = tecs("keygen", "--domain", name, *named, "--algorithm", algorithm, *size, "--out", key)
    if owner:
        os.chown(key, *owner)
    return SigningDomain(name, selector, key, record)


class VerdictLog:
    """The verdicts in a store, as `tecs verdicts` tells them."""

    def __init__(self, store: pathlib.Path):
        self.store = f"sqlite:{store}"
        self._file = store

    def lines(self, *options: object) -> list[str]:
        """In JSON, newest first."""
        if not self._file.exists():
            return []
        return tecs("verdicts", "--store", self.store, "--format", "json", *options).splitlines()

    def all(self, *options: object) -> list[dict]:
        return [json.loads(line) for line in self.lines(*options)]

    def of_client(self, client: str, *, with_mail: bool = False) -> dict | None:
        """The verdict on the connection from this end point, once it is written. with_mail: on one that brought some, as a port
        may come again."""
        return next((each for each in self.all() if each["client"] == client and (each["messages"] or not with_mail)), None)
