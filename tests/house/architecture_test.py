#!/usr/bin/env python3
"""Shows that architecture.py finds what it is there to find: each row is one change to a small tree that is right."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import architecture  # noqa: E402
import include_direction  # noqa: E402

PARTS = sorted(architecture.parts())
PAGE = """# Parts

| folder | makes | what |
|---|---|---|
| `tools/` | `tecs` | for people |

Besides `milter/policy/` and %s, `tools/main.cpp` and `/etc/tecs/x.conf`.

    here `nothing/` is named
""" % ", ".join(f"`{part}/`" for part in PARTS + ["docs"] if part != "tools")

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg">
<title>a</title>
<desc>b</desc>
%s
<text data-program="tecs">tecs</text>
<path id="includes-tools-verdicts"/>
</svg>
""" % "\n".join(f'<g data-folder="{part}"/>' for part in PARTS + ["milter/policy"])

TREE = {
    "docs/architecture.md": PAGE,
    "docs/architecture.svg": PICTURE,
    "tools/main.cpp": '#include "verdicts/verdict.hpp"\n#include "tools/a.hpp"\n#include <sasl/sasl.h>\n',
    "tools/CMakeLists.txt": "add_executable(command main.cpp)\nset_target_properties(command PROPERTIES OUTPUT_NAME tecs)\n"
                            "install(TARGETS command COMPONENT tools\n  RUNTIME DESTINATION bin)\n",
    "milter/policy/a.cpp": "",
    "build-x/a.cpp": "",
    **{f"{part}/a.hpp": "" for part in PARTS},
}

# what it is, file, text to replace, replacement, want
ROWS = [
    ("nothing changed", "tools/main.cpp", "", "", None),
    ("a folder that is gone", "docs/architecture.md", "`milter/policy/`", "`milter/police/`", "architecture.md: there is no folder milter/police/"),
    ("a folder that is not named", "scripts/demo", "", "", "architecture.md: the folder scripts/ is not in it"),
    ("a file that is gone", "docs/architecture.md", "main.cpp", "mean.cpp", "architecture.md: there is no file tools/mean.cpp"),
    ("a program of the page that is gone", "docs/architecture.md", "`tecs` |", "`tics` |", "architecture.md: there is no program tics"),
    ("a program that the page lacks", "milter/CMakeLists.txt", "", "install(TARGETS tecs-milter)\n",
     "architecture.md: the program tecs-milter is not in it"),
    ("a program that the picture lacks", "sasl/CMakeLists.txt", "", "add_library(sasltecs MODULE a.cpp)\ninstall(TARGETS sasltecs)\n",
     "architecture.svg: the program libsasltecs.so is not in it"),
    ("a program that is written otherwise", "docs/architecture.svg", ">tecs<", ">tacs<", "architecture.svg: tecs is written tacs"),
    ("a part that the picture lacks", "docs/architecture.svg", '<g data-folder="smtp"/>', "", "architecture.svg: the part smtp is not in it"),
    ("a folder of the picture that is gone", "docs/architecture.svg", "milter/policy", "milter/police",
     "architecture.svg: there is no folder milter/police/"),
    ("an arrow without an include", "docs/architecture.svg", "tools-verdicts", "tools-program", "there is no include program of tools"),
    ("an include without an arrow", "signer/b.cpp", "", '#include "tecs/epoch.hpp"\n', "the include libtecs of signer is not in it"),
    ("no title", "docs/architecture.svg", "<title>a</title>", "", "architecture.svg: it has no title"),
]


class Architecture(unittest.TestCase):
    def test_rows(self):
        for name, path, text, replacement, want in ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                tree = dict(TREE)
                tree[path] = tree[path].replace(text, replacement) if text else tree.get(path, "") + replacement
                for file, contents in tree.items():
                    (root / file).parent.mkdir(parents=True, exist_ok=True)
                    (root / file).write_text(contents)
                found = "\n".join(architecture.differences(root))
                if want is None:
                    self.assertEqual(found, "")
                else:
                    self.assertIn(want, found)

    def test_parts_are_those_of_the_include_table(self):
        self.assertLessEqual({"libtecs", "milter", "tools"}, architecture.parts())
        self.assertLessEqual(architecture.parts(), {part.split("/")[0] for part in include_direction.MAY_SEE})


if __name__ == "__main__":
    unittest.main()
