#!/usr/bin/env python3
"""Shows that pictures are well-formed, that no text stands on another or beyond the edge, and that both colour schemes are there."""

import itertools
import pathlib
import tempfile
import unittest
import xml.etree.ElementTree as xml

from made_up import connection_row, decision_row, growth_row, results, store_row, subject
from tecs_bench import bars, growth, pictures
from tecs_bench.figures import Budget, Row
from tecs_bench.svg import shortened, text_width, wrapped

SVG = "{http://www.w3.org/2000/svg}"


def long_row():
    """Names and figures as wide as they can be."""
    words = "a very long name of a subject that goes on and on, WWW mmm, and on"
    return Row("library", f"{words}; {words}", [subject(f"TECS {words}", per_second=1.9e9), subject(words, per_second=1),
                                                subject(f"{words} too", per_second=9e9)],
               [Budget(f"TECS {words}", "per_second", 0.8, [words, f"{words} too"], "here")])


def boxes(root):
    """Of each text: left, top, right, bottom, and what it says."""
    for text in root.iter(f"{SVG}text"):
        size, x, y = (float(text.get(name)) for name in ("font-size", "x", "y"))
        width = text_width(text.text, size, text.get("font-weight", "normal"))
        left = x - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
        yield left, y - 0.75 * size, left + width, y + 0.2 * size, text.text


def rectangles(root, kinds):
    for rectangle in root.iter(f"{SVG}rect"):
        if rectangle.get("class") in kinds:
            x, y, width, height = (float(rectangle.get(name)) for name in ("x", "y", "width", "height"))
            yield x, y, x + width, y + height, rectangle.get("class")


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class Pictures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pictures-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name, "made")
        self.rows = [connection_row(), decision_row(), decision_row(5800), growth_row(), growth_row("x" * 70), store_row(),
                     long_row()]
        pictures.write(results(*self.rows), self.folder)
        self.roots = {path.name: xml.parse(path).getroot() for path in self.folder.iterdir()}

    def test_each_has_its_name(self):
        self.assertEqual(set(self.roots), {"library.svg", "postfix.svg", "store.svg", "growth.svg", "decision.svg"})

    def test_each_says_what_it_shows(self):
        for name, root in self.roots.items():
            with self.subTest(name):
                title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
                self.assertEqual(root.get("role"), "img")
                self.assertEqual(root.get("aria-labelledby"), f"{title.get('id')} {description.get('id')}")
                self.assertTrue(title.text and description.text)

    def test_each_has_both_colour_schemes(self):
        for name, root in self.roots.items():
            with self.subTest(name):
                light, dark = root.find(f"{SVG}style").text.split("@media (prefers-color-scheme: dark)")
                used = set(filter(None, (element.get("class") for element in root.iter())))
                for kind in used:
                    self.assertIn(f".{kind} {{", light)
                    self.assertIn(f".{kind} {{", dark)

    def test_no_text_stands_on_another(self):
        for name, root in self.roots.items():
            for one, other in itertools.combinations(boxes(root), 2):
                self.assertFalse(overlap(one, other), f"{name}: {one} {other}")

    def test_no_text_stands_on_a_bar(self):
        for name, root in self.roots.items():
            for text, bar in itertools.product(boxes(root), rectangles(root, {"track", "ours", "other"})):
                self.assertFalse(overlap(text, bar), f"{name}: {text} {bar}")

    def test_all_is_within_the_edges(self):
        for name, root in self.roots.items():
            _, _, width, height = map(float, root.get("viewBox").split())
            bars_and_texts = itertools.chain(boxes(root), rectangles(root, {"track", "ours", "other"}))
            for left, top, right, bottom, what in bars_and_texts:
                self.assertTrue(0 <= left and right <= width and 0 <= top and bottom <= height, f"{name}: {what}")

    def test_nothing_is_read_from_elsewhere(self):
        for path in self.folder.iterdir():
            text = path.read_text().replace("http://www.w3.org/2000/svg", "")
            for outside in ("http", "url(", "href", "<script", "@import"):
                self.assertNotIn(outside, text, path.name)

    def test_a_bar_is_as_long_as_its_figure_is_large(self):
        found = [rectangle for rectangle in rectangles(self.roots["postfix.svg"], {"ours", "other"})]
        lengths = [round(right - left, 1) for left, _, right, _, _ in found]
        self.assertEqual([round(length / lengths[2], 2) for length in lengths], [0.84, 0.8, 1.0])
        self.assertEqual([kind for *_, kind in found], ["ours", "other", "other"])

    def test_a_budget_stands_where_it_is(self):
        ticks = [path.get("d") for path in self.roots["postfix.svg"].iter(f"{SVG}path") if path.get("class") == "budget"]
        self.assertEqual(len(ticks), 2)
        largest = 1.02 * 2500
        for tick, limit in zip(ticks, (1.10 * 2000, 0.75 * 2500)):
            self.assertAlmostEqual(float(tick[1:].split()[0]), 14 + 452 * limit / largest, delta=0.1)
        words = [text for *_, text in boxes(self.roots["postfix.svg"])]
        self.assertIn("budget 2.20 ms, 1.10 × say-yes auth + least no-op milter: met", words)
        self.assertIn("budget 1.88 ms, 0.75 × OpenDKIM milter: missed", words)

    def test_none_is_made_of_what_was_not_measured(self):
        pictures.write(results(store_row()), self.folder.parent / "other")
        self.assertEqual([path.name for path in (self.folder.parent / "other").iterdir()], ["store.svg"])

    def test_the_same_figures_make_the_same_picture(self):
        again = {name: picture.svg() for name, picture in pictures.pictures(results(*self.rows))}
        self.assertEqual(again, {path.name: path.read_text() for path in self.folder.iterdir()})


