#!/usr/bin/env python3
"""Holds links between documents: each relative one leads to a file, its anchor to a heading, and each man page is there.

Usage: links.py ROOT. Prints every link that leads nowhere as file:line, and every page of docs/ to which docs/README.md or
README.md does not lead, and exits 1 if there is one.

A man page is named as in `tecs-milter(8)`, or so without backticks; of those whose name begins with tecs or libtecs, in the documents
and in the man pages (.Xr), each must be in docs/man. rfc-draft/ is not looked at: its source has a syntax of its own.
"""

import collections
import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$")
MAN_PAGE = re.compile(r"(?<![\w/.-])((?:lib)?tecs[\w.-]*)\(([1-8])\)")
REFERENCE = re.compile(r"^\.Xr ((?:lib)?tecs\S*) ([1-8])", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
NOT_OURS = re.compile(r"build|\.|node_modules$|rfc-draft$")


def documents(root):
    for path in sorted(root.rglob("*.md")):
        if not any(NOT_OURS.match(part) for part in path.relative_to(root).parts[:-1]):
            yield path


def prose(text):
    """Number and text of each line that is not in a fenced block, nor drawn."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            yield number, line


def anchors(text):
    """As GitHub makes them of headings."""
    seen = collections.Counter()
    found = set()
    for _, line in prose(text):
        heading = HEADING.match(line)
        if not heading:
            continue
        shown = LINK.sub(lambda link: link[0][1:].split("]")[0], heading[1])
        name = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def wrong(path, target, root):
    """What is wrong with a link in this file, or None."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    file = (path.parent / name).resolve() if name else path.resolve()
    if root.resolve() not in [file, *file.parents]:
        return f"{target} leads out of the tree"
    if not file.exists():
        return f"{target} leads nowhere"
    if anchor and (file.suffix != ".md" or anchor not in anchors(file.read_text(encoding="utf-8"))):
        return f"{target}: there is no such heading"
    return None


def not_listed(root):
    for reading in ("README.md", "docs/README.md"):
        path = root / reading
        text = path.read_text(encoding="utf-8")
        listed = {(path.parent / link.partition("#")[0]).resolve() for link in LINK.findall(text)} | {path.resolve()}
        for page in sorted((root / "docs").glob("*.md")):
            if page.resolve() not in listed:
                yield f"{reading}: it does not lead to docs/{page.name}"


def differences(root):
    root = pathlib.Path(root)
    pages = {path.name for path in (root / "docs/man").glob("*")}
    for path in documents(root):
        place = path.relative_to(root)
        for number, line in prose(path.read_text(encoding="utf-8")):
            links = LINK.findall(CODE.sub(lambda code: "`" * len(code[0]), line))
            yield from (f"{place}:{number}: {why}" for why in (wrong(path, link, root) for link in links) if why)
            for name, section in MAN_PAGE.findall(line):
                if f"{name}.{section}" not in pages:
                    yield f"{place}:{number}: there is no man page {name}({section})"
    for path in sorted((root / "docs/man").glob("*")):
        for name, section in REFERENCE.findall(path.read_text(encoding="utf-8")):
            if f"{name}.{section}" not in pages:
                yield f"{path.relative_to(root)}: there is no man page {name}({section})"
    yield from not_listed(root)


def main():
    found = list(differences(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
