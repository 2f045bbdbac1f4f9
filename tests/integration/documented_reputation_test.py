"""What docs/reputation.md shows, typed as it stands: an operator who copies it gets from verdicts to a zone."""

import datetime
import json
import pathlib
import re
import smtplib
import subprocess
import unittest
import uuid

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import installed, program_path
from tecs_testing.document import (ShownService, section_of, shown_commands, shown_files, shown_script, shown_settings,
                                   text_of)
from tecs_testing.operator_shell import OperatorShell
from tecs_testing.ports import free_port
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.postgresql import PostgreSql
from tecs_testing.program import Program
from tecs_testing.waiting import wait_until

DOCUMENT = "reputation.md"
ROOT = pathlib.Path(__file__).resolve().parents[2]
SET_UP, LOGS, COMPLAINTS, WORTH, BY_HAND, PUBLISHING = (
    "## 2. PostgreSQL", "## 4. The logs of others", "## 5. Complaints", "## 6. What a domain is worth", "## 7. By hand",
    "## 8. Publishing")
ZONE = "rep.example.net"
PASSWORD = "as it was typed"
NOT_HERE = ("systemctl", "journalctl", "drill")  # there is no machine to change, and no name server on port 53


def verdict(days_ago: int, result: str = "pass", messages: int = 100, domain: str = "sender.example") -> str:
    day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)
    return json.dumps({"id": str(uuid.uuid4()), "time": day.strftime("%Y-%m-%dT00:00:00.000Z"), "domain": domain,
                       "receiver": "mx1.example.net", "result": result, "messages": messages,
                       "reason": "" if result == "pass" else "signature-mismatch"}) + "\n"


class OperatorTestCase(WorkspaceTestCase):
    """A machine with PostgreSQL, on which the document's section on it was typed."""

    @classmethod
    def set_up(cls) -> None:
        cls.database = PostgreSql(cls.workspace).start()
        cls.shell = OperatorShell(cls.workspace, cls.database)
        # The document makes them itself.
        for statement in ("DROP DATABASE tecs", "DROP ROLE tecs"):
            cls.shell.run(f'runuser -u postgres -- psql --quiet --command "{statement}" postgres')
        for path, text in shown_files(DOCUMENT).items():
            cls.shell.write(path, text)
        cls.script = [line for line in shown_script(DOCUMENT, SET_UP) if not re.match(r"apt-get|systemd-sysusers", line)]
        cls.answers = [cls.shell.run(line) for line in cls.script]

    def import_verdicts(self, lines: str) -> str:
        return self.shell.run("tecs verdicts import --store postgresql:///tecs", typed=lines)

    def complain(self, domain: str, count: int) -> None:
        """Complaints that were counted today, about mail to two networks."""
        for number in range(count):
            destination = f"192.0.{2 + number % 2}.25:25"
            self.database.query(
                "INSERT INTO complaints SELECT gen_random_uuid(), to_char(now() AT TIME ZONE 'UTC', "
                "'YYYY-MM-DD\"T00:00:00.000Z\"'), 'counted', '', '', '', "
                f"'{domain}', '{domain}', '', '', '', '', '{destination}', NULL, '', ''")

    def type_commands(self, heading: str) -> None:
        for command in shown_commands(DOCUMENT, heading):
            if not command.text.startswith(NOT_HERE):
                with self.subTest(command.text):
                    self.shell.run(command.text)


