"""The page of `tecs verdicts report`, in a real browser: on a screen and on a telephone, in light and in dark colours."""

import datetime
import json
import pathlib
import re
import sqlite3

from tecs_testing.browser import Browser
from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import tecs
from tecs_testing.made_up_verdicts import made_up_verdicts

# What a page is looked at for, by JavaScript that the driver brings along: the page has none.
CHARTS = """return [...document.querySelectorAll('.plot svg, svg.share')].map(svg => {
  const box = svg.getBoundingClientRect();
  const inner = [...svg.querySelectorAll('rect, text')].map(part => part.getBoundingClientRect()).filter(part => part.width);
  return {name: svg.id || 'share', width: box.width, height: box.height, bars: svg.querySelectorAll('rect').length,
          left: Math.min(box.left, ...inner.map(part => part.left)),
          right: Math.max(box.right, ...inner.map(part => part.right))};
});"""

# Of each text that is shown: how large it is on the screen, and its contrast (WCAG 2.1) with what lies behind it.
TEXTS = """
const numbers = color => color.match(/[\\d.]+/g).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = element => {
  for (; element; element = element.parentElement) {
    const color = numbers(getComputedStyle(element).backgroundColor);
    if (color.length == 3 || color[3] == 1) return color;
  }
  return [255, 255, 255];
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; node = walker.nextNode();) {
  const element = node.parentElement;
  if (!node.data.trim() || element.closest('title, desc, caption') || !element.getClientRects().length) continue;
  const style = getComputedStyle(element), svg = element instanceof SVGElement;
  const [one, other] = [luminance(numbers(svg ? style.fill : style.color)), luminance(behind(element))];
  found.push({text: node.data.trim(), contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
              size: parseFloat(style.fontSize) * (svg ? element.getScreenCTM().a : 1), visible: style.visibility});
}
return found;"""

OVERFLOW = """return {page: document.documentElement.scrollWidth, window: window.innerWidth};"""

LABELS = """return [...document.querySelectorAll('.plot svg')].map(svg => [...svg.querySelectorAll('text.tick')]
  .filter(text => text.getClientRects().length && text.textContent)
  .map(text => text.getBoundingClientRect()).map(box => [box.left, box.right]));"""

VIEWS = [("screen_light", 1280, "light"), ("screen_dark", 1280, "dark"),
         ("telephone_light", 375, "light"), ("telephone_dark", 375, "dark")]

