"""What RFCXML leaves to its readers: the numbers of sections, figures and tables, and the words of each reference."""
import datetime
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

MONTHS = ("January February March April May June July August September October November December").split()
CATEGORIES = {"std": "Standards Track", "bcp": "Best Current Practice", "exp": "Experimental", "info": "Informational"}


class DraftError(Exception):
    """The draft is not as it must be; the message says where."""


@dataclass
class Section:
    element: ElementTree.Element
    number: str  # "4.2", "A.1", or "" for one without a number
    level: int  # 1 for a section that stands in no other
    name_id: str  # what links to it end with
    below: list["Section"] = field(default_factory=list)

    @property
    def appendix(self) -> bool:
        return self.number[:1].isalpha()

    @property
    def label(self) -> str:
        """As others speak of it: "Section 4.2"."""
        return f"{'Appendix' if self.appendix else 'Section'} {self.number}" if self.number else title_of(self.element)

    @property
    def heading(self) -> str:
        """As it stands above the section: "4.2.  Syntax"."""
        prefix = "Appendix " if self.appendix and self.level == 1 else ""
        return f"{prefix}{self.number}.  {title_of(self.element)}" if self.number else title_of(self.element)


def title_of(element: ElementTree.Element) -> str:
    name = element.find("name")
    return "" if name is None else " ".join("".join(name.itertext()).split())


def _is_numbered(element: ElementTree.Element) -> bool:
    return element.get("numbered", "true") == "true"


class Document:
    def __init__(self, path: str) -> None:
        self.root = ElementTree.parse(path).getroot()
        self.front = self.root.find("front")
        self.name = self.root.get("docName")
        self.title = " ".join(self.front.find("title").text.split())
        self.short_title = self.front.find("title").get("abbrev", self.title)
        self.category = CATEGORIES[self.root.get("category")]
        self.date = date_of(self.front)
        # A draft expires after 185 days (the datatracker's rule).
        self.expires = self.date + datetime.timedelta(days=185)
        self.references = {}  # by anchor
        self._labels = {}  # of all other anchors
        self._numbers = {}  # of figures and tables
        self.sections = self._number_sections()
        self._number("figure", "Figure")
        self._number("table", "Table")
        for element in self.root.iter():
            anchor = element.get("anchor")
            if anchor and anchor not in self._labels and anchor not in self.references:
                raise DraftError(f"nothing says how to speak of the {element.tag} {anchor}")

    def _add_label(self, anchor: str | None, label: str) -> None:
        if anchor is None:
            return
        if anchor in self._labels or anchor in self.references:
            raise DraftError(f"two elements have the anchor {anchor}")
        self._labels[anchor] = label

    def _number_below(self, parent: ElementTree.Element, prefix: str, level: int) -> list[Section]:
        sections = []
        count = 0
        for element in parent.findall("section"):
            count += _is_numbered(element)
            number = f"{prefix}{count}" if _is_numbered(element) else ""
            if not prefix and parent.tag == "back" and number:
                number = chr(ord("A") + count - 1)
            name_id = element.get("anchor") or "section-" + (number or title_of(element).lower().replace(" ", "-"))
            section = Section(element, number, level, name_id)
            self._add_label(element.get("anchor"), section.label)
            section.below = self._number_below(element, f"{number}.", level + 1) if number else []
            sections.append(section)
        return sections

    def _number_sections(self) -> list[Section]:
        sections = self._number_below(self.root.find("middle"), "", 1)
        back = self.root.find("back")
        kinds = back.findall("references")
        number = len([section for section in sections if section.number]) + 1
        if len(kinds) > 1:
            # As all RFCs do: one section, and one below it for each kind.
            together = ElementTree.Element("references")
            ElementTree.SubElement(together, "name").text = "References"
            parent = Section(together, str(number), 1, "references")
            parent.below = [
                Section(kind, f"{number}.{i}", 2, f"section-{number}.{i}") for i, kind in enumerate(kinds, 1)]
            sections.append(parent)
        else:
            sections += [Section(kind, str(number), 1, "references") for kind in kinds]
        for kind in kinds:
            for reference in kind.findall("reference"):
                self.references[reference.get("anchor")] = reference
        return sections + self._number_below(back, "", 1)

    def _number(self, tag: str, word: str) -> None:
        for number, element in enumerate(self.root.iter(tag), 1):
            self._numbers[element] = f"{word} {number}"
            self._add_label(element.get("anchor"), self._numbers[element])

    def number_of(self, element: ElementTree.Element) -> str:
        """Of a figure or table: "Figure 3"."""
        return self._numbers[element]

    def cross_reference(self, xref: ElementTree.Element) -> tuple[str, str]:
        """The words for an xref, and where it leads."""
        target = xref.get("target")
        if target in self._labels:
            return self._labels[target], f"#{target}"
        if target not in self.references:
            raise DraftError(f"there is nothing named {target}, to which an xref points")
        section = xref.get("section")
        if section is None:
            return f"[{target}]", f"#{target}"
        word = "Appendix" if section[0].isalpha() else "Section"
        words = {
            "of": f"{word} {section} of [{target}]",
            "comma": f"[{target}], {word} {section}",
            "parens": f"[{target}] ({word} {section})",
            "bare": section,
        }[xref.get("sectionFormat", "of")]
        number = series_of(self.references[target]).get("RFC")
        if number is None:
            raise DraftError(f"only an RFC's sections can be linked to, and {target} is none")
        return words, f"https://www.rfc-editor.org/rfc/rfc{number}#{word.lower()}-{section}"


