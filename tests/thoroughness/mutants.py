"""Makes mutants of a C++ source by its text: each has one small mistake that a person could have made.

What a mutant changes is told from the text alone, as it is laid out by clang-format: a binary operator has white space
on both sides, the brackets of a template have not. A mutant that the compiler refuses is none; so a guess that is wrong
costs a compilation and nothing else.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

# What the compiler does not run: comments and directives go, literals keep their length.
NOT_RUN = re.compile(
    r'//[^\n]*|/\*.*?\*/|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*|R"([^(\n]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'", re.DOTALL | re.MULTILINE)
OPERATORS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&",
             "+": "-", "-": "+", "+=": "-=", "-=": "+=", "++": "--", "--": "++"}
BINARY = re.compile(r'(?<=[^"]\s)(?:==|!=|<=|>=|&&|\|\||\+=|-=|<|>|\+|-)(?=\s(?!\s*"))')
STEP = re.compile(r"(?<!; )(?:\+\+|--)(?=[\w*(])|(?<=[\w\])])(?:\+\+|--)")  # one after "; " is that of a loop
TRUTH = re.compile(r"\b(?:true|false)\b")
NOT = re.compile(r"(?<![\w!(])(?<!; )!(?=[\w(*])")  # one at the beginning of a condition goes when that is negated
# Bounds: what something is compared with, and what a constant is.
BOUND = re.compile(r"(?:\s(?:==|!=|<=|>=|<|>) |\bconstexpr\b[^;=\n]* = )(\d[\d']*)(?![\w.'])")
CONDITION = re.compile(r"\b(if|while) \(")
TERNARY = re.compile(r"(?<=[\w)\]])(?=\s+\? )")
COMPARED = re.compile(r"\s(?:==|!=|<=|>=|<|>|&&|\|\|)\s")
DECLARED = re.compile(r"^(?:const )?[\w:<>*&, ]*[\w>*&] [*&]?(\w+) = ")
# A statement of its own that a text can lack without a name becoming unknown: a call, an assignment, a step, a jump.
CALL = r"[\w:.>*\-\[\]]*(?:\.|->|::|\b)\w+\("
ASSIGNMENT = r"\(?\*?[\w.>:\-\[\]()+]+ (?:[-+|&^*/]|<<|>>)?= "
STATEMENT = re.compile(rf"(?!(?:return|throw|if|while|for|switch|static_assert|else|do|case)\b)"
                       rf"(?:{CALL}|{ASSIGNMENT}|\+\+|--|\w+(?:\+\+|--);|(?:break|continue);)")
NOTHING = "(nothing)"


@dataclass(frozen=True)
class Mutant:
    begin: int  # where in the text
    end: int
    replacement: str
    line: int
    was: str  # the whole lines, with single blanks
    becomes: str

    def applied_to(self, text: str) -> str:
        return text[:self.begin] + self.replacement + text[self.end:]


def masked(text: str) -> str:
    """The text with every octet that is not run made harmless, at the same places."""
    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found[0] in "\"'R":
            return found[0] + re.sub(r"[^\n]", "_", found[1:-1]) + found[-1]
        return re.sub(r"[^\n]", " ", found)
    return NOT_RUN.sub(blank, text)


def closing(code: str, opening: int) -> int:
    """Where the bracket ends that opens there."""
    depth = 0
    for place in range(opening, len(code)):
        depth += (code[place] in "([{") - (code[place] in ")]}")
        if depth == 0:
            return place
    return len(code)


def end_of_statement(code: str, begin: int) -> int | None:
    """Behind the semicolon that ends it; None where a bracket of what it stands in ends first."""
    depth = 0
    for place in range(begin, len(code)):
        depth += (code[place] in "([{") - (code[place] in ")]}")
        if depth < 0:
            return None
        if depth == 0 and code[place] == ";":
            return place + 1
    return None


def tokens(code: str):
    """Operators, truths and bounds."""
    for pattern in (BINARY, STEP):
        for match in pattern.finditer(code):
            yield match.start(), match.end(), OPERATORS[match[0]]
    for match in TRUTH.finditer(code):
        yield match.start(), match.end(), "false" if match[0] == "true" else "true"
    for match in NOT.finditer(code):
        yield match.start(), match.end(), ""
    for match in BOUND.finditer(code):
        yield match.start(1), match.end(1), f"{match[1]} + 1"
    for match in TERNARY.finditer(code):
        before = re.split(r"[^=!<>]=\s|[(,;{}]\s|\breturn\b", code[:match.start()][-300:])[-1]
        if not COMPARED.search(f"{before} "):
            yield match.start(), match.end(), " == false"


def conditions(code: str):
    """Each negated, and that of an "if" never true: a guard that is not there."""
    for match in CONDITION.finditer(code):
        opening, end = match.end() - 1, closing(code, match.end() - 1)
        begin = max(code.rfind("; ", opening, end) + 2, opening + 1)
        condition = code[begin:end]
        declared = DECLARED.match(condition)
        if declared:
            yield end, end, f"; !{declared[1]}"
            yield end, end, f"; {declared[1]} && false"
            continue
        compared = COMPARED.findall(condition)
        # Its one operator is turned round already.
        simple = len(compared) == 1 and compared[0].strip() in ("==", "!=")
        if match[1] == "if" and not simple:
            yield begin, end, f"!({{{begin}:{end}}})"
        yield begin, end, "false"


def statements(code: str):
    """Each that a text can lack, with nothing in its place."""
    for match in re.finditer(r"(?:[;{})]|\belse)[ ]*\n\s*(?=[\w(*+\-])", code):
        end = end_of_statement(code, match.end())
        if end is not None and STATEMENT.match(code, match.end()):
            yield match.end(), end, ";"


def mutants_of(text: str) -> list[Mutant]:
    code = masked(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    made: dict[str, Mutant] = {}
    for begin, end, replacement in sorted((*tokens(code), *conditions(code), *statements(code))):
        replacement = re.sub(r"\{(\d+):(\d+)\}", lambda place: text[int(place[1]):int(place[2])], replacement)
        first = bisect.bisect_right(starts, begin) - 1
        after = text.find("\n", end)
        lines = text[starts[first]:after]
        changed = text[starts[first]:begin] + replacement + text[end:after]
        becomes = flat(changed) if flat(changed).strip("; ") else NOTHING
        mutant = Mutant(begin, end, replacement, first + 1, flat(lines), becomes)
        made.setdefault(mutant.applied_to(text), mutant)
    return list(made.values())


def flat(text: str) -> str:
    return " ".join(text.split())
