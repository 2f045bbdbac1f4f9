"""The text and the HTML that are made from a small draft, and what is refused."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "rfc-draft"))
from rendering.document import Document, DraftError  # noqa: E402
from rendering.html import write_html  # noqa: E402
from rendering.text import write_text  # noqa: E402
from rendering.text_table import lay_out  # noqa: E402

DRAFT = """<rfc docName="draft-x-00" category="exp" tocDepth="2"><front>
<title abbrev="X">The X</title><author fullname="Ann Other"><address><email>ann@example.org</email></address></author>
<date year="2026" month="December" day="31"/><abstract><t>All.</t></abstract></front>
<middle><section anchor="one"><name>One</name>%s<section anchor="below"><name>Below</name></section></section></middle>
<back><references><name>Normative References</name><reference anchor="RFC9999"><front><title>A Title</title>
<seriesInfo name="RFC" value="9999"/><author initials="B." surname="Bee"/><author initials="C." surname="Cee" role="editor"/>
<date year="2030" month="May"/></front></reference></references>
<references><name>Informative References</name><reference anchor="Z" target="https://z.example/"><front><title>Z</title>
<author fullname="Zed"/></front></reference></references>
<section anchor="more"><name>More</name><section><name>Still More</name></section></section>
<section numbered="false"><name>Thanks</name></section></back></rfc>"""

TEXT_ROWS = [
    # body, want in the text
    ("<t>a <tt>b</tt> <em>c</em> <strong>d</strong> <bcp14>MUST</bcp14></t>", '   a "b" _c_ *d* MUST\n'),
    ('<t>see <xref target="below"/> and <xref target="more"/></t>', "   see Section 1.1 and Appendix A\n"),
    ('<t><xref target="RFC9999"/>, <xref target="RFC9999" section="A.1" sectionFormat="of"/></t>',
     "   [RFC9999], Appendix A.1 of [RFC9999]\n"),
    ('<t><xref target="RFC9999" section="4" sectionFormat="comma"/></t>', "   [RFC9999], Section 4\n"),
    # A line of 72 columns would end with "Section".
    (f'<t>{"x" * 61} <xref target="below"/></t>', f"   {'x' * 61}\n   Section 1.1\n"),
    ("<ul><li>a</li><li><t>b</t><t>c</t><ul><li>d</li></ul></li></ul>", "   *  a\n\n   *  b\n\n      c\n\n      *  d\n"),
    ('<ol start="9"><li>a</li><li>b</li></ol>', "   9.   a\n\n   10.  b\n"),
    ("<dl><dt>a:</dt><dd><t>b</t><t>c</t></dd></dl>", "   a:  b\n\n      c\n"),
    ("<artwork>\n  x\n    y\n</artwork>", "   x\n     y\n"),
    ('<figure anchor="f"><name>F</name><artwork>x</artwork></figure><t><xref target="f"/></t>',
     "   x\n\n" + "Figure 1: F".center(72).rstrip() + "\n\n   Figure 1\n"),
    ("<table><thead><tr><th>h</th></tr></thead><tbody><tr><td><tt>c</tt></td></tr></tbody></table>",
     "   +===+\n   | h |\n   +===+\n   | c |\n   +---+\n\n" + "Table 1".center(72).rstrip() + "\n"),
    ("", "   [RFC9999]  Bee, B. and C. Cee, Ed., \"A Title\", RFC 9999, May 2030,\n"
         "              <https://www.rfc-editor.org/info/rfc9999>.\n"),
    ("", "   1.  One\n      1.1.  Below\n   2.  References\n      2.1.  Normative References\n"),
    ("", "Expires: 4 July 2027\n"),
]

HTML_ROWS = [
    # body, want in the HTML
    ("<t>1 &lt; 2 &amp; 3</t>", "<p>1 &lt; 2 &amp; 3</p>"),
    ("<artwork>&lt;a&gt;</artwork>", ">&lt;a&gt;</pre>"),
    ('<t><xref target="below"/></t>', '<a href="#below">Section 1.1</a>'),
    ('<t><xref target="RFC9999" section="4" sectionFormat="of"/></t>',
     '<a href="https://www.rfc-editor.org/rfc/rfc9999#section-4">Section 4 of [RFC9999]</a>'),
    ("", '<dt id="RFC9999">[RFC9999]</dt>'),
]

REFUSED_ROWS = [
    # body, want in the error
    ('<t><xref target="nowhere"/></t>', "nothing named nowhere"),
    ('<t><xref target="Z" section="1"/></t>', "only an RFC's sections"),
    ('<section anchor="below"><name>Twice</name></section>', "two elements have the anchor below"),
    (f"<artwork>{'x' * 70}</artwork>", "a line of 70 octets does not fit"),
    ("<t><blink>x</blink></t>", "does not know blink"),
]


def document(body):
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(DRAFT % body)
        file.flush()
        return Document(file.name)


class RenderingTest(unittest.TestCase):
    def test_text(self):
        for body, want in TEXT_ROWS:
            with self.subTest(body):
                self.assertIn(f"\n{want}", write_text(document(body)))

    def test_html(self):
        for body, want in HTML_ROWS:
            with self.subTest(body):
                self.assertIn(want, write_html(document(body)))

    def test_refused(self):
        for body, want in REFUSED_ROWS:
            with self.subTest(body):
                with self.assertRaisesRegex(DraftError, want):
                    write_text(document(body))

    def test_wide_tables_are_made_narrower_at_their_widest_column(self):
        table = lay_out([["a", "b"], ["short", "many words " * 10]], 40)
        self.assertEqual({len(line) for line in table.split("\n")}, {40})
        self.assertIn("| short | many words many words many   |", table)


if __name__ == "__main__":
    unittest.main()
