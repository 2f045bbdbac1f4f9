#!/usr/bin/env python3
"""check.py DRAFT.xml DRAFT.html DRAFT.txt: finds what is wrong with a draft that is valid RFCXML."""
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from html.parser import HTMLParser

WIDTH = 72
KEY_WORDS = re.compile(r"\b(MUST|SHALL|SHOULD|REQUIRED|RECOMMENDED|MAY|OPTIONAL)\b")
# RFC 8174 section 2.
BOILERPLATE = (
    'The key words "MUST", "MUST NOT", "REQUIRED", "SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "RECOMMENDED", '
    '"NOT RECOMMENDED", "MAY", and "OPTIONAL" in this document are to be interpreted as described in BCP 14 [RFC2119] '
    "[RFC8174] when, and only when, they appear in all capitals, as shown here."
)


def words_of(element: ElementTree.Element) -> str:
    """The text of a paragraph, references as they are written in the source of an RFC."""
    parts = [element.text or ""]
    for child in element:
        parts.append(f"[{child.get('target')}]" if child.tag == "xref" else words_of(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def check_xml(root: ElementTree.Element) -> list[str]:
    findings = []
    cited = {xref.get("target") for xref in root.iter("xref")}
    for reference in root.iter("reference"):
        anchor = reference.get("anchor")
        if anchor not in cited:
            findings.append(f"nothing cites [{anchor}]")
        numbers = [series.get("value") for series in reference.iter("seriesInfo") if series.get("name") == "RFC"]
        if anchor.removeprefix("RFC").isdecimal() and numbers != [anchor.removeprefix("RFC")]:
            findings.append(f"[{anchor}] is said to be RFC {' and RFC '.join(numbers) or 'nothing'}")
    for abstract in root.iter("abstract"):
        if any(True for _ in abstract.iter("xref")):
            findings.append("the abstract has a reference, and it has to stand alone")
    if BOILERPLATE not in map(words_of, root.iter("t")):
        findings.append("the paragraph about the key words of BCP 14 (RFC 8174 section 2) is not there")
    for parent in root.iter():
        if parent.tag not in ("t", "li", "dd", "dt", "td"):
            continue
        for place, text in enumerate([parent.text, *(child.tail for child in parent)]):
            for found in KEY_WORDS.finditer(text or ""):
                findings.append(f"{found[0]} is not marked as a key word in: {words_of(parent)[:60]}")
            if place and parent[place - 1].tag == "bcp14" and re.match(r"\s+NOT\b", text or ""):
                findings.append(f"NOT is not marked with the key word before it in: {words_of(parent)[:60]}")
            # An asterisk in quotes that kramdown took for the begin of emphasis.
            if place < len(parent) and (text or "").endswith('"') and parent[place].tag in ("em", "strong"):
                findings.append(f"emphasis begins right behind a quotation mark (write \\*) in: {words_of(parent)[:60]}")
    return findings


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids = Counter()
        self.targets = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids[value] += 1
            elif name == "href" and value.startswith("#"):
                self.targets.add(value[1:])


def check_html(html: str) -> list[str]:
    links = _Links()
    links.feed(html)
    findings = [f"two elements are named {name}" for name, count in links.ids.items() if count > 1]
    return findings + [f"a link leads to #{target}, which is not there" for target in sorted(links.targets - links.ids.keys())]


def check_text(text: str) -> list[str]:
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > WIDTH:
            findings.append(f"line {number} has {len(line)} octets: {line}")
        if not re.fullmatch(r"[ -~]*", line):
            findings.append(f"line {number} has an octet that is not printable ASCII: {line!r}")
        if line != line.rstrip():
            findings.append(f"line {number} ends with white space")
    return findings


def contents(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def main(arguments: list[str]) -> int:
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 64
    xml, html, text = arguments
    findings = [f"{xml}: {finding}" for finding in check_xml(ElementTree.parse(xml).getroot())]
    findings += [f"{html}: {finding}" for finding in check_html(contents(html))]
    findings += [f"{text}: {finding}" for finding in check_text(contents(text))]
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
