"""Each option that a program's --help lists is in its man page, and the other way round.

Usage: man_page_options.py FOLDER_OF_PAGES PROGRAM...

A page is named after its program. What can stand in its configuration file may have a page of its own, PROGRAM.conf.5,
and is then not repeated in the program's. A command whose --help lists subcommands has in its page a list of options for
each of them, under a heading of that name, and its own under "help". A subcommand that lists subcommands in its turn is
a command with pages of its own: tecs-verdicts.1 for `tecs verdicts`. Ends with 1 when there is a difference.
"""

import pathlib
import re
import subprocess
import sys
from dataclasses import dataclass

OPTION_IN_HELP = re.compile(r"^  (?:-(\w), )?--([a-z][a-z0-9-]*)")
KEY_IN_PAGE = re.compile(r"^\.It Ic ([a-z][a-z0-9-]*)", re.MULTILINE)
OPTION_IN_PAGE = re.compile(r"\bFl (-?[\w-]+)")


def help_of(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout


def block_after(text, heading):
    """The lines from below a heading to the next empty one."""
    lines = text.split("\n")
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start)]


def options_in_help(text):
    found = set()
    for line in block_after(text, "Options:"):
        if match := OPTION_IN_HELP.match(line):
            found.add("--" + match.group(2))
            if match.group(1):
                found.add("-" + match.group(1))
    return found


def options_in_page(text):
    return {
        "-" + name
        for line in text.split("\n")
        if line.startswith(".It Fl ")
        for name in OPTION_IN_PAGE.findall(line)
    }


def keys_in_page(text):
    """Of a configuration file, each of which is an option too."""
    return {"--" + key for key in KEY_IN_PAGE.findall(text)}


def options_in_synopsis(text):
    return {"-" + name for name in OPTION_IN_PAGE.findall(text)}


def section(page, macro, name):
    """What stands below a heading, up to the next one of its kind or a higher one."""
    higher = r"^\.Sh " if macro == "Sh" else r"^\.S[hs] "
    below = re.split(rf"^\.{macro} {name}$", page, flags=re.MULTILINE)[1:]
    return re.split(higher, below[0], flags=re.MULTILINE)[0] if below else ""


def is_table(text):
    return "Subcommands:" in text.split("\n")


def subcommands(overview):
    return [line.split()[0] for line in block_after(overview, "Subcommands:")]


def forms_of_synopsis(synopsis):
    """By subcommand, which can have several; the command's own ones under an empty name."""
    forms = {}
    for form in re.split(r"^\.Nm.*\n", synopsis, flags=re.MULTILINE):
        name = form.split()[1] if form.startswith(".Cm ") else ""
        forms[name] = forms.get(name, "") + form
    return forms


@dataclass(frozen=True)
class Comparison:
    """Options as they are named in three places."""

    title: str
    page: str  # name of the file
    in_help: set[str]
    in_page: set[str]
    in_synopsis: set[str]

    def differences(self):
        title, page = self.title, self.page
        if not self.in_help:
            yield f"{title}: --help lists no options"
        long_options = {option for option in self.in_help if option.startswith("--")}
        yield from (f"{title}: {option} is not described in {page}" for option in sorted(self.in_help - self.in_page))
        yield from (f"{title}: {page} describes {option}, which is not there"
                    for option in sorted(self.in_page - self.in_help))
        yield from (f"{title}: {option} is not in the synopsis" for option in sorted(long_options - self.in_synopsis))
        yield from (f"{title}: {option} of the synopsis is not there" for option in sorted(self.in_synopsis - self.in_help))


class Pages:
    def __init__(self, folder):
        self._folder = pathlib.Path(folder)

    def of_program(self, program):
        """The comparisons for the program and all its subcommands."""
        name = pathlib.Path(program).name
        overview = help_of(program, "--help")
        if is_table(overview):
            yield from self._of_table([program], name, overview, {"--version"})
            return
        page, text = self._page(name)
        keys = self._keys(name)
        in_help = options_in_help(overview)
        in_synopsis = options_in_synopsis(section(text, "Sh", "SYNOPSIS"))
        yield Comparison(name, page, in_help, options_in_page(text) | keys, in_synopsis | (keys & in_help))

    def _of_table(self, command, name, overview, further):
        """further: options that stand alone in place of a subcommand, besides --help."""
        page, text = self._page(name)
        keys = self._keys(name)
        title = " ".join([pathlib.Path(command[0]).name, *command[1:]])
        forms = forms_of_synopsis(section(text, "Sh", "SYNOPSIS"))
        used = set()
        for subcommand in subcommands(overview):
            described = help_of(*command, subcommand, "--help")
            form = options_in_synopsis(forms.pop(subcommand, ""))
            if is_table(described):
                yield from self._of_table([*command, subcommand], f"{name}-{subcommand}", described, set())
                continue
            in_help = options_in_help(described)
            used |= in_help
            in_page = options_in_page(section(text, "Ss", subcommand)) | (keys & in_help)
            yield Comparison(f"{title} {subcommand}", page, in_help, in_page, form | {"--help"} | (keys & in_help))
        if keys:
            yield Comparison(title, f"{name}.conf.5", keys & used, keys, keys & used)
        own = {"-h", "--help"} | further
        yield Comparison(title, page, own, options_in_page(section(text, "Ss", "help")),
                         options_in_synopsis(forms.get("", "")))

    def _page(self, name):
        """Its name and its text, which is empty when it is not there."""
        path = next(self._folder.glob(f"{name}.[18]"), None)
        return (path.name, path.read_text()) if path else (f"{name}.1", "")

    def _keys(self, name):
        configuration = self._folder / f"{name}.conf.5"
        return keys_in_page(configuration.read_text()) if configuration.exists() else set()


def differences(program, folder):
    for comparison in Pages(folder).of_program(program):
        yield from comparison.differences()


def main(folder, *programs):
    found = [line for program in programs for line in differences(program, folder)]
    print("\n".join(found) or f"{len(programs)} man pages describe what --help lists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
