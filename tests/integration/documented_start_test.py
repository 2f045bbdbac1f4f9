"""What docs/README.md shows, typed as it stands: each of the three groups gets going with it."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess
import uuid

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import program_path
from tecs_testing.configuration_check import check_postfix
from tecs_testing.daemons import milter_user
from tecs_testing.document import ShownCommand, shown_commands, shown_files
from tecs_testing.documented_milter import start_with_configuration

DOCUMENT = "README.md"
RECEIVING, SENDING, REPUTATION = "## 1. You receive mail", "## 2. You send mail", "## 3. You keep reputation"
DEBIAN = pathlib.Path("/usr/share/postfix")


class ShellTestCase(WorkspaceTestCase):
    """Folders of the machine are in the workspace. What would change the machine itself, or needs another one, is not typed."""

    not_here: tuple[str, ...] = ()

    @classmethod
    def set_up(cls) -> None:
        for folder in ("etc/tecs/keys", "etc/postfix", "run/tecs", "var/lib/tecs"):
            cls.workspace.folder(folder)

    def adapted(self, text: str) -> str:
        for folder in ("/etc/tecs", "/etc/postfix", "/run/tecs", "/var/lib/tecs"):
            text = text.replace(folder, f"{self.workspace.path}{folder}")
        return text

    def type(self, command: str) -> str:
        environment = {**os.environ, "MAIL_CONFIG": self.adapted("/etc/postfix"),
                       "PATH": f"{program_path('tecs').parent}:{os.environ['PATH']}"}
        done = subprocess.run(["sh", "-euc", self.adapted(command)], cwd=self.workspace.path, env=environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def typed(self, heading: str) -> list[ShownCommand]:
        """Those that are typed here, in their order."""
        return [command for command in shown_commands(DOCUMENT, heading) if not command.text.startswith(self.not_here)]


class Receiving(ShellTestCase):
    not_here = ("systemctl", "postfix reload", "tecs verdicts", "tecs explain", "tecs check")

    def debian_postfix(self, folder: str) -> pathlib.Path:
        postfix = self.workspace.folder(folder)
        shutil.copy(DEBIAN / "master.cf.dist", postfix / "master.cf")
        shutil.copy(DEBIAN / "main.cf.debian", postfix / "main.cf")
        return postfix

    def postconf_lines(self) -> list[str]:
        return [command.text for command in self.typed(RECEIVING) if command.text.startswith("postconf")]

    def test_a_postfix_of_debian_becomes_one_that_is_good(self) -> None:
        postfix = self.debian_postfix("etc/postfix")
        looked, *others = self.typed(RECEIVING)
        self.assertEqual(self.type(looked.text), looked.answer)
        for command in others:
            self.type(command.text)
        user = milter_user()
        self.workspace.folder("run/tecs", 0o2750, user)
        self.workspace.folder("var/lib/tecs", 0o750, user)
        configuration = (self.workspace.path / "etc/tecs/milter.conf").read_text()
        self.assertEqual(configuration, "authserv-id = mx.receiver.example\n")
        # The defaults, of which the document relies on the first two.
        places = "milter-socket = unix:/run/tecs/milter\nsasl-socket = unix:/run/tecs/sasl\nstore = sqlite:/var/lib/tecs/verdicts.db\n"
        milter = start_with_configuration(self.workspace, "tecs-milter", configuration + self.adapted(places),
                                          "--resolver", "127.0.0.1:1")
        self.addCleanup(milter.stop)
        checked = check_postfix(postfix)
        self.assertEqual((checked.exit_code, checked.findings), (0, []))
        shown = next(command for command in shown_commands(DOCUMENT, RECEIVING) if command.text == "tecs check postfix")
        self.assertIn("Good", shown.answer)

    def test_without_the_line_on_relaying_it_is_not(self) -> None:
        postfix = self.debian_postfix("unsafe")
        commands = self.postconf_lines()
        self.assertIn("smtpd_relay_restrictions", commands[-1])
        for command in commands[:-1]:
            self.type(f"export MAIL_CONFIG={postfix}; {command}")
        self.assertEqual(check_postfix(postfix).of("unsafe"), ["relay-by-login"])

    def test_a_site_keeps_its_milters_options_and_postscreen(self) -> None:
        for service, entries in (("smtp/inet", ()), ("smtpd/pass", ("smtp/inet=smtp inet n - y - 1 postscreen",
                                                                    "smtpd/pass=smtpd pass - - y - - smtpd"))):
            with self.subTest(service):
                export = f"export MAIL_CONFIG={self.debian_postfix(service.partition('/')[0])}; "
                for entry in entries:
                    self.type(f"{export}postconf -M '{entry}'")
                self.type(f"{export}postconf -e 'smtpd_milters = inet:localhost:8891, {{ inet:localhost:11332, connect_timeout=9s }}'")
                self.type(f"{export}postconf -P {service}/smtpd_recipient_limit=50")
                for command in self.postconf_lines()[1:]:
                    self.type(export + command.replace("smtp/inet", service))
                milters = f"unix:{self.workspace.path}/run/tecs/milter,inet:localhost:8891, {{ inet:localhost:11332, connect_timeout=9s }}\n"
                self.assertEqual(self.type(f"{export}postconf -Phx {service}/smtpd_milters"), milters)
                self.assertEqual(self.type(f"{export}postconf -Ph {service}/smtpd_recipient_limit"), "50\n")
                checked = check_postfix(self.workspace.path / service.partition("/")[0])
                self.assertEqual(checked.of("unsafe"), [])
                self.assertLessEqual(set(checked.of("broken")), {"sasl-socket", "milter-socket"})  # nobody listens there


class Sending(ShellTestCase):
    not_here = ("chown", "systemctl", "postconf", "postfix", "nft", "tecs check", "runuser", "tecs lookup")

    def test_key_and_configuration_fit(self) -> None:
        (keygen,) = self.typed(SENDING)
        record = self.workspace.file("zone", self.type(keygen.text))
        lookup = next(command for command in shown_commands(DOCUMENT, SENDING) if command.text.startswith("tecs lookup"))
        self.assertIn("\nUsable: ", self.type(f"{lookup.text} --zone {record}"))
        self.workspace.file("etc/tecs/signer.conf", self.adapted(shown_files(DOCUMENT)["/etc/tecs/signer.conf"]))
        self.assertIn("1 identities", self.type("tecs-signer --config /etc/tecs/signer.conf --check-config"))


class Reputation(ShellTestCase):
    not_here = ("tecs reputation complain ",)  # no domain of the example has a key in DNS

    def test_from_verdicts_to_a_zone(self) -> None:
        today = datetime.datetime.now(datetime.timezone.utc)
        verdicts = [json.dumps({"id": str(uuid.uuid4()), "time": (today - datetime.timedelta(days=day)).strftime("%Y-%m-%dT00:00:00.000Z"),
                                "domain": "sender.example", "receiver": "mx1", "result": "pass", "messages": 100}) + "\n"
                    for day in range(20)]
        self.workspace.file("received.jsonl", "".join(verdicts))
        self.type("tecs verdicts import received.jsonl --store sqlite:/var/lib/tecs/verdicts.db")
        export, *others = self.typed(REPUTATION)
        self.type(f"{export.text.replace('1d', '30d')} --store sqlite:/var/lib/tecs/verdicts.db")
        answers = {command.text.split(" ")[2]: self.type(command.text) for command in others}
        self.assertIn("20 new", answers["import"])
        self.assertRegex(answers["show"], r"state: +good")
        zone = (self.workspace.path / "rep.example.net.zone").read_text()
        self.assertRegex(zone, r'(?m)^sender.example IN TXT "good"$')
        self.assertIn("ns1.example.net.", zone)
        self.assertNotIn("localhost", zone)
        self.assertIn("<html", (self.workspace.path / "week.html").read_text())
