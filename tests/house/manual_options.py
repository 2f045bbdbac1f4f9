#!/usr/bin/env python3
"""Holds the man pages of settings (section 5) to the programs: a page has just the keys and words that its file may hold.

Usage: manual_options.py ROOT TECS TECS-MILTER TECS-SIGNER. Prints every difference and exits 1 if there is one.

The programs are asked: what they take from a file, they take from one of a single line, and of what they do not they say what
they would. That the options of --help and the man pages of the programs are the same, and each in its section, is held by
tests/unit/tools/man_page_options.py.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HELP_OPTION = re.compile(r"^  (?:-\w, )?--([a-z][a-z0-9-]*)", re.MULTILINE)
KEY = re.compile(r"^\.It Ic ([a-z][a-z0-9-]*)", re.MULTILINE)
# An entry of a list: with what follows the word, which is "=" of a setting, ":" of a kind, or nothing.
WORD = re.compile(r"^\.It Cm ([a-z]+[=:]?)", re.MULTILINE)
NOT_IN_FILE = re.compile(r"there is no such option|this option is for the command line only")


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout + done.stderr


def complaint(command, line):
    """What the program says to a file of this line, whose name is put at the end of the command."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(line + "\n")
        file.flush()
        return output(*command, file.name)


def subcommands(text):
    table = text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z-]+)", table, re.MULTILINE)


def options(*command):
    """Of the program, and of all its subcommands, by --help."""
    text = output(*command, "--help")
    if "Subcommands:" not in text:
        return set(HELP_OPTION.findall(text))
    return set().union(*(options(*command, subcommand) for subcommand in subcommands(text)))


def taken(command, candidates):
    return {key for key in candidates if not NOT_IN_FILE.search(complaint(command, f"{key} = ?"))}


def compare(page, what, in_page, in_program):
    yield from (f"{page}: there is no {what} {name}" for name in sorted(in_page - in_program))
    yield from (f"{page}: the {what} {name} is not in it" for name in sorted(in_program - in_page))


class Pages:
    def __init__(self, root, tecs, milter, signer):
        self._root = pathlib.Path(root)
        self._tecs, self._milter, self._signer = tecs, milter, signer

    def differences(self):
        for name, asked, command in (
                ("tecs-milter", [self._milter], [self._milter, "--check-config", "--config"]),
                ("tecs-signer", [self._signer], [self._signer, "--check-config", "--config"]),
                ("tecs-reputation", [self._tecs, "reputation"], [self._tecs, "reputation", "list", "--configuration"])):
            page, text = self._page(f"{name}.conf")
            keys = set(KEY.findall(text))
            yield from compare(page, "key", keys, taken(command, keys | options(*asked)))
        yield from self._check()
        yield from self._sasl_client()
        yield from self._destinations()
        yield from self._identities()

    def _page(self, name):
        path = self._root / "docs/man" / f"{name}.5"
        return path.name, path.read_text(encoding="utf-8")

    def _check(self):
        """tecs.1 has one list for all that can be checked, held to the --help of all; so that has to have those of each."""
        text = output(self._tecs, "check", "--help")
        servers = set(re.findall(r"tecs check ([a-z]+)", text.partition("\n\n")[0]))
        each = set().union(*(options(self._tecs, "check", server) for server in servers))
        yield from compare("tecs check --help", "option", set(HELP_OPTION.findall(text)), each)

    def _sasl_client(self):
        """The plugin is no program that could be asked."""
        page, text = self._page("tecs-sasl-client.conf")
        source = (self._root / "sasl/client_configuration.cpp").read_text(encoding="utf-8")
        yield from compare(page, "key", set(KEY.findall(text)), set(re.findall(r'line\.key [=!]= "([a-z-]+)"', source)))

    def _signer_says(self, option, line, *further):
        return complaint([self._signer, "--upstream", "192.0.2.25:25", "--check-config", *further, option], line)

    def _destinations(self):
        page, text = self._page("tecs-signer-destinations")
        words = set(WORD.findall(text)) - {"default"}
        settings, levels = (
            re.findall(pattern, self._signer_says("--destinations", line, "--identities", "/dev/null").partition(" is not ")[2])
            for pattern, line in ((r"([a-z]+=)", "default may ?"), (r"[a-z]+", "default ?")))
        yield from compare(page, "word", words, set(settings) | set(levels) - {"or"})

    def _identities(self):
        page, text = self._page("tecs-signer-identities")
        said = self._signer_says("--identities", "? unsigned").partition("begins with ")[2]
        yield from compare(page, "word", set(WORD.findall(text)), set(re.findall(r"[a-z]+:?", said)) - {"or"})


def main(*arguments):
    found = list(Pages(*arguments).differences())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