HOSTILE = "<script>document.title='run'</script>\"'&\u202eevil" + "\u200f.example"


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@one_test_each(VIEWS, lambda view: view[0])
class Report(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.store = f"sqlite:{cls.workspace.path}/verdicts.db"
        now = datetime.datetime.now(datetime.timezone.utc)
        lines = [*made_up_verdicts(3000, now, 168), *odd_verdicts(now)]
        tecs("verdicts", "import", cls.workspace.file("verdicts.jsonl", "\n".join(lines) + "\n"), "--store", cls.store)
        # Which puts all counts into the tables where they stay.
        tecs("verdicts", "prune", "--older-than", "3650d", "--store", cls.store)
        make_hostile(cls.workspace.path / "verdicts.db")
        # All that is asked later is asked of the same time.
        cls.until = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        cls.since = (now - datetime.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
        cls.page = cls.make("report.html", "--since", cls.since, "--until", cls.until)
        cls.browser = Browser(cls.workspace)

    @classmethod
    def make(cls, name: str, *options: str) -> pathlib.Path:
        page = cls.workspace.path / name
        tecs("verdicts", "report", "--html", page, "--store", cls.store, *options)
        return page

    def open(self, page: pathlib.Path, width: int, scheme: str) -> None:
        self.browser.show(width, 900, scheme)
        self.browser.console()
        self.browser.requests()
        self.browser.open(page)

    def check(self, view: tuple[str, int, str]) -> None:
        _, width, scheme = view
        self.open(self.page, width, scheme)
        self.check_quiet(self.page)
        self.check_legible(width)
        charts = self.browser.run(CHARTS)
        named = [chart["name"] for chart in charts if chart["name"] != "share"]
        self.assertEqual(named, ["timeline-chart", "scores-chart", "new-domains-chart", "latency-dns-chart",
                                 "latency-verification-chart", "latency-connection-chart"])
        self.assertGreater(len(charts), len(named) + 10)
        for chart in charts:
            with self.subTest(chart["name"]):
                self.assertGreater(chart["width"], 60)
                self.assertGreater(chart["height"], 10)
                self.assertGreater(chart["bars"], 1)
                self.assertGreaterEqual(chart["left"], 0)
                self.assertLessEqual(chart["right"], width)
        for labels in self.browser.run(LABELS):
            self.assertGreater(len(labels), 1)
            for (_, right), (left, _) in zip(labels, labels[1:]):
                self.assertLess(right, left, "two labels of an axis touch")

    def check_quiet(self, page: pathlib.Path) -> None:
        self.assertEqual(self.browser.console(), [])
        self.assertEqual(self.browser.requests(), [page.as_uri()])

    def check_legible(self, width: int) -> None:
        self.assertEqual(self.browser.run(OVERFLOW), {"page": width, "window": width})
        texts = self.browser.run(TEXTS)
        self.assertGreater(len(texts), 5)
        for text in texts:
            with self.subTest(text["text"]):
                self.assertGreaterEqual(round(text["size"], 2), 12)
                self.assertGreaterEqual(round(text["contrast"], 2), 4.5)

    def test_colours_follow_the_reader(self) -> None:
        grounds = []
        for scheme in ("light", "dark"):
            self.open(self.page, 1280, scheme)
            grounds.append(self.browser.run("return getComputedStyle(document.body).backgroundColor"))
        self.assertNotEqual(*grounds)

    def test_numbers_are_those_of_the_summary(self) -> None:
        text = tecs("verdicts", "summary", "--by", "result", "--format", "json", "--store", self.store,
                    "--since", self.since, "--until", self.until)
        rows = {row["result"]: row for row in map(json.loads, text.splitlines())}
        connections = sum(row["connections"] for row in rows.values())
        signed = connections - rows["none"]["connections"]
        self.open(self.page, 1280, "light")

        def figure(name: str, what: str) -> int:
            return number(self.browser.run(f"return document.querySelector('#figure-{name} {what}').textContent"))

        self.assertEqual(figure("connections", "b"), connections)
        self.assertEqual(figure("messages", "b"), sum(row["messages"] for row in rows.values()))
        self.assertEqual(figure("signed", "small"), signed)
        self.assertEqual(figure("passed", "small"), rows["pass"]["connections"])
        self.assertEqual(figure("failed", "small"), signed - rows["pass"]["connections"])
        # And the bars stand for no more and no less.
        columns = self.browser.run("""return [...document.querySelectorAll('#timeline tbody tr')]
            .map(row => row.querySelector('td').textContent)""")
        self.assertEqual(sum(map(number, columns)), connections)

    def test_strangers_texts_are_only_text(self) -> None:
        self.open(self.page, 375, "light")
        self.assertEqual(self.browser.run("return document.querySelectorAll('script, iframe, img, object').length"), 0)
        self.assertEqual(self.browser.run("return document.title"), "Verdict report")
        for section in ("domains", "reasons", "new-domains", "receivers"):
            shown = self.browser.run(f"return document.querySelector('#{section}').textContent")
            self.assertIn("<script>document.title='run'</script>", shown, section)
        for character in ("\u202e", "\u200f", "\x1b"):
            self.assertNotIn(character, self.page.read_text())

    def test_the_policy_of_the_page_forbids_scripts(self) -> None:
        smuggled = self.workspace.file("smuggled.html", self.page.read_text().replace(
            "</body>", "<script>document.title = 'run'</script><img src='http://192.0.2.1/'></body>"))
        self.open(smuggled, 1280, "light")
        self.assertEqual(self.browser.run("return document.title"), "Verdict report")
        self.assertEqual(len([line for line in self.browser.console() if "Content Security Policy" in line]), 2)

    def test_numbers_of_the_first_chart_scroll_in_their_own_box(self) -> None:
        self.open(self.page, 375, "light")
        self.browser.run("document.querySelector('details').open = true")
        box = self.browser.run("""const box = document.querySelector('.scrolling');
            return {room: box.clientWidth, table: box.scrollWidth}""")
        self.assertGreater(box["table"], box["room"])
        self.assertEqual(self.browser.run(OVERFLOW), {"page": 375, "window": 375})

    def test_a_period_without_connections_is_said_to_be_one(self) -> None:
        page = self.make("empty.html", "--since", "2001-01-01", "--until", "2001-02-01")
        for _, width, scheme in VIEWS:
            self.open(page, width, scheme)
            self.check_quiet(page)
            self.check_legible(width)
            self.assertIn("Nothing was recorded in this period",
                          self.browser.run("return document.querySelector('main').textContent"))

    def test_any_width_is_wide_enough(self) -> None:
        for width in (320, 600, 700, 761, 961):
            with self.subTest(width):
                self.open(self.page, width, "light")
                self.assertEqual(self.browser.run(OVERFLOW), {"page": width, "window": width})

    def test_long_periods_fit_too(self) -> None:
        for since in ("30h", "12d", "90d", "500d", "9000d"):
            with self.subTest(since):
                page = self.make("period.html", "--since", since)
                self.open(page, 375, "light")
                self.check_legible(375)


def odd_verdicts(now: datetime.datetime) -> list[str]:
    """Of a domain as long as one can be, and of one that make_hostile() looks for."""
    verdicts = []
    for count, line in enumerate(made_up_verdicts(80, now, 160, seed=8)):
        verdict = json.loads(line)
        verdict["id"] = f"0190163d-8694-739b-aea6-{count:012d}"
        verdict["receiver"] = "mx4.example.net"
        verdict["result"], verdict["reason"] = ("pass", "") if count % 2 else ("fail", "signature-mismatch")
        verdict["domain"] = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61]) if count % 4 < 2 else "hostile.example"
        verdicts.append(json.dumps(verdict))
    return verdicts


def make_hostile(store: pathlib.Path) -> None:
    """tecs lets no such texts in, but it is not the only program that can write into a file."""
    with sqlite3.connect(store) as database:
        for table in ("verdicts_hourly", "verdicts_daily"):
            changed = database.execute(f"UPDATE {table} SET domain = ?1, receiver = ?1, "
                                       "reason = CASE reason WHEN '' THEN '' ELSE ?1 END WHERE domain = 'hostile.example'",
                                       [HOSTILE])
            assert changed.rowcount > 0
        database.execute("UPDATE known_domains SET domain = ?, first = (SELECT max(first) FROM known_domains) "
                         "WHERE domain = 'hostile.example'", [HOSTILE])
    database.close()
