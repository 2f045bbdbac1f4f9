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


TABLE_HELP = """Usage: tecs-x SUBCOMMAND

Subcommands:
  sign  signs
  book  keeps

'tecs-x help SUBCOMMAND' says more.
"""

BOOK_HELP = """Usage: tecs-x book SUBCOMMAND

Subcommands:
  read  reads

'tecs-x book help SUBCOMMAND' says more.
"""

# What --help prints, by what stands before it.
TABLE = {"": TABLE_HELP, "sign": HELP, "book": BOOK_HELP,
         "book read": "Usage: tecs-x book read\n\nOptions:\n  --rate N    how many\n  -h, --help  print this\n"}

OWN_PAGE = """.Sh SYNOPSIS
.Nm
.Cm sign
.Fl -key Ar FILE
.Nm
.Cm book
.Ar SUBCOMMAND
.Nm
.Cm help
.Op Ar SUBCOMMAND
.Nm
.Fl -help | Fl -version
.Sh DESCRIPTION
.Ss sign
.It Fl -key Ar FILE
.It Fl h , Fl -help
.Ss book
Has a page of its own.
.Ss help
.It Fl h , Fl -help
.It Fl -version
"""

BOOK_PAGE = """.Sh SYNOPSIS
.Nm
.Cm read
.Op Fl -rate Ar N
.Nm
.Fl -help
.Sh DESCRIPTION
.Ss read
.It Fl -rate Ar N
.It Fl h , Fl -help
.Ss help
.It Fl h , Fl -help
"""

# name, page, text to replace, replacement, want
TABLE_ROWS = [
    ("nothing changed", "tecs-x.1", "", "", []),
    ("option of a subcommand", "tecs-x.1", ".It Fl -key Ar FILE\n", "",
     ["tecs-x sign: --key is not described in tecs-x.1"]),
    ("option of another subcommand", "tecs-x-book.1", ".It Fl -rate", ".It Fl -key",
     ["tecs-x book read: --rate is not described in tecs-x-book.1",
      "tecs-x book read: tecs-x-book.1 describes --key, which is not there"]),
    ("form of a subcommand", "tecs-x-book.1", ".Op Fl -rate Ar N\n", "",
     ["tecs-x book read: --rate is not in the synopsis"]),
    ("the command's own option", "tecs-x.1", ".It Fl -version\n", "",
     ["tecs-x: --version is not described in tecs-x.1"]),
    ("no page", "tecs-x-book.1", BOOK_PAGE, "",
     ["tecs-x book read: --help is not described in tecs-x-book.1",
      "tecs-x book read: --rate is not described in tecs-x-book.1",
      "tecs-x book read: -h is not described in tecs-x-book.1",
      "tecs-x book read: --rate is not in the synopsis",
      "tecs-x book: --help is not described in tecs-x-book.1", "tecs-x book: -h is not described in tecs-x-book.1",
      "tecs-x book: --help is not in the synopsis"]),
    ("key of a configuration file", "tecs-x-book.conf.5", "", ".It Ic rate No = Ar N\n.It Ic old No = Ar N\n",
     ["tecs-x book: tecs-x-book.conf.5 describes --old, which is not there"]),
]


def write_program(folder, help_texts):
    program = pathlib.Path(folder, "tecs-x")
    cases = "".join(f"  '{words + ' ' if words else ''}--help') cat <<'TEXT'\n{text}TEXT\n  ;;\n"
                    for words, text in help_texts.items())
    program.write_text(f"#!/bin/sh\ncase \"$*\" in\n{cases}esac\n")
    program.chmod(0o755)
    return program


class ManPageOptions(unittest.TestCase):
    def test_rows(self):
        for name, old, new, want in ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                program = write_program(folder, {"": HELP})
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
                program = write_program(folder, {"": HELP})
                page = PAGE.replace(".Fl -key Ar FILE\n.Nm\n", "").replace(".It Fl -key Ar FILE\n", "")
                pathlib.Path(folder, "tecs-x.8").write_text(page)
                pathlib.Path(folder, "tecs-x.conf.5").write_text(keys)
                self.assertEqual(list(man_page_options.differences(program, folder)), want)

    def test_subcommands_that_have_subcommands(self):
        for name, page, old, new, want in TABLE_ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                pages = {"tecs-x.1": OWN_PAGE, "tecs-x-book.1": BOOK_PAGE}
                pages[page] = pages.get(page, "").replace(old, new, 1)
                for file, text in pages.items():
                    pathlib.Path(folder, file).write_text(text)
                program = write_program(folder, TABLE)
                self.assertEqual(list(man_page_options.differences(program, folder)), want)


if __name__ == "__main__":
    unittest.main()
