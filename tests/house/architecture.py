#!/usr/bin/env python3
"""Holds docs/architecture.md and its picture to the tree: what they name is there, and what is there they name.

Usage: architecture.py ROOT. Prints every difference and exits 1 if there is one.

The picture names folders by data-folder and programs by data-program; the arrow from a part to one whose headers it includes
has the id includes-FROM-TO. The parts are those of include_direction.py, and the includes those that the sources have.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

import include_direction

FOLDER = re.compile(r"`([\w./-]+/)`")
FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.[a-z]+)`")  # a folder and a file: what is elsewhere begins with a slash
MAKES = re.compile(r"^\| `[\w-]+/` \| `([\w.-]+)` \|", re.MULTILINE)  # a row of the table of parts
# No line of ours makes these folders: a build, and what git and npm keep.
NOT_OURS = re.compile(r"build|\.|node_modules$")


def top(part):
    return part.split("/")[0]


def parts():
    return {top(part) for part in include_direction.MAY_SEE}


def includes(root):
    """Pairs of parts: the first includes headers of the second."""
    found = set()
    for part in parts():
        for source in (root / part).rglob("*.[ch]*"):
            if source.suffix not in (".cpp", ".hpp", ".c", ".h"):
                continue
            for line in source.read_text(encoding="utf-8").splitlines():
                include = include_direction.INCLUDE.match(line)
                seen = include and include_direction.part_of_include(include[1])
                # Of libraries that have a folder of that name too, only headers of ours count.
                if seen and top(seen) != part and '"' in line:
                    found.add((part, top(seen)))
    return found


def programs(root):
    """What CMake installs of targets, by the name of the file."""
    text = "\n".join(path.read_text() for path in sorted(root.glob("*/CMakeLists.txt")))
    found = set()
    for target in re.findall(r"install\(TARGETS\s+([\w-]+)", text):
        output = re.search(rf"set_target_properties\({target}\s[^)]*OUTPUT_NAME\s+([\w-]+)", text)
        name = output[1] if output else target
        is_library = re.search(rf"add_library\({target}\s+(?:SHARED|MODULE)", text)
        found.add(f"lib{name}.so" if is_library else name)
    return found


def folders_at_top(root):
    return {path.name for path in root.iterdir()
            if path.is_dir() and not NOT_OURS.match(path.name) and any(path.iterdir())}


def without_code(text):
    """Without what stands as it is typed or drawn."""
    fenced = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    return re.sub(r"^    .*$", "", fenced.sub("", text), flags=re.MULTILINE)


def compare(where, what, named, wanted):
    yield from (f"{where}: there is no {what} {name}" for name in sorted(named - wanted))
    yield from (f"{where}: the {what} {name} is not in it" for name in sorted(wanted - named))


def page_differences(root):
    where = "docs/architecture.md"
    text = (root / where).read_text(encoding="utf-8")
    prose = without_code(text)
    folders = {name.rstrip("/") for name in FOLDER.findall(prose) if not name.startswith("/")}
    yield from (f"{where}: there is no folder {name}/" for name in sorted(folders) if not (root / name).is_dir())
    for name in sorted(folders_at_top(root) - {top(folder) for folder in folders}):
        yield f"{where}: the folder {name}/ is not in it"
    files = [name for name in FILE.findall(prose)]
    yield from (f"{where}: there is no file {name}" for name in files if not (root / name).is_file())
    yield from compare(where, "program", set(MAKES.findall(prose)), programs(root))


def picture_differences(root):
    where = "docs/architecture.svg"
    elements = list(xml.etree.ElementTree.parse(root / where).getroot().iter())
    folders = [element.get("data-folder") for element in elements if element.get("data-folder")]
    yield from (f"{where}: there is no folder {name}/" for name in folders if not (root / name).is_dir())
    yield from compare(where, "part", {name for name in folders if "/" not in name}, parts())
    shown = {}
    for element in elements:
        if element.get("data-program"):
            shown[element.get("data-program")] = "".join(element.itertext())
    yield from compare(where, "program", set(shown), programs(root))
    yield from (f"{where}: {name} is written {text}" for name, text in shown.items() if name != text)
    arrows = {tuple(element.get("id").split("-")[1:]) for element in elements
              if (element.get("id") or "").startswith("includes-")}
    yield from compare(where, "include", {" of ".join(arrow[::-1]) for arrow in arrows},
                       {" of ".join(pair[::-1]) for pair in includes(root)})
    names = {element.tag.rpartition("}")[2] for element in elements}
    yield from (f"{where}: it has no {name}" for name in ("title", "desc") if name not in names)


def differences(root):
    root = pathlib.Path(root)
    yield from page_differences(root)
    yield from picture_differences(root)


def main():
    found = list(differences(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