class Database(OperatorTestCase):
    def test_1_the_tables_are_made(self) -> None:
        self.assertIn(f"prints `{self.answers[-1].strip()}`", section_of(DOCUMENT, SET_UP))
        self.assertEqual(self.database.query("SELECT count(*) FROM verdicts"), [["0"]])

    def test_2_receivers_may_add_verdicts_and_nothing_else(self) -> None:
        for command in shown_commands(DOCUMENT, SET_UP):
            if not command.text.startswith(NOT_HERE):
                self.shell.run(command.text, typed=f"{PASSWORD}\n{PASSWORD}\n")
        wanted = "1 read: 1 new, 0 already there, 0 refused\n"
        self.assertEqual(self.shell.run("tecs verdicts import --store postgresql:///tecs", verdict(0), PGUSER="mx1"), wanted)
        self.assertEqual(self.database.query("SELECT count(*) FROM batch_counts"), [["1"]])
        for refused in ("tecs verdicts prune --older-than 90d", "tecs reputation compute", "tecs reputation complaints"):
            with self.subTest(refused):
                done = self.shell.attempt(f"{refused} --store postgresql:///tecs", PGUSER="mx1")
                self.assertIn("permission denied for table", done.stderr)
        password = self.database.query("SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'mx1'")
        self.assertEqual(password, [["t"]])

    def test_3_logs_are_handed_over(self) -> None:
        exporting, importing = (command.text for command in shown_commands(DOCUMENT, LOGS))
        self.shell.run("tecs verdicts import --store sqlite:/tmp/mx3.db", verdict(0) + verdict(0))
        self.shell.run(f"cd /tmp && {exporting} --store sqlite:/tmp/mx3.db")
        for counts in ("2 new, 0 already there", "0 new, 2 already there"):
            self.assertIn(counts, self.shell.run(f"cd /tmp && {importing}"))

    def test_4_the_receiver_takes_its_configuration(self) -> None:
        for variant in ("", "asking", "listed"):
            file = self.shell.write("/etc/tecs/checked.conf", shown_files(DOCUMENT, variant)["/etc/tecs/milter.conf"])
            self.shell.run(f"tecs-milter --config {file} --check-config --store sqlite:/var/lib/tecs/verdicts.db"
                           " --greylist sqlite:/var/lib/tecs/greylist.db")

    def test_5_the_backup_has_what_is_hard_to_do_without(self) -> None:
        self.type_commands("## 11. What to back up")
        listed = self.shell.run("pg_restore --list /var/backups/tecs.dump")
        for table in re.findall(r"`([a-z_]+)`", section_of(DOCUMENT, "## 11. What to back up").partition("Leave")[0]):
            self.assertRegex(listed, rf"TABLE DATA public {table} ")

    def test_6_receivers_come_in_with_tls_and_a_password(self) -> None:
        """The role and its password are those of above; the addresses are those of here."""
        self.shell.offer_tls(self.database, "db.example.net", "/etc/tecs/db.crt")
        port, hba = self.shell.environment["PGPORT"], pathlib.Path(self.database.query("SHOW hba_file")[0][0])
        shown = shown_files(DOCUMENT)["/etc/postgresql/15/main/pg_hba.conf"]
        allowed = re.sub(r"\d+\.\d+\.\d+\.\d+/32", "127.0.0.1/32", shown) + "host tecs mx1,mx2 all reject\n"
        hba.write_text(allowed + hba.read_text())
        self.database.query("SELECT pg_reload_conf()")
        forward = shown_settings(shown_files(DOCUMENT)["/etc/tecs/milter.conf"])["forward"]
        where = {"PGPORT": port, "PGHOSTADDR": "127.0.0.1"}
        importing = f"tecs verdicts import --store '{forward}'"

        passwords = shown_files(DOCUMENT)["/etc/tecs/pgpass"].replace(":5432:", f":{port}:")
        self.shell.write("/etc/tecs/pgpass", passwords, 0o600)
        wrong = self.shell.attempt(importing, verdict(0), **where)
        self.assertIn("password authentication failed", wrong.stderr)
        self.shell.write("/etc/tecs/pgpass", passwords.replace("the password", PASSWORD), 0o600)
        self.assertIn("1 new", self.shell.run(importing, verdict(0), **where))
        clear = self.shell.attempt(importing.replace("verify-full", "disable"), verdict(0), **where)
        self.assertNotEqual(clear.returncode, 0)


class TakenComplaints(OperatorTestCase):
    def test_1_the_example_counts_once(self) -> None:
        tried = [each for each in shown_commands(DOCUMENT, COMPLAINTS) if each.answer]
        self.assertEqual(len(tried), 2)
        for command in tried:
            self.assertEqual(self.shell.run(command.text), command.answer)

    def test_2_postfix_and_a_worker_take_it(self) -> None:
        program, environment = installed(self.workspace, "tecs")
        words = " ".join(f"{name}={value}" for name, value in (environment | self.shell.environment).items() if name != "PATH")
        service = shown_files(DOCUMENT)["/etc/postfix/master.cf"].replace(" user=tecs ", " user=nobody ")
        self.assertIn("argv=/usr/local/bin/tecs ", service)
        service = service.replace("argv=/usr/local/bin/tecs ", f"argv=/usr/bin/env {words} {program} ")
        port = free_port()
        postfix = Postfix(self.workspace, "postfix", shown_settings(shown_files(DOCUMENT)["/etc/postfix/main.cf"]),
                          [SmtpService("127.0.0.1", port), ShownService(service)]).start()
        mail = self.shell.path("/tmp/complaint.eml").read_bytes()
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.sendmail("abuse@mx.receiver.example", ["complaints@arf.example.net"], mail)
            self.assertRaises(smtplib.SMTPRecipientsRefused, client.sendmail, "a@b.example", ["other@arf.example.net"], mail)
        wait_until("delivery", lambda: postfix.log_lines("relay=tecs-complaints.*status=sent"))
        waiting = next(each.text for each in shown_commands(DOCUMENT, COMPLAINTS) if "complaint_queue" in each.text)
        self.assertEqual(self.shell.run(waiting).strip(), "1")
        worked = self.shell.run("tecs reputation work --once --maximum-age 36500d --store postgresql:///tecs --zone /tmp/sender.example.zone")
        self.assertEqual(worked, "counted sender.example -\n")
        listing = next(each.text for each in shown_commands(DOCUMENT, COMPLAINTS) if "tecs reputation complaints" in each.text)
        self.assertRegex(self.shell.run(listing), r"counted +sender\.example +mx\.receiver\.example +dns ")
        postfix.stop()

    def test_3_every_word_of_a_decision_is_explained(self) -> None:
        source = (ROOT / "verdicts" / "complaint.cpp").read_text()
        arrays = re.findall(r"constexpr std::array<std::string_view, \d+> \w+\{(.*?)\};", source, re.DOTALL)
        words = {word for array in arrays for word in re.findall(r'"([a-z-]+)"', array)}
        self.assertGreater(len(words), 20)
        table = section_of(DOCUMENT, "### What is believed, and what is not")
        self.assertEqual(words - set(re.findall(r"`([a-z-]+)`", table)), set())


