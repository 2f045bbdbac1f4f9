"""Compiles one source of a build in another text, and links what is tested with it, beside the build and not in it."""

from __future__ import annotations

import functools
import json
import pathlib
import re
import shlex
import subprocess

PATIENCE = 1800  # seconds, for one compilation or one link: the machine may be busy with other things


class BuildError(Exception):
    """The build lacks what is needed."""


class Build:
    """A build of ours, made with Ninja. It is only read."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder.resolve()
        try:
            commands = json.loads((self.folder / "compile_commands.json").read_text(encoding="utf-8"))
        except OSError as error:
            raise BuildError(f"{self.folder} is not a build: {error}") from error
        self._commands = {command["file"]: command["command"] for command in commands}
        self.sanitized = any("-fsanitize=" in command for command in self._commands.values())

    def compile(self, source: pathlib.Path, text: str, folder: pathlib.Path) -> pathlib.Path | None:
        """The object that the text gives in place of that source; None if the compiler refuses it."""
        command = self._commands.get(str(source))
        if command is None:
            raise BuildError(f"{source} is not compiled in {self.folder}")
        words = without_launcher(shlex.split(command))
        words = words[:words.index("-o")]
        changed, made = folder / source.name, folder / f"{source.name}.o"
        changed.write_text(text, encoding="utf-8")
        # Quick to compile, and warnings are for people. An empty optional or a place behind the end is to be noticed.
        options = ["-w", "-O0", "-D_GLIBCXX_ASSERTIONS", "-iquote", str(source.parent)]
        done = self._run([*words, *options, "-o", str(made), "-c", str(changed)])
        return made if done.returncode == 0 else None

    def link_library(self, source: pathlib.Path, made: pathlib.Path, folder: pathlib.Path) -> bool:
        """libtecs with this object in place of the source's own. False if there are names missing then."""
        library = next((self.folder / "lib").glob("libtecs.so.*.*"), None)
        if library is None:
            raise BuildError(f"{self.folder} has no libtecs; build it first")
        words = self._link_words(str(library.relative_to(self.folder)))
        own = [word for word in words if word.endswith(f"/{source.parent.name}/{source.name}.o")]
        if len(own) != 1:
            raise BuildError(f"{library} has {len(own)} objects of {source}")
        return self._link([str(made) if word == own[0] else word for word in words], folder / "libtecs.so.0")

    def link_program(self, name: str, made: pathlib.Path, folder: pathlib.Path) -> bool:
        """A program of tests with this object, which the linker then does not look for in its archive."""
        words = self._link_words(f"bin/{name}")
        first = next(index for index, word in enumerate(words) if word.endswith(".o"))
        return self._link([*words[:first], str(made), *words[first:]], folder / name)

    @functools.cache  # pylint: disable=method-cache-max-size-none
    def _link_words(self, product: str) -> list[str]:
        done = self._run(["ninja", "-t", "commands", "-s", product])
        match = re.match(r": && (.*?) &&", done.stdout)
        if done.returncode != 0 or match is None:
            raise BuildError(f"ninja does not tell how {product} is linked:\n{done.stdout}{done.stderr}")
        return without_launcher(shlex.split(match[1]))

    def _link(self, words: list[str], product: pathlib.Path) -> bool:
        words = list(words)
        words[words.index("-o") + 1] = str(product)
        return self._run(words).returncode == 0

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BuildError(f"{words[0]}: {error}") from error


def without_launcher(words: list[str]) -> list[str]:
    """What a cache of compilations would keep of mutants is of no use to anybody."""
    return words[1:] if pathlib.Path(words[0]).name == "ccache" else words
