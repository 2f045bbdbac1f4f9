"""Each option that a program's --help lists is in its man page, and the other way round.

Usage: man_page_options.py FOLDER_OF_PAGES PROGRAM...

A page is named after its program. What can stand in its configuration file may have a page of its own, PROGRAM.conf.5,
and is then not repeated in the program's. The command tecs has a list of options for each subcommand, under a heading of that
name, and its own under "help". Ends with 1 when there is a difference.
"""

import pathlib
import re
import subprocess
import sys

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


def subcommands(overview):
    return [line.split()[0] for line in block_after(overview, "Subcommands:")]


def expectations(program, page, keys):
    """Rows of: what is compared, options in --help, options in the man page, options in its synopsis."""
    synopsis = section(page, "Sh", "SYNOPSIS")
    name = pathlib.Path(program).name
    if name != "tecs":
        in_help = options_in_help(help_of(program, "--help"))
        yield name, in_help, options_in_page(page) | keys, options_in_synopsis(synopsis) | (keys & in_help)
        return
    forms = {}
    for form in synopsis.split(".Nm\n"):
        if form.startswith(".Cm "):  # a subcommand can have several
            forms[form.split()[1]] = forms.get(form.split()[1], "") + form
    for subcommand in subcommands(help_of(program, "--help")):
        in_help = options_in_help(help_of(program, subcommand, "--help"))
        in_synopsis = options_in_synopsis(forms.get(subcommand, "")) | {"--help"}
        yield f"tecs {subcommand}", in_help, options_in_page(section(page, "Ss", subcommand)), in_synopsis
    own = {"-h", "--help", "--version"}
    yield "tecs", own, options_in_page(section(page, "Ss", "help")), options_in_synopsis(synopsis)


def differences(program, folder):
    name = pathlib.Path(program).name
    (path,) = pathlib.Path(folder).glob(f"{name}.[18]")
    configuration = pathlib.Path(folder) / f"{name}.conf.5"
    keys = keys_in_page(configuration.read_text()) if configuration.exists() else set()
    for title, in_help, in_page, in_synopsis in expectations(program, path.read_text(), keys):
        if not in_help:
            yield f"{title}: --help lists no options"
        long_options = {option for option in in_help if option.startswith("--")}
        yield from (f"{title}: {option} is not described in {path.name}" for option in sorted(in_help - in_page))
        yield from (f"{title}: {path.name} describes {option}, which is not there" for option in sorted(in_page - in_help))
        yield from (f"{title}: {option} is not in the synopsis" for option in sorted(long_options - in_synopsis))
        if title != "tecs":
            yield from (f"{title}: {option} of the synopsis is not there" for option in sorted(in_synopsis - in_help))


def main(folder, *programs):
    found = [line for program in programs for line in differences(program, folder)]
    print("\n".join(found) or f"{len(programs)} man pages describe what --help lists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