class Worth(OperatorTestCase):
    def test_1_the_example_comes_out_as_it_says(self) -> None:
        self.import_verdicts("".join(verdict(age) for age in [60] * 4 + [30] * 4 + [0] * 3))
        self.import_verdicts(verdict(0, "fail", 0) + verdict(0, "fail", 0))
        self.complain("sender.example", 12)
        compute = next(each for each in shown_commands(DOCUMENT, WORTH) if "compute" in each.text)
        self.assertEqual(self.shell.run(compute.text), "sender.example unknown medium\n")
        show = next(each for each in shown_commands(DOCUMENT, WORTH) if "show" in each.text)
        without_dates = [re.sub(r"\d{4}-\d\d-\d\d", "DATE", text) for text in (self.shell.run(show.text), show.answer)]
        self.assertEqual(*without_dates)

    def test_2_the_defaults_are_those_of_the_program(self) -> None:
        rows = re.findall(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| ([^|]+) \|", section_of(DOCUMENT, "### What each option moves"),
                          re.MULTILINE)
        shown = {}
        for names, values in rows:
            shown.update(zip(re.findall(r"`([a-z-]+)`", names), values.strip().split(", ")))
        text = " ".join(self.shell.run("tecs reputation compute --help").partition("Options:")[2].split())
        options = dict(re.findall(r"--([a-z-]+) [A-Z]+ [^()]*\(default: ([^)]*)\)", text))
        self.assertEqual(shown, {name: value for name, value in options.items() if name not in ("configuration", "store")})

    def test_3_decisions_by_hand(self) -> None:
        self.type_commands(BY_HAND)
        listed = self.shell.run("tecs reputation list --store postgresql:///tecs")
        self.assertRegex(listed, r"bad +\S+ +example\.com +by hand: phishing, ticket 4711")
        self.assertNotIn("example.org", listed)

    def test_4_pictures(self) -> None:
        for heading in ("## 9. Which thresholds?", "## 10. Asking"):
            self.type_commands(heading)
        self.assertIn("<svg", self.shell.path("/tmp/calibration.svg").read_text())
        page = self.shell.path("/tmp/report.html").read_text()
        for part in re.findall(r"^\| ([A-Z][A-Za-z ]+) \|", section_of(DOCUMENT, "### A page for others"), re.MULTILINE):
            self.assertRegex(page, rf"<h2[^>]*>\s*{part}\s*<")


