#!/usr/bin/env python3
"""Shows that manual_options.py finds what it is there to find: each row is one change to pages that fit programs made of shell."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import manual_options  # noqa: E402

# Each is asked with a file as the last argument. $line is what stands in it.
DAEMON = r"""#!/bin/sh
if [ "$1" = --help ]; then printf 'Options:\n  --config FILE  read\n  --mode MODE    which\n  -h, --help     print\n'; exit; fi
for file; do :; done
line=$(cat "$file")
case "$*:$line" in
  *--destinations*'default may ?') echo '"?" is not name=HOST, or connections=N' ;;
  *--destinations*'default ?') echo '"?" is not none, may or dane' ;;
  *--identities*'? unsigned') echo '"?": an entry begins with helo:, sender: or default' ;;
  *:'mode = ?') echo 'mode: must be monitor or enforce' ;;
  *:'config = ?' | *:'help = ?') echo 'this option is for the command line only' ;;
  *) echo 'there is no such option' ;;
esac
exit 78
"""
TECS = r"""#!/bin/sh
case "$*" in
  'reputation --help') printf 'Subcommands:\n  list  lists\n  set   sets\n\nMore\n'; exit ;;
  'reputation list --help') printf 'Options:\n  --rate N  how many\n  --all     all\n'; exit ;;
  'reputation set --help') printf 'Options:\n  --for TIME  how long\n'; exit ;;
  'check --help') printf 'Usage: tecs check a [--x]\n       tecs check b\n\nOptions:\n  --x  one\n  --y  two\n'; exit ;;
  'check a --help') printf 'Options:\n  --x  one\n'; exit ;;
  'check b --help') printf 'Options:\n  -y, --y  two\n'; exit ;;
esac
for file; do :; done
case "$(cat "$file")" in
  'rate = ?') echo 'not a number' ;;
  *) echo 'there is no such option' ;;
esac
exit 64
"""
MAN = {
    "tecs-milter.conf": ".It Ic mode No = Ar MODE\nfor\n.Ic other\n",
    "tecs-signer.conf": ".It Ic mode No = Ar MODE\n",
    "tecs-reputation.conf": ".It Ic rate No = Ar N\n",
    "tecs-sasl-client.conf": ".It Ic nat No = Ar WHEN\n.It Ic identity No = Ar WHO\n",
    "tecs-signer-destinations": ".It Ar HOST\n.It Cm default\n.It Cm none\n.It Cm may\n.It Cm dane\n.It Cm name= Ns Ar HOST\n"
                                ".It Cm connections= Ns Cm some | many\n",
    "tecs-signer-identities": ".It Cm helo: Ns Ar NAME , Cm helo:*. Ns Ar NAME\n.It Cm sender:<>\n.It Cm default\n",
}
SOURCE = 'if (line.key == "nat") {}\nif (line.key != "identity") {}\n'

# page, text to replace, replacement, want
ROWS = [
    ("tecs-milter.conf", "", "", None),
    ("tecs-milter.conf", "Ic mode", "Ic mood", ["there is no key mood", "the key mode is not in it"]),
    ("tecs-signer.conf", "MODE\n", "MODE\n.It Ic config No = Ar FILE\n", ["there is no key config"]),
    ("tecs-signer.conf", ".It Ic mode No = Ar MODE\n", "", ["the key mode is not in it"]),
    ("tecs-reputation.conf", "Ic rate", "Ic for", ["there is no key for", "the key rate is not in it"]),
    ("tecs-sasl-client.conf", ".It Ic nat No = Ar WHEN\n", "", ["the key nat is not in it"]),
    ("tecs-sasl-client.conf", "Ic identity", "Ic identify", ["there is no key identify", "the key identity is not in it"]),
    ("tecs-signer-destinations", ".It Cm dane\n", "", ["the word dane is not in it"]),
    ("tecs-signer-destinations", "Cm name=", "Cm named=", ["there is no word named=", "the word name= is not in it"]),
    ("tecs-signer-identities", ".It Cm sender:<>\n", "", ["the word sender: is not in it"]),
    ("tecs-signer-identities", ".It Cm default\n", ".It Cm default\n.It Cm port: Ns Ar N\n", ["there is no word port:"]),
]


def differences(man, tecs=TECS):
    files = {f"docs/man/{name}.5": contents for name, contents in man.items()}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, contents in {**files, "sasl/client_configuration.cpp": SOURCE, "tecs": tecs, "daemon": DAEMON}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(contents)
            (root / name).chmod(0o755)
        return list(manual_options.Pages(root, root / "tecs", root / "daemon", root / "daemon").differences())


class ManualOptions(unittest.TestCase):
    def test_rows(self):
        for page, text, replacement, want in ROWS:
            with self.subTest(page=page, text=text):
                man = {**MAN, page: MAN[page].replace(text, replacement)} if text else MAN
                self.assertEqual(differences(man), [f"{page}.5: {line}" for line in want or []])

    def test_the_help_of_all_checks_has_the_options_of_each(self):
        self.assertEqual(differences(MAN, TECS.replace("-y, --y", "-y, --yy")),
                         ["tecs check --help: there is no option y", "tecs check --help: the option yy is not in it"])


if __name__ == "__main__":
    unittest.main()
