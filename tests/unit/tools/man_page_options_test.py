"""Shows that man_page_options.py finds what it is there to find: each row is one change to a program or its page."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import man_page_options  # noqa: E402

HELP = """Usage: tecs-x --key FILE

Signs. See --other in that page.

Options:
  --key FILE  the key,
              --not-an-option
  -h, --help  print this

Examples:
  tecs-x --example
"""

PAGE = """.Sh SYNOPSIS
.Nm
.Fl -key Ar FILE
.Nm
.Fl -help
.Sh OPTIONS
.It Fl -key Ar FILE
Not
.Fl -other .
.It Fl h , Fl -help
"""

# name, text to replace, replacement, want
ROWS = [
    ("nothing changed", "", "", []),
    ("option missing in the page", ".It Fl -key Ar FILE\n", "", ["tecs-x: --key is not described in tecs-x.8"]),
    ("short form missing in the page", ".It Fl h , Fl", ".It Fl", ["tecs-x: -h is not described in tecs-x.8"]),
    ("option of the page is gone", ".It Fl h", ".It Fl -old\n.It Fl h", ["tecs-x: tecs-x.8 describes --old, which is not there"]),
    ("option missing in the synopsis", ".Fl -key Ar FILE\n.Nm\n", "", ["tecs-x: --key is not in the synopsis"]),
    ("option of the synopsis is gone", ".Fl -help\n", ".Fl -help | Fl -old\n", ["tecs-x: --old of the synopsis is not there"]),
]


class ManPageOptions(unittest.TestCase):
    def test_rows(self):
        for name, old, new, want in ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                program = pathlib.Path(folder, "tecs-x")
                program.write_text(f"#!/bin/sh\ncat <<'TEXT'\n{HELP}TEXT\n")
                program.chmod(0o755)
                pathlib.Path(folder, "tecs-x.8").write_text(PAGE.replace(old, new, 1))
                self.assertEqual(list(man_page_options.differences(program, folder)), want)

    def test_keys_of_the_configuration_file_have_a_page_of_their_own(self):
        for name, keys, want in (
            ("described there", ".It Ic key Ns = Ns Ar FILE\n", []),
            ("described nowhere", ".It Ic other\n", ["tecs-x: --key is not described in tecs-x.8",
                                                    "tecs-x: tecs-x.8 describes --other, which is not there",
                                                    "tecs-x: --key is not in the synopsis"]),
        ):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                program = pathlib.Path(folder, "tecs-x")
                program.write_text(f"#!/bin/sh\ncat <<'TEXT'\n{HELP}TEXT\n")
                program.chmod(0o755)
                page = PAGE.replace(".Fl -key Ar FILE\n.Nm\n", "").replace(".It Fl -key Ar FILE\n", "")
                pathlib.Path(folder, "tecs-x.8").write_text(page)
                pathlib.Path(folder, "tecs-x.conf.5").write_text(keys)
                self.assertEqual(list(man_page_options.differences(program, folder)), want)


if __name__ == "__main__":
    unittest.main()