class Published(OperatorTestCase):
    def test_1_a_name_server_serves_it(self) -> None:
        self.import_verdicts("".join(verdict(days, "pass", 100, "good.example") for days in [200] + [1] * 10))
        self.import_verdicts("".join(verdict(days, "pass", 50, "bad.example") for days in (9, 1)))
        self.complain("bad.example", 20)
        configuration = self.shell.path("/etc/tecs/reputation.conf")
        for command in shown_commands(DOCUMENT, PUBLISHING):
            if re.match(r"install .*tecs-reputation|runuser .* tecs reputation (compute|publish)$", command.text):
                option = f" --configuration {configuration}" if "tecs reputation" in command.text else ""
                self.shell.run(command.text + option)
        zone = self.shell.path(f"/var/lib/tecs-reputation/{ZONE}.zone").read_text()
        shown = re.search(r"^```zone\n(.*?)^```$", section_of(DOCUMENT, PUBLISHING), re.MULTILINE | re.DOTALL)
        assert shown
        self.assertEqual(set(shown[1].splitlines()) - set(zone.splitlines()), set())
        self.check_served(f"{ZONE}.zone")

    def test_2_signed(self) -> None:
        name = "/usr/local/sbin/tecs-sign-zone"
        text = shown_files(DOCUMENT)[name]
        configured = f"reputation publish --configuration {self.shell.path('/etc/tecs/reputation.conf')} "
        script = self.shell.write(name, text.replace("reputation publish ", configured), 0o755)
        for command in shown_commands(DOCUMENT, PUBLISHING):
            if "dnssec" in command.text:
                self.shell.run(command.text)
        signed = self.shell.path(f"/var/lib/tecs-reputation/{ZONE}.signed")
        self.shell.run(str(script))
        self.assertIn("NSEC3", signed.read_text())
        # One that is published while the former is signed is newer than this, and is signed the next time.
        self.assertEqual(signed.stat().st_mtime_ns, self.shell.path(f"/var/lib/tecs-reputation/{ZONE}.zone").stat().st_mtime_ns)
        former = signed.stat().st_ino
        self.shell.run(str(script))
        self.assertEqual(signed.stat().st_ino, former)  # nothing changed
        self.shell.run(f"touch --date '8 days ago' /var/lib/tecs-reputation/{ZONE}.zone && {script}")
        self.assertNotEqual(signed.stat().st_ino, former)
        self.check_served(f"{ZONE}.signed")

    def check_served(self, file: str) -> None:
        """By NSD with the document's configuration, and what stands for it on this machine."""
        port, folder = free_port(), self.workspace.folder(f"nsd-{file}")
        shown = self.shell.adapted(shown_files(DOCUMENT)["/etc/nsd/nsd.conf.d/reputation.conf"]).replace(f"{ZONE}.zone", file)
        configuration = self.workspace.file(f"nsd-{file}/nsd.conf", (
            f'server:\n  ip-address: 127.0.0.1@{port}\n  server-count: 1\n  username: ""\n  chroot: ""\n  pidfile: ""\n'
            f'  database: ""\n  zonelistfile: "{folder}/zone.list"\n  xfrdfile: "{folder}/xfrd.state"\n'
            f'  xfrdir: "{folder}"\n{shown}'))
        self.shell.run(f"nsd-checkconf {configuration}")
        zone = self.shell.path(f"/var/lib/tecs-reputation/{file}")
        self.assertIn("is ok", self.shell.run(f"nsd-checkzone {ZONE} {zone}"))
        server = Program(self.workspace, f"nsd-{file}", ["nsd", "-d", "-c", configuration])

        def ask(name: str) -> str:
            return self.shell.attempt(f"drill -p {port} {name}.{ZONE} @127.0.0.1 TXT").stdout

        server.wait_for("an answer", lambda: '"bad"' in ask("test"))
        self.assertIn('"good"', ask("good.example"))
        control = next(line for line in shown_files(DOCUMENT)[
            "/etc/systemd/system/tecs-reputation.service.d/name-server.conf"].splitlines() if "nsd-control" in line)
        command = control.partition("+/usr/sbin/")[2]
        self.assertIn("ok", self.shell.run(command.replace("nsd-control", f"nsd-control -c {configuration}")))
        server.stop()


class Text(unittest.TestCase):
    def test_every_option_is_one_of_the_command(self) -> None:
        text = text_of(DOCUMENT)
        code = re.findall(r"^```\w.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        code += [words.replace("\n", " ") for words in re.findall(r"`(tecs [^`]+)`", text)]
        found = 0
        for group, subcommand, rest in re.findall(r"\btecs (verdicts|reputation) ([a-z-]+)([^|<\n]*)", "\n".join(code)):
            if subcommand.startswith("--"):
                continue
            with self.subTest(f"{group} {subcommand}{rest}"):
                done = subprocess.run([program_path("tecs"), group, subcommand, "--help"], capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                options = set(re.findall(r"(?:^|\s)(--?[a-z][a-z-]*)", rest))
                found += len(options)
                self.assertEqual(options - set(re.findall(r"(?:^|\s)(--?[a-z][a-z-]*)", done.stdout)), set())
        self.assertGreater(found, 20)

    def test_the_units_that_it_names_are_there(self) -> None:
        units = {path.name for path in (ROOT / "packaging" / "systemd").iterdir()}
        named = set(re.findall(r"\btecs-[a-z-]+\.(?:service|timer)\b", text_of(DOCUMENT)))
        self.assertGreater(len(named), 2)
        self.assertEqual(named - units, set())
        for path, text in shown_files(DOCUMENT).items():
            if match := re.fullmatch(r"/etc/systemd/system/(\S+)\.d/\S+", path):
                unit = (ROOT / "packaging" / "systemd" / match[1]).read_text()
                for name in re.findall(r"^Environment=([A-Z]+)=", text, re.MULTILINE):
                    self.assertIn(f"${{{name}}}", unit)

    def test_no_password_stands_in_a_command(self) -> None:
        self.assertNotRegex(text_of(DOCUMENT), r"postgresql://[^@/\s`]*:[^@/\s`]*@|PASSWORD '|PGPASSWORD")
        self.assertNotRegex(text_of(DOCUMENT), r"\bsudo\b")