def date_of(front: ElementTree.Element) -> datetime.date:
    date = front.find("date")
    if not (date.get("month") and date.get("day")):
        raise DraftError("the draft's date has no month or no day")
    return datetime.date(int(date.get("year")), MONTHS.index(date.get("month")) + 1, int(date.get("day")))


def written(date: datetime.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def series_of(reference: ElementTree.Element) -> dict[str, str]:
    return {info.get("name"): info.get("value") for info in reference.findall("front/seriesInfo")}


def sorted_references(kind: ElementTree.Element) -> list[ElementTree.Element]:
    return sorted(kind.findall("reference"), key=lambda reference: reference.get("anchor").lower())


def _author_names(reference: ElementTree.Element) -> str:
    names = []
    authors = reference.findall("front/author")
    for place, author in enumerate(authors):
        surname, initials = author.get("surname"), author.get("initials")
        if surname is None:
            organization = author.findtext("organization")
            names.append(organization or author.get("fullname"))
        elif place and place == len(authors) - 1:
            names.append(f"{initials} {surname}")
        else:
            names.append(f"{surname}, {initials}")
        if author.get("role") == "editor":
            names[-1] += ", Ed."
    if len(names) > 2:
        return f"{', '.join(names[:-1])}, and {names[-1]}"
    return " and ".join(names)


def describe_reference(reference: ElementTree.Element) -> tuple[str, str]:
    """All about a cited document but its address, and the address."""
    series = series_of(reference)
    date = reference.find("front/date")
    title = " ".join(reference.findtext("front/title").split())
    parts = [_author_names(reference), f'"{title}"']
    parts += [" ".join(content.text.split()) for content in reference.findall("refcontent")]
    parts += [f"{name} {value}" for name, value in series.items()]
    if date is not None:
        day = date.get("day", "").lstrip("0")
        parts.append(" ".join(filter(None, (day, date.get("month"), date.get("year")))))
    address = reference.get("target", "")
    if not address and "RFC" in series:
        address = f"https://www.rfc-editor.org/info/rfc{series['RFC']}"
    elif not address and "Internet-Draft" in series:
        address = f"https://datatracker.ietf.org/doc/html/{series['Internet-Draft']}"
    return ", ".join(parts), address
