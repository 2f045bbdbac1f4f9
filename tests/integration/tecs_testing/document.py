"""The configuration that a document shows, so that a test runs what an administrator would copy."""

import pathlib
import re
from dataclasses import dataclass

_FOLDER = pathlib.Path(__file__).resolve().parents[3] / "docs"


def text_of(document: str) -> str:
    return (_FOLDER / document).read_text()


def shown_files(document: str, variant: str = "") -> dict[str, str]:
    """By path, the files that docs/DOCUMENT shows: fenced blocks whose first line names a path, ```ini /etc/tecs/milter.conf.

    variant: the word that follows the path, where a document shows a file in several.
    """
    heading = rf"```\w+ (/\S+){' ' + re.escape(variant) if variant else ''}"
    shown: dict[str, str] = {}
    for path, content in re.findall(rf"^{heading}\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL):
        if path in shown:
            raise ValueError(f"{document} shows {path} twice")
        shown[path] = content
    if not shown:
        raise ValueError(f"{document} shows no file")
    return shown


def shown_command(document: str, word: str) -> tuple[str, str]:
    """The one command of an ordinary user that has this word in it, and the line that the document shows as its answer."""
    found = re.findall(rf"^\$ (.*\b{re.escape(word)}\b.*)\n(.*)\n", text_of(document), re.MULTILINE)
    if len(found) != 1:
        raise ValueError(f"{document} shows {len(found)} commands with {word}")
    return found[0]


@dataclass(frozen=True)
class ShownCommand:
    """What a document has somebody type, and what it shows as the answer, if it does."""

    text: str
    answer: str


def section_of(document: str, heading: str) -> str:
    """From a heading, "## " or "### " included, up to the next one of its kind or a higher one."""
    _, found, rest = text_of(document).partition(f"\n{heading}\n")
    if not found:
        raise ValueError(f"{document} has no {heading}")
    return re.split(rf"^#{{2,{heading.index(' ')}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def shown_commands(document: str, heading: str) -> list[ShownCommand]:
    """Those of a section, in its ```console blocks, by root and by others."""
    commands: list[ShownCommand] = []
    for block in re.findall(r"^```console\n(.*?)^```$", section_of(document, heading), re.MULTILINE | re.DOTALL):
        for text, answer in re.findall(r"^[#$] (.*)\n((?:(?![#$] ).*\n)*)", block, re.MULTILINE):
            commands.append(ShownCommand(text, answer))
    return commands


def shown_script(document: str, heading: str) -> list[str]:
    """The lines of the one ```sh block of a section that is no file."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", section_of(document, heading), re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise ValueError(f"{document} shows {len(blocks)} scripts below {heading}")
    return blocks[0].splitlines()


@dataclass(frozen=True)
class ShownService:
    """Lines of master.cf as a document shows them: a service of postfix.Postfix."""

    text: str

    def line(self) -> str:
        return self.text


def shown_settings(text: str) -> dict[str, str]:
    """Those of a main.cf."""
    return dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in text.splitlines())