class Growth(unittest.TestCase):
    ONE, OTHER = "100, one address", "100, 100 addresses"

    def row(self, *names):
        return Row("door", "a row", [subject(name, cpu_us=number + 1) for number, name in enumerate(names)])

    def test_rows_that_differ_in_a_number(self):
        self.assertEqual(growth.lines(growth_row()),
                         {"open session": {"1 open sessions": 1, "100 open sessions": 100, "10,000 open sessions": 10_000}})

    def test_other_rows_are_not_about_growth(self):
        for row in (connection_row(), store_row(), self.row("1 key"), self.row("1 key", "2 locks"), self.row("0 keys", "1 key"),
                    self.row("1 key", "all keys")):
            self.assertEqual(growth.lines(row), {})

    def test_one_thing_and_several_are_the_same(self):
        self.assertEqual(growth.lines(self.row("1 key", "1,000 keys")), {"key": {"1 key": 1, "1,000 keys": 1000}})

    def test_several_lines_may_begin_together(self):
        found = growth.panels([self.row("1 session", self.ONE, "10,000, one address", self.OTHER, "10,000, 10,000 addresses")])
        self.assertEqual([(panel.counted, panel.metric) for panel in found], [("sessions", "cpu_us")])
        self.assertEqual([(line.name, line.points) for line in found[0].lines], [
            ("one address", [(1, 1), (100, 2), (10_000, 3)]), ("10,000 addresses", [(1, 1), (100, 4), (10_000, 5)])])

    def test_memory_has_a_panel_of_its_own(self):
        self.assertEqual([panel.metric for panel in growth.panels([growth_row()])], ["cpu_us", "memory_bytes"])


class Bars(unittest.TestCase):
    def test_show_what_has_a_budget(self):
        self.assertEqual(bars.metrics(connection_row()), ["cpu_us"])

    def test_show_what_can_be_compared(self):
        row = Row("a", "b", [subject("TECS", wall_us=1, cpu_us=2), subject("peer", wall_us=1)])
        self.assertEqual(bars.metrics(row), ["wall_us"])
        self.assertEqual(bars.metrics(Row("a", "b", [subject("TECS", wall_us=1), subject("TECS, signed", wall_us=1)])), [])
        self.assertEqual(bars.metrics(Row("a", "b", [subject("TECS", wall_us=1)])), [])


class Texts(unittest.TestCase):
    def test_are_wrapped_and_shortened(self):
        self.assertEqual(wrapped("a b", 10, 1000), ["a b"])
        self.assertEqual(wrapped("aaaa bbbb", 10, text_width("aaaa b", 10)), ["aaaa", "bbbb"])
        self.assertEqual(shortened("abc", 10, 1000), "abc")
        short = shortened("abcdef, ghi", 10, text_width("abcdef,  ", 10))
        self.assertTrue(short.endswith("…") and text_width(short, 10) <= text_width("abcdef,  ", 10))


if __name__ == "__main__":
    unittest.main()
