"""The draft as one HTML file without scripts: readable on a telephone, in the dark, and on paper."""
import pathlib
import re
import xml.etree.ElementTree as ElementTree
from html import escape

from rendering.boilerplate import copyright_notice, status_of_this_memo
from rendering.document import Document, DraftError, Section, describe_reference, sorted_references, title_of, written

STYLE_SHEET = pathlib.Path(__file__).with_name("draft.css")
SAME_IN_HTML = ("em", "strong", "ul", "ol", "li", "dl", "dt", "dd", "thead", "tbody", "tr", "th", "td")


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{words}</a>'


class HtmlWriter:
    def __init__(self, document: Document) -> None:
        self.document = document

    def write(self) -> str:
        document = self.document
        body = [
            "<main>",
            self._head(),
            f'<nav id="contents"><h2>Contents</h2>\n{self._contents(document.sections)}</nav>',
            f'<section id="abstract"><h2>Abstract</h2>\n{self._inside(document.front.find("abstract"))}</section>',
            self._boilerplate("Status of This Memo", status_of_this_memo(document)),
            self._boilerplate("Copyright Notice", copyright_notice(document)),
            *(self._section(section) for section in document.sections),
            self._authors(),
            "</main>",
        ]
        return "\n".join([
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(document.title)}</title>",
            f"<style>\n{STYLE_SHEET.read_text(encoding='utf-8')}</style>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        ])

    def _head(self) -> str:
        document = self.document
        facts = [
            ("Internet-Draft", document.name),
            ("Intended status", document.category),
            ("Published", f'<time datetime="{document.date}">{written(document.date)}</time>'),
            ("Expires", f'<time datetime="{document.expires}">{written(document.expires)}</time>'),
            ("Author", ", ".join(escape(author.get("fullname")) for author in document.front.findall("author"))),
        ]
        rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>\n" for name, value in facts)
        return f'<header><h1>{escape(document.title)}</h1>\n<dl class="facts">\n{rows}</dl></header>'

    def _boilerplate(self, title: str, paragraphs: list[str]) -> str:
        name_id = title.lower().replace(" ", "-")
        # The address ends before the bracket or full stop behind it.
        linked = (re.sub(r"https://[^\s)]*[^\s).]", lambda found: _link(found[0], found[0]), escape(text, quote=False))
                  for text in paragraphs)
        return f'<section id="{name_id}"><h2>{title}</h2>\n' + "".join(f"<p>{text}</p>\n" for text in linked) + "</section>"

    def _contents(self, sections: list[Section]) -> str:
        items = []
        for section in sections:
            below = ""
            if section.below and section.level < int(self.document.root.get("tocDepth", "3")):
                below = self._contents(section.below)
            items.append(f"<li>{_link('#' + section.name_id, escape(section.heading, quote=False))}{below}</li>\n")
        return f"<ol>\n{''.join(items)}</ol>\n"

    def _section(self, section: Section) -> str:
        level = section.level + 1
        heading = escape(section.heading, quote=False)
        parts = [f'<section id="{section.name_id}">',
                 f'<h{level}><a class="self" href="#{section.name_id}">{heading}</a></h{level}>']
        if section.element.tag == "references":
            items = "".join(self._reference(reference) for reference in sorted_references(section.element))
            parts.append(f'<dl class="references">\n{items}</dl>' if items else "")
        else:
            parts.append(self._inside(section.element))
        parts += [self._section(below) for below in section.below]
        return "\n".join([*parts, "</section>"])

    def _reference(self, reference: ElementTree.Element) -> str:
        words, address = describe_reference(reference)
        anchor = reference.get("anchor")
        link = f", &lt;{_link(address, escape(address))}&gt;" if address else ""
        return f'<dt id="{anchor}">[{anchor}]</dt><dd>{escape(words, quote=False)}{link}.</dd>\n'

    def _authors(self) -> str:
        authors = self.document.front.findall("author")
        title = "Author's Address" if len(authors) == 1 else "Authors' Addresses"
        addresses = []
        for author in authors:
            lines = [escape(author.get("fullname"))]
            lines += [_link(f"mailto:{email.text}", escape(email.text)) for email in author.findall("address/email")]
            lines += [_link(uri.text, escape(uri.text)) for uri in author.findall("address/uri")]
            addresses.append(f"<address>{'<br>'.join(lines)}</address>\n")
        return f'<section id="authors-addresses"><h2>{title}</h2>\n{"".join(addresses)}</section>'

    def _inside(self, element: ElementTree.Element) -> str:
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            if child.tag not in ("name", "section"):
                parts.append(self._element(child))
            parts.append(escape(child.tail or "", quote=False))
        return "".join(parts)

    def _element(self, element: ElementTree.Element) -> str:
        if element.tag == "xref":
            words, address = self.document.cross_reference(element)
            return _link(address, escape(words))
        if element.tag == "eref":
            return _link(element.get("target"), self._inside(element) or escape(element.get("target")))
        identity = f' id="{element.get("anchor")}"' if element.get("anchor") else ""
        if element.tag in ("artwork", "sourcecode"):
            return f'<pre{identity} tabindex="0">{escape(element.text.strip(chr(10)), quote=False)}</pre>\n'
        if element.tag == "figure":
            caption = self._caption(element)
            return f"<figure{identity}>{self._inside(element)}<figcaption>{caption}</figcaption></figure>\n"
        if element.tag == "table":
            # What is too wide for the window scrolls by itself.
            return (f'<div class="table" tabindex="0"><table{identity}><caption>{self._caption(element)}</caption>'
                    f"{self._inside(element)}</table></div>\n")
        inside = self._inside(element)
        if element.tag == "t":
            return f"<p{identity}>{inside}</p>\n"
        if element.tag == "tt":
            return f"<code>{inside}</code>"
        if element.tag == "bcp14":
            return f'<span class="bcp14">{inside}</span>'
        if element.tag in SAME_IN_HTML:
            start = f' start="{element.get("start")}"' if element.get("start") else ""
            return f"<{element.tag}{identity}{start}>{inside}</{element.tag}>\n"
        raise DraftError(f"the HTML writer does not know {element.tag}")

    def _caption(self, element: ElementTree.Element) -> str:
        number, title = self.document.number_of(element), title_of(element)
        return escape(f"{number}: {title}" if title else number, quote=False)


def write_html(document: Document) -> str:
    return HtmlWriter(document).write()
