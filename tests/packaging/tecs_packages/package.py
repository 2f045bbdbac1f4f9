"""Packages as they were built: what dpkg says of them, and copies of a later version for upgrades."""

import pathlib
import re
import subprocess
from dataclasses import dataclass
from typing import Iterable

NAMES = ("libtecs0", "libtecs-dev", "tecs-milter", "tecs-signer", "tecs-tools", "libsasl2-modules-tecs")


def run(*command: str, folder: pathlib.Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@dataclass(frozen=True)
class Entry:
    mode: str  # as ls -l shows it
    owner: str
    time: str
    path: str
    target: str = ""  # of a symbolic link


@dataclass(frozen=True)
class Package:
    file: pathlib.Path

    def field(self, name: str) -> str:
        return run("dpkg-deb", "--field", str(self.file), name).strip()

    @property
    def name(self) -> str:
        return self.field("Package")

    @property
    def version(self) -> str:
        return self.field("Version")

    def control_file(self, name: str) -> str:
        """Empty when the package has none."""
        done = subprocess.run(["dpkg-deb", "--info", str(self.file), name], capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def entries(self) -> list[Entry]:
        lines = run("env", "TZ=UTC", "dpkg-deb", "--contents", str(self.file)).splitlines()
        form = re.compile(r"(\S+) (\S+) +\d+ (\S+ \S+) \.(/.*?)/?(?: -> (.*))?$")
        return [Entry(*found.groups(default="")) for found in map(form.match, lines) if found]

    def files(self) -> set[str]:
        return {each.path for each in self.entries() if not each.mode.startswith("d")}

    def at_version(self, version: str, folder: pathlib.Path, added: dict[str, str]) -> "Package":
        """A copy that says so, with lines added to some of its files."""
        tree = folder / self.name
        run("dpkg-deb", "--raw-extract", str(self.file), str(tree))
        for path in ("control", "symbols", "shlibs"):
            described = tree / "DEBIAN" / path
            if described.exists():
                described.write_text(described.read_text().replace(self.version, version))
        for path, line in added.items():
            if (tree / path).exists():
                with (tree / path).open("a") as changed:
                    changed.write(line + "\n")
        copy = folder / f"{self.name}_{version}.deb"
        run("dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(copy))
        return Package(copy)


def packages_in(folder: pathlib.Path) -> dict[str, Package]:
    found = [Package(file) for file in sorted(folder.glob("*.deb"))]
    return {each.name: each for each in found}


def outside_dependencies(packages: Iterable[Package]) -> list[str]:
    """What has to be fetched before they can be installed: the names, without versions."""
    own = set(NAMES)
    words: set[str] = set()
    for package in packages:
        for relation in ("Depends", "Recommends"):
            for clause in package.field(relation).split(","):
                name = clause.split("|")[0].split("(")[0].strip()
                if name and name not in own:
                    words.add(name)
    return sorted(words)
