"""Shows that what checks the draft finds what it is there to find: each row is one mistake, put into the draft as it is."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

SOURCES = pathlib.Path(__file__).parents[2] / "rfc-draft"
BUILT = pathlib.Path(os.environ["TECS_DRAFT_FOLDER"])
sys.path.insert(0, str(SOURCES))
import check  # noqa: E402

SCHEMA_ROWS = [
    # mistake, what stands in the XML, what is put in its place (a regular expression, once)
    ("version 2 list", r"<ul>", '<ul style="symbols">'),
    ("version 2 markup", r"<tt>([^<]*)</tt>", r'<spanx style="verb">\1</spanx>'),
    ("a section without a name", r'(<section anchor="introduction">)\s*<name>[^<]*</name>', r"\1"),
    ("a paragraph in a paragraph", r"<t>", "<t><t>x</t>"),
    ("words that stand in no paragraph", r'(<section anchor="introduction">)', r"\1words"),
    ("a key word that is none", r"<bcp14>MUST</bcp14>", "<bcp14>WILL</bcp14>"),
    ("a date in numbers", r'month="November"', 'month="11"'),
    ("a name of the draft without its version", r'docName="[^"]*"', 'docName="draft-tecs-sasl"'),
    ("a reference without an anchor", r'<reference anchor="[^"]*"', "<reference"),
    ("a term without its definition", r"<dd>.*?</dd>", ""),
    ("source code of no type", r'<sourcecode type="abnf"', "<sourcecode"),
    ("a section of an RFC that is no number", r'section="5"', 'section="five"'),
]

XML_ROWS = [
    # mistake, pattern, replacement, want
    ("a reference that nothing cites", r'(<reference anchor=")CSV"', r'\1CVS"', "nothing cites [CVS]"),
    ("no paragraph about key words", r"when, and only when,", "when", "the paragraph about the key words of BCP 14"),
    ("a key word that is not marked", r"<bcp14>MUST NOT</bcp14>, by", "MUST NOT, by", "MUST is not marked as a key word"),
    ("a key word that is half marked", r"<bcp14>MUST NOT</bcp14>, by", "<bcp14>MUST</bcp14> NOT, by",
     "NOT is not marked with the key word before it"),
    ("an RFC with the number of another", r'<seriesInfo name="RFC" value="8601"', '<seriesInfo name="RFC" value="7601"',
     "[RFC8601] is said to be RFC 7601"),
    ("an RFC without its number", r'<seriesInfo name="RFC" value="8601"/>', "", "[RFC8601] is said to be RFC nothing"),
    ("an asterisk that was lost", r"<t>A receiving", '<t>"<em>A" and "*</em>" receiving', "emphasis begins right behind"),
    ("a reference in the abstract", r"<abstract>\s*<t>", '<abstract><t><xref target="RFC4422"/>', "the abstract has a reference"),
]

TEXT_ROWS = [
    # line, want
    ("x" * 73, "line 2 has 73 octets"),
    ("caf\u00e9", "line 2 has an octet that is not printable ASCII"),
    ("a\tb", "line 2 has an octet that is not printable ASCII"),
    ("a ", "line 2 ends with white space"),
]

GRAMMAR_ROWS = [
    # mistake, pattern, replacement, want
    ("a rule that is not defined", r"^let-dig .*", "let-dig = ALPHA / DIGITS", "used but not defined"),
    ("a rule that is never used", r"^let-dig ", "stray = DIGIT\nlet-dig ", "no rule leads to stray"),
    ("a rule that is defined twice", r"^let-dig ", "let-dig = DIGIT\nlet-dig ", "previously defined"),
    ("left recursion", r"^fold .*", "fold = *( WSP / fold WSP )", "attribute errors"),
    ("no ABNF", r"^port .*", "port = !DIGIT", "NOT operator"),
    ("another spelling", r"^port .*", "port = *4digit", "DIGIT is written digit elsewhere"),
    ("a word in any case", r"^service .*", 'service = "*" / "email" / %x74.65.63.73', "the grammar takes key-record"),
    ("a label that is too long", r"\*61\(", "*62(", "the grammar takes credential"),
    ("a value that is forgotten", r"^version .*", "version = %x44.4B.49.4D.31", "the grammar refuses key-record"),
]


def changed(text, pattern, replacement):
    flags = re.DOTALL if "<" in pattern else re.MULTILINE
    result, count = re.subn(pattern, replacement, text, count=1, flags=flags)
    assert count == 1, pattern
    return result


class ChecksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.xml = (BUILT / "draft-tecs-sasl-00.xml").read_text(encoding="utf-8")
        cls.html = (BUILT / "draft-tecs-sasl-00.html").read_text(encoding="utf-8")
        cls.markdown = (SOURCES / "draft-tecs-sasl.md").read_text(encoding="utf-8")

    def test_the_schema_takes_the_draft(self):
        self.assertEqual(self.validate(self.xml).returncode, 0)

    def test_the_schema_refuses_mistakes(self):
        for mistake, pattern, replacement in SCHEMA_ROWS:
            with self.subTest(mistake):
                answer = self.validate(changed(self.xml, pattern, replacement))
                self.assertEqual(answer.returncode, 3, answer.stderr)

    def validate(self, xml):
        return subprocess.run(["xmllint", "--nonet", "--noout", "--relaxng", SOURCES / "rfcxml-v3-subset.rng", "-"],
                              input=xml, capture_output=True, text=True, timeout=60, check=False)

    def test_mistakes_in_the_xml(self):
        self.assertEqual(check.check_xml(ElementTree.fromstring(self.xml)), [])
        for mistake, pattern, replacement, want in XML_ROWS:
            with self.subTest(mistake):
                found = check.check_xml(ElementTree.fromstring(changed(self.xml, pattern, replacement)))
                self.assertTrue(any(want in finding for finding in found), found)

    def test_links_in_the_html(self):
        self.assertEqual(check.check_html(self.html), [])
        self.assertEqual(check.check_html('<p id="a"><b id="a"><a href="#b">'), ["two elements are named a",
                                                                                "a link leads to #b, which is not there"])

    def test_lines_of_the_text(self):
        for line, want in TEXT_ROWS:
            with self.subTest(want):
                (finding,) = check.check_text(f"good\n{line}\n")
                self.assertIn(want, finding)

    def test_mistakes_in_the_grammar(self):
        cases = pathlib.Path(__file__).with_name("abnf_cases.json")
        environment = os.environ | {"TECS_NODE_MODULES": str(BUILT / "generated/node_modules")}
        for mistake, pattern, replacement, want in GRAMMAR_ROWS:
            with self.subTest(mistake), tempfile.NamedTemporaryFile("w", suffix=".md") as draft:
                draft.write(changed(self.markdown, pattern, replacement))
                draft.flush()
                answer = subprocess.run(["node", SOURCES / "abnf/check.js", draft.name, cases], env=environment,
                                        capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(answer.returncode, 1)
                self.assertIn(want, answer.stderr)


if __name__ == "__main__":
    unittest.main()
