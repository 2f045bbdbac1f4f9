"""Draws SVG by hand: texts whose width is known beforehand, light and dark, readable on a telephone.

All lengths are in the units of the viewBox, which is as wide as a telephone's screen; elsewhere pictures are shown larger.
"""

import pathlib
import xml.etree.ElementTree as xml

WIDTH, MARGIN = 480.0, 14.0
SHOWN_WIDTH = 640
INNER = WIDTH - 2 * MARGIN
# What DejaVu Sans, the widest of the usual fonts, takes for a letter, in parts of the size of the font.
_LETTERS = {0.35: " ',./:;IJijl|", 0.43: "!()-[]frt", 0.85: "#+<=>M^~×&OQw", 1.0: "%m@W…"}
_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
_USUAL, _BOLD = 0.65, 1.12

# Blue and orange stay apart for the colour-blind, and no line is told by its colour alone.
STYLE = """
:root { background: #ffffff; }
.paper { fill: #ffffff; }
text { fill: #1f2328; font-family: system-ui, 'DejaVu Sans', sans-serif; }
.quiet { fill: #57606a; }
.ours { fill: #0b6e99; } .other { fill: #a8b1bb; } .text-ours { fill: #0b5c80; }
.line-0 { stroke: #0b6e99; } .line-1 { stroke: #b35900; } .line-2 { stroke: #57606a; } .line-3 { stroke: #8250df; }
.dot-0 { fill: #0b6e99; } .dot-1 { fill: #b35900; } .dot-2 { fill: #57606a; } .dot-3 { fill: #8250df; }
.budget { stroke: #b35900; } .text-budget { fill: #9a4c00; }
.grid { stroke: #d0d7de; } .whisker { stroke: #1f2328; } .track { fill: #f0f2f5; }
@media (prefers-color-scheme: dark) {
:root { background: #0d1117; }
.paper { fill: #0d1117; }
text { fill: #e6edf3; }
.quiet { fill: #9198a1; }
.ours { fill: #3fa4cc; } .other { fill: #59626d; } .text-ours { fill: #79c9ea; }
.line-0 { stroke: #56b6d8; } .line-1 { stroke: #e0a93b; } .line-2 { stroke: #9198a1; } .line-3 { stroke: #bc8cff; }
.dot-0 { fill: #56b6d8; } .dot-1 { fill: #e0a93b; } .dot-2 { fill: #9198a1; } .dot-3 { fill: #bc8cff; }
.budget { stroke: #e0a93b; } .text-budget { fill: #e8bb63; }
.grid { stroke: #30363d; } .whisker { stroke: #e6edf3; } .track { fill: #161b22; }
}
"""


def text_width(text: str, size: float, weight: str = "normal") -> float:
    return sum(_WIDTHS.get(letter, _USUAL) for letter in text) * size * (_BOLD if weight == "bold" else 1)


def wrapped(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """In lines that are no wider."""
    lines = [""]
    for word in (shortened(word, size, width, weight) for word in text.split()):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, weight) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def shortened(text: str, size: float, width: float, weight: str = "normal") -> str:
    """Ends with "…" if it was too wide."""
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip(" ,;") + "…"


class Picture:
    """Grows downwards: `y` is where the next thing stands, and whoever draws moves it."""

    def __init__(self, name: str, title: str, description: str):
        self._root = xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img",
                                         "aria-labelledby": f"{name}-title {name}-description"})
        self._add("title", {"id": f"{name}-title"}, title)
        self._add("desc", {"id": f"{name}-description"}, description)
        self._add("style", {}, STYLE)
        self._paper = self._add("rect", {"class": "paper", "width": _short(WIDTH)})
        self.y = 12.0
        for line in wrapped(title, 19, INNER, "bold"):
            self.y += 19
            self.text(MARGIN, line, size=19, weight="bold")
            self.y += 6
        self.y += 2

    def text(self, x: float, text: str, *, y: float | None = None, size: float = 14, kind: str = "",
             weight: str = "normal", anchor: str = "start") -> None:
        """y: of its base line. Nothing is drawn of an empty text."""
        if not text:
            return
        attributes = {"x": _short(x), "y": _short(self.y if y is None else y), "font-size": _short(size)}
        for name, value, usual in (("class", kind, ""), ("font-weight", weight, "normal"), ("text-anchor", anchor, "start")):
            if value != usual:
                attributes[name] = value
        self._add("text", attributes, text)

    def paragraph(self, text: str, *, size: float = 13, kind: str = "quiet", weight: str = "normal") -> None:
        for line in wrapped(text, size, INNER, weight):
            self.y += size
            self.text(MARGIN, line, size=size, kind=kind, weight=weight)
            self.y += size * 0.35

    def bar(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        self._add("rect", {"x": _short(x), "y": _short(y), "width": _short(width), "height": _short(height), "rx": "2",
                           "class": kind})

    def line(self, points: list[tuple[float, float]], kind: str, width: float = 1, dashes: str = "") -> None:
        path = "M" + " ".join(f"{_short(x)} {_short(y)}" for x, y in points)
        attributes = {"d": path, "class": kind, "fill": "none", "stroke-width": _short(width)}
        self._add("path", {**attributes, **({"stroke-dasharray": dashes} if dashes else {})})

    def dot(self, x: float, y: float, kind: str, is_square: bool = False, radius: float = 4.5) -> None:
        if is_square:
            self._add("rect", {"x": _short(x - radius), "y": _short(y - radius), "width": _short(2 * radius),
                               "height": _short(2 * radius), "class": kind})
        else:
            self._add("circle", {"cx": _short(x), "cy": _short(y), "r": _short(radius), "class": kind})

    def write(self, path: pathlib.Path) -> None:
        path.write_text(self.svg(), encoding="utf-8")

    def svg(self) -> str:
        height = self.y + MARGIN
        self._root.set("viewBox", f"0 0 {_short(WIDTH)} {_short(height)}")
        self._root.set("width", str(SHOWN_WIDTH))
        self._root.set("height", _short(height * SHOWN_WIDTH / WIDTH))
        self._paper.set("height", _short(height))
        xml.indent(self._root, space="")
        return xml.tostring(self._root, encoding="unicode") + "\n"

    def _add(self, name: str, attributes: dict[str, str], text: str | None = None) -> xml.Element:
        element = xml.SubElement(self._root, name, attributes)
        element.text = text
        return element


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
