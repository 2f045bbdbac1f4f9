#!/usr/bin/env python3
"""Shows that links.py finds links that lead nowhere, and takes those that lead somewhere: each row is one line of a document."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import links  # noqa: E402

OTHER = "# Other page\n\n## 1. Use `this`, now\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n"
LISTS = {"README.md": "# Top\n\n[a](docs/README.md), [a](docs/a.md), [b](docs/b.md)\n", "docs/README.md": "[a](a.md#here), [b](b.md)\n"}
ROWS = [
    # line of docs/a.md, want what is wrong
    ("[b](b.md)", ""),
    ("[b](b.md#1-use-this-now) and [b](b.md#other-page)", ""),
    ("[b](b.md#twice-1)", ""),
    ("[b](b.md#twice-2)", "b.md#twice-2: there is no such heading"),
    ("[b](b.md#no-heading)", "b.md#no-heading: there is no such heading"),
    ("[here](#here)", ""),
    ("[here](#there)", "#there: there is no such heading"),
    ("[up](../README.md), ![picture](picture.svg)", ""),
    ("[gone](c.md)", "c.md leads nowhere"),
    ("[gone](picture.svg#part)", "picture.svg#part: there is no such heading"),
    ("[`word`](c.md)", "c.md leads nowhere"),
    ("[out](../../etc)", "../../etc leads out of the tree"),
    ("[web](https://example.org/c.md)", ""),
    ("`[code](c.md)`", ""),
    ("    [drawn](c.md)", ""),
    ("see tecs-x(8) and `tecs-x(8)`, or postconf(5)", ""),
    ("see `tecs-y(8)`", "there is no man page tecs-y(8)"),
    ("see tecs-x(1)", "there is no man page tecs-x(1)"),
    ("see libtecs(3)", "there is no man page libtecs(3)"),
]


class Links(unittest.TestCase):
    def found(self, tree):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder) / "tree"
            for file, contents in tree.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(contents)
            return list(links.differences(root))

    def test_rows(self):
        for line, want in ROWS:
            with self.subTest(line):
                tree = {"docs/a.md": f"# Here\n\n{line}\n", "docs/b.md": OTHER, "docs/picture.svg": "", **LISTS,
                        "docs/man/tecs-x.8": "", "build-x/c.md": "[gone](d.md)\n", "rfc-draft/c.md": "[gone](d.md)\n"}
                self.assertEqual(self.found(tree), [f"docs/a.md:3: {want}"] if want else [])

    def test_man_pages_refer_to_man_pages(self):
        self.assertEqual(self.found({"README.md": "[a](docs/README.md)", "docs/README.md": "", "docs/man/tecs.1": ".Xr tecs 1 ,\n.Xr tecs-old 8 ,\n.Xr nft 8\n"}),
                         ["docs/man/tecs.1: there is no man page tecs-old(8)"])

    def test_every_page_is_listed(self):
        tree = {**LISTS, "docs/a.md": "# Here\n", "docs/b.md": "", "docs/new.md": ""}
        self.assertEqual(self.found(tree), ["README.md: it does not lead to docs/new.md", "docs/README.md: it does not lead to docs/new.md"])


if __name__ == "__main__":
    unittest.main()
