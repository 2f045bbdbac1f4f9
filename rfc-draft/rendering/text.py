"""The draft as text of 72 columns, looking like an RFC without pages."""
import re
import textwrap
import xml.etree.ElementTree as ElementTree

from rendering.boilerplate import copyright_notice, status_of_this_memo
from rendering.document import Document, DraftError, Section, describe_reference, sorted_references, title_of, written
from rendering.text_table import lay_out

WIDTH = 72
INDENT = 3
LISTS = ("ul", "ol", "dl")
BLOCKS = (*LISTS, "t", "figure", "artwork", "sourcecode", "table")


# A number is not parted from what it counts. textwrap does not break at these spaces, and write() turns them back.
_KEPT_TOGETHER = re.compile(r"\b(BCP|RFC|STD|Section|Appendix|Figure|Table) (?=[0-9A-Z])")
_NO_BREAK = "\N{NO-BREAK SPACE}"


def _broken_address(word: str, room: int) -> str:
    """An address that is too long for a line is broken after a slash or hyphen."""
    if len(word) <= room:
        return word
    place = max(word.rfind("/", 0, room), word.rfind("-", 0, room)) + 1
    return word if place == 0 else f"{word[:place]} {_broken_address(word[place:], room)}"


def _wrapped(text: str, indent: int, first: str = "") -> str:
    """first stands at the beginning of the first line, left of where the others begin or reaching into it."""
    text = " ".join(_broken_address(word, WIDTH - indent) for word in text.split(" "))
    return textwrap.fill(_KEPT_TOGETHER.sub(rf"\1{_NO_BREAK}", text), WIDTH, initial_indent=first.ljust(indent),
                         subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _centered(text: str) -> str:
    lines = textwrap.wrap(text, WIDTH - 2 * INDENT)
    return "\n".join(line.center(WIDTH).rstrip() for line in lines)


class TextWriter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._in_table = False

    def write(self) -> str:
        blocks = [self._head(), _centered(self.document.title) + "\n" + _centered(self.document.name)]
        blocks += ["Abstract", *self._blocks(self.document.front.find("abstract"), INDENT)]
        for title, paragraphs in (("Status of This Memo", status_of_this_memo(self.document)),
                                  ("Copyright Notice", copyright_notice(self.document))):
            blocks += [title, *(_wrapped(paragraph, INDENT, " " * INDENT) for paragraph in paragraphs)]
        blocks += ["Table of Contents", "\n".join(self._contents(self.document.sections))]
        for section in self.document.sections:
            blocks += self._section(section)
        blocks += self._authors()
        return ("\n\n".join(blocks) + "\n").replace(_NO_BREAK, " ")

    def _head(self) -> str:
        document = self.document
        left = ["Network Working Group", "Internet-Draft", f"Intended status: {document.category}",
                f"Expires: {written(document.expires)}"]
        names = [author.get("fullname") for author in document.front.findall("author")]
        right = [*names, written(document.date)]
        right += [""] * (len(left) - len(right))
        left += [""] * (len(right) - len(left))
        return "\n".join((a + b.rjust(WIDTH - len(a))).rstrip() for a, b in zip(left, right)) + "\n\n"

    def _contents(self, sections: list[Section]) -> list[str]:
        lines = []
        for section in sections:
            indent = INDENT * section.level
            number = section.heading[: len(section.heading) - len(title_of(section.element))]
            lines.append(_wrapped(title_of(section.element), indent + len(number), " " * indent + number))
            if section.level < int(self.document.root.get("tocDepth", "3")):
                lines += self._contents(section.below)
        return lines

    def _section(self, section: Section) -> list[str]:
        number = section.heading[: len(section.heading) - len(title_of(section.element))]
        blocks = [_wrapped(title_of(section.element), len(number), number)]
        if section.element.tag == "references":
            blocks += [self._reference(reference) for reference in sorted_references(section.element)]
        else:
            blocks += self._blocks(section.element, INDENT)
        for below in section.below:
            blocks += self._section(below)
        return blocks

    def _reference(self, reference: ElementTree.Element) -> str:
        words, address = describe_reference(reference)
        label = f"[{reference.get('anchor')}]"
        indent = INDENT + 11
        text = f"{words}, <{address}>." if address else f"{words}."
        if len(label) + 2 > 11:
            return " " * INDENT + label + "\n" + _wrapped(text, indent, " " * indent)
        return _wrapped(text, indent, " " * INDENT + label)

    def _authors(self) -> list[str]:
        authors = self.document.front.findall("author")
        blocks = ["Author's Address" if len(authors) == 1 else "Authors' Addresses"]
        for author in authors:
            lines = [author.get("fullname")]
            organization = author.findtext("organization")
            if organization and organization != lines[0]:
                lines.append(organization)
            lines += [f"Email: {email.text}" for email in author.findall("address/email")]
            lines += [f"URI: {uri.text}" for uri in author.findall("address/uri")]
            blocks.append("\n".join(" " * INDENT + line for line in lines))
        return blocks

    # Blocks: each a text of whole lines. first is what stands before the first line of the first block.

    def _blocks(self, parent: ElementTree.Element, indent: int, first: str | None = None) -> list[str]:
        if parent.tag != "section" and not any(child.tag in BLOCKS for child in parent):
            return [_wrapped(self.inline(parent), indent, " " * indent if first is None else first)]
        blocks = []
        for child in parent:
            if child.tag in ("name", "section"):
                continue
            if first is not None and not blocks:
                if child.tag != "t":
                    raise DraftError(f"a list item begins with {child.tag} and not with words")
                blocks.append(_wrapped(self.inline(child), indent, first))
            else:
                blocks += self._block(child, indent)
        return blocks

    def _block(self, element: ElementTree.Element, indent: int) -> list[str]:
        if element.tag == "t":
            return [_wrapped(self.inline(element), indent, " " * indent)]
        if element.tag in LISTS:
            return self._list(element, indent)
        if element.tag == "figure":
            return [self._figure(element, indent)]
        if element.tag == "table":
            return [self._table(element, indent)]
        if element.tag in ("artwork", "sourcecode"):
            return [self._preformatted(element, indent)]
        raise DraftError(f"the text writer does not know {element.tag}")

    def _list(self, element: ElementTree.Element, indent: int) -> list[str]:
        if element.tag == "dl":
            groups = [self._blocks(definition, indent + INDENT, " " * indent + self.inline(term) + "  ")
                      for term, definition in zip(element.findall("dt"), element.findall("dd"))]
        else:
            items = element.findall("li")
            start = int(element.get("start", "1"))
            marks = [f"{number}. " for number in range(start, start + len(items))]
            if element.tag == "ul":
                marks = ["   " if element.get("empty") == "true" else "*  "] * len(items)
            inside = indent + max(len(mark) for mark in marks) + (element.tag == "ol")
            groups = [self._blocks(item, inside, " " * indent + mark) for mark, item in zip(marks, items)]
        if element.get("spacing") == "compact":
            return ["\n".join("\n\n".join(group) for group in groups)]
        return [block for group in groups for block in group]

    def _caption(self, element: ElementTree.Element) -> str:
        number, title = self.document.number_of(element), title_of(element)
        return "\n\n" + _centered(f"{number}: {title}" if title else number)

    def _figure(self, element: ElementTree.Element, indent: int) -> str:
        return self._preformatted(list(element)[-1], indent) + self._caption(element)

    def _preformatted(self, element: ElementTree.Element, indent: int) -> str:
        lines = textwrap.dedent(element.text.strip("\n")).split("\n")
        widest = max(len(line) for line in lines)
        if widest > WIDTH - INDENT:
            raise DraftError(f"a line of {widest} octets does not fit; {WIDTH - INDENT} do: "
                             + max(lines, key=len))
        indent = min(indent, WIDTH - widest)
        return "\n".join((" " * indent + line).rstrip() for line in lines)

    def _table(self, element: ElementTree.Element, indent: int) -> str:
        self._in_table = True
        rows = [[self.inline(cell) for cell in row] for row in element.iter("tr")]
        self._in_table = False
        return textwrap.indent(lay_out(rows, WIDTH - indent), " " * indent) + self._caption(element)

    # Words: on one line, to be wrapped.

    def inline(self, element: ElementTree.Element) -> str:
        parts = [element.text or ""]
        for child in element:
            parts += [self._word(child), child.tail or ""]
        return re.sub(r"[ \t\n]+", " ", "".join(parts)).strip()

    def _word(self, element: ElementTree.Element) -> str:
        if element.tag == "xref":
            words, _ = self.document.cross_reference(element)
            return words
        text = self.inline(element)
        if element.tag == "tt":
            return text if self._in_table or '"' in text else f'"{text}"'
        if element.tag == "em":
            return f"_{text}_"
        if element.tag == "strong":
            return f"*{text}*"
        if element.tag == "eref":
            return f"{text} <{element.get('target')}>" if text else f"<{element.get('target')}>"
        if element.tag == "bcp14":
            return text
        raise DraftError(f"the text writer does not know {element.tag}")


def write_text(document: Document) -> str:
    return TextWriter(document).write()
