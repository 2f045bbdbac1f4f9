"""Reputation from a store to a receiver: computed, published as a zone, served by NSD, validated by Unbound, acted upon."""

import contextlib
import datetime
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import unittest
import uuid

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain, program_path, tecs
from tecs_testing.daemons import TecsMilter
from tecs_testing.dnssec import ValidatingResolver, run
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port
from tecs_testing.postfix import SmtpService
from tecs_testing.program import Program
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace

ZONE = "rep.example.net"
BAD, GOOD, NEW = "bad.example", "good.example", "new.example"
# The receiver remembers what it asked for. These it is asked for once they have changed.
SOLD, TURNED = "sold.example", "turned.example"
DOMAINS = [BAD, GOOD, NEW, SOLD, TURNED]


class ReputationStore:
    """What a reputation operator has: the verdicts of a receiver, and complaints that were counted."""

    def __init__(self, folder: pathlib.Path):
        self.file = folder / "verdicts.sqlite"
        self.name = f"sqlite:{self.file}"
        lines = folder / "verdicts.jsonl"
        lines.write_text("".join(
            self._verdicts(BAD, 100) + self._verdicts(GOOD, 1000) + self._verdicts(NEW, 10) + self._verdicts(SOLD, 1000) +
            self._verdicts(TURNED, 10)))
        tecs("verdicts", "import", "--store", self.name, lines)

    def complain(self, domain: str, count: int) -> None:
        with contextlib.closing(sqlite3.connect(self.file)) as store, store:
            columns = [row[1] for row in store.execute("PRAGMA table_info(complaints)")]
            for number in range(count):
                complaint = dict.fromkeys(columns, "") | {
                    "id": uuid.uuid4().hex, "time": self._time(1), "status": "counted", "domain": domain,
                    "organizational_domain": domain, "epoch": None,
                    "destination": f"192.0.{2 + number % 2}.25:25"}
                store.execute(f"INSERT INTO complaints VALUES ({', '.join('?' * len(columns))})",
                              [complaint[column] for column in columns])

    def reputation(self, *arguments: object) -> str:
        return tecs("reputation", *arguments, "--store", self.name)

    def _verdicts(self, domain: str, messages: int) -> list[str]:
        """Ten connections: the first ten days ago, the others yesterday."""
        return [json.dumps({
            "id": str(uuid.uuid4()), "time": self._time(10 if number == 0 else 1), "result": "pass",
            "receiver": "mx.receiver.example", "domain": domain, "organizational_domain": domain,
            "messages": messages // 10}) + "\n" for number in range(10)]

    @staticmethod
    def _time(days_ago: int) -> str:
        time = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class ZoneServer:
    """NSD with files that stay where they are, and that it reads again when told to."""

    def __init__(self, workspace: Workspace, zones: dict[str, pathlib.Path]):
        self.address, self.port = "127.0.0.1", free_port()
        self.endpoint = f"{self.address}:{self.port}"
        folder = workspace.folder("nsd")
        served = "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{file}"\n' for zone, file in zones.items())
        configuration = workspace.file("nsd/nsd.conf", (
            f'server:\n  ip-address: {self.address}@{self.port}\n  server-count: 1\n  username: ""\n  chroot: ""\n'
            f'  pidfile: ""\n  database: ""\n  zonesdir: "{folder}"\n  zonelistfile: "{folder}/zone.list"\n'
            f'  xfrdfile: "{folder}/xfrd.state"\n  xfrdir: "{folder}"\nremote-control:\n  control-enable: no\n{served}'))
        self._program = Program(workspace, "nsd", ["nsd", "-d", "-c", configuration])
        self._program.wait_for("an answer", lambda: any(self.ask(zone, "SOA") for zone in zones))

    def reload(self) -> None:
        self._program.signal(signal.SIGHUP)

    def ask(self, name: str, kind: str) -> list[str]:
        return drill(self.address, self.port, name, kind)

    def serial(self) -> int:
        return int(self.ask(ZONE, "SOA")[0].split()[2])


def drill(address: str, port: int | str, name: str, kind: str, *options: str) -> list[str]:
    """The data of the records that answer."""
    done = subprocess.run(["drill", *options, "-p", str(port), name, f"@{address}", kind],
                          capture_output=True, text=True, check=False)
    answer = done.stdout.partition(";; ANSWER SECTION:")[2].partition(";; AUTHORITY SECTION:")[0]
    return [line.split(None, 4)[4] for line in answer.splitlines() if re.search(rf"\sIN\s+{kind}\s", line)]


class PublishTestCase(WorkspaceTestCase):
    """A receiver that rejects what is bad, and asks a zone that an operator publishes."""

    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        folder = cls.workspace.folder("operator")
        cls.store = ReputationStore(folder)
        cls.zone_file = folder / f"{ZONE}.zone"
        cls.configuration = folder / "reputation.conf"
        # So short that no test waits for a resolver that remembers.
        cls.configuration.write_text(f"store = {cls.store.name}\nzone = {ZONE}\nout = {cls.zone_file}\n"
                                     f"ns = ns1.example.net\nttl = 1s\nnegative-ttl = 1s\n")
        cls.store.complain(BAD, 20)
        cls.told = cls.store.reputation("compute")
        cls.publish()
        cls.domains = {name: make_domain(cls.workspace, name, algorithm="ed25519-sha256") for name in DOMAINS}
        files = {name: cls.workspace.file(f"keys/{name}.zone", (
            f"$ORIGIN {name}.\n$TTL 300\n@ SOA ns.{name}. hostmaster.{name}. 1 3600 600 86400 60\n@ NS ns.{name}.\n"
            f"{domain.record}\n")) for name, domain in cls.domains.items()}
        cls.name_server = ZoneServer(cls.workspace, files | {ZONE: cls.served_file()})
        cls.milter = TecsMilter(cls.workspace, cls.resolver(), "--mode", "enforce", "--reputation", cls.SOURCE)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()

    SOURCE = ""  # what the receiver asks

    @classmethod
    def publish(cls, *options: str) -> str:
        return tecs("reputation", "publish", "--configuration", cls.configuration, *options)

    @classmethod
    def served_file(cls) -> pathlib.Path:
        return cls.zone_file

    @classmethod
    def resolver(cls) -> str:
        return cls.name_server.endpoint

    def reply_to_mail(self, domain: str) -> tuple[int, dict]:
        """To mail of a connection that the domain signed, and the verdict on the connection."""
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source = client.source
            self.assertEqual(client.authenticate(client.credential(self.domains[domain])), 235)
            code, _ = client.mail("sender@client.example")
        verdict = self.receiver.verdict_of(source)
        self.assertEqual(verdict["result"], "pass", verdict["detail"])
        return code, verdict

    def check_reply(self, domain: str, code: int, reputation: str, action: str) -> None:
        got, verdict = self.reply_to_mail(domain)
        self.assertEqual((got, verdict["reputation"], verdict["action"]), (code, reputation, action),
                         f"{verdict}\n{self.milter.log_tail()}")
        self.assertEqual(verdict["reputation_source"], f"dns:{ZONE}" if reputation != "unknown" else "")

    def republish(self) -> None:
        """As an operator's timer does it, with a name server that goes on serving."""
        former = self.name_server.serial()
        self.publish()
        self.served_file()
        self.name_server.reload()
        wait_until("greater serial", lambda: self.name_server.serial() > former)


class Published(PublishTestCase):
    """As it is, and asked for by the words of TXT records."""

    SOURCE = f"dns:{ZONE}"

    def test_1_computing_says_what_changed(self) -> None:
        self.assertEqual(self.told, f"{BAD} unknown bad\n{GOOD} unknown good\n{SOLD} unknown good\n")

    def test_2_nsd_loads_the_zone(self) -> None:
        done = subprocess.run(["nsd-checkzone", ZONE, self.zone_file], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, f"zone {ZONE} is ok\n"), done.stderr)

    def test_3_what_the_zone_says(self) -> None:
        for name, kind, want in ((BAD, "TXT", ['"bad"']), (BAD, "A", ["127.0.0.2"]), (GOOD, "TXT", ['"good"']),
                                 (GOOD, "A", []), (NEW, "TXT", []), ("test", "A", ["127.0.0.2"]),
                                 ("test", "TXT", ['"bad"']), ("invalid", "A", []), ("invalid", "TXT", [])):
            with self.subTest(f"{name} {kind}"):
                self.assertEqual(self.name_server.ask(f"{name}.{ZONE}", kind), want)
        self.assertEqual(self.name_server.ask(ZONE, "NS"), ["ns1.example.net."])

    def test_4_the_receiver_acts_on_it(self) -> None:
        self.check_reply(BAD, 550, "bad", "reject")
        self.check_reply(GOOD, 250, "good", "accept")
        self.check_reply(NEW, 250, "unknown", "none")
        self.assertNotIn(f"dns:{ZONE}: it", self.milter.log.read_text())  # neither lists all nor lacks TEST

    def test_5_a_decision_by_hand_gets_there_while_nsd_serves(self) -> None:
        self.assertEqual(self.name_server.ask(f"{SOLD}.{ZONE}", "TXT"), ['"good"'])
        self.assertEqual(self.store.reputation("set", SOLD, "bad", "--note", "sold"), f"{SOLD} good bad\n")
        self.republish()
        self.assertEqual(self.name_server.ask(f"{SOLD}.{ZONE}", "TXT"), ['"bad"'])
        self.check_reply(SOLD, 550, "bad", "reject")
        self.assertEqual(self.store.reputation("unset", SOLD), f"{SOLD} bad good\n")
        self.republish()
        self.assertEqual(self.name_server.ask(f"{SOLD}.{ZONE}", "TXT"), ['"good"'])

    def test_6_new_complaints_get_there(self) -> None:
        self.store.complain(TURNED, 5)
        self.assertEqual(self.store.reputation("compute"), f"{TURNED} unknown bad\n")
        self.republish()
        self.check_reply(TURNED, 550, "bad", "reject")


class PublishedAndSigned(PublishTestCase):
    """Signed by the operator, validated by the receiver's resolver, and asked for by the addresses of A records."""

    SOURCE = f"dns:{ZONE}?127.0.0.2=bad,127.0.0.3=medium"

    @classmethod
    def served_file(cls) -> pathlib.Path:
        folder = cls.zone_file.parent
        if not list(folder.glob("K*.private")):
            run("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", ZONE, folder=folder)
        key = next(folder.glob("K*.private")).with_suffix("").name
        run("ldns-signzone", "-f", "signed.new", cls.zone_file.name, key, folder=folder)
        os.replace(folder / "signed.new", folder / "signed")
        cls.trust_anchor = folder / f"{key}.ds"
        return folder / "signed"

    @classmethod
    def resolver(cls) -> str:
        validating = ValidatingResolver(cls.workspace, cls.name_server, [*DOMAINS, ZONE], [cls.trust_anchor])
        cls.validating_port = validating.endpoint.rpartition(":")[2]
        return validating.endpoint

    def flags_of(self, name: str) -> str:
        done = subprocess.run(["drill", "-p", self.validating_port, "-D", f"{name}.{ZONE}", "@127.0.0.1", "TXT"],
                              capture_output=True, text=True, check=True)
        return re.search(r";; flags: ([a-z ]+)", done.stdout)[1]

    def test_1_the_resolver_validates_it(self) -> None:
        self.assertIn(" ad", self.flags_of(BAD))
        self.assertIn(" ad", self.flags_of("nobody.example"))  # also that there is nothing

    def test_2_the_receiver_acts_on_it(self) -> None:
        self.check_reply(BAD, 550, "bad", "reject")
        self.check_reply(GOOD, 250, "unknown", "none")  # good is not listed
        self.check_reply(NEW, 250, "unknown", "none")

    def test_3_so_it_goes_on_after_it_was_signed_anew(self) -> None:
        self.store.complain(TURNED, 5)
        self.store.reputation("compute")
        self.republish()
        self.check_reply(TURNED, 550, "bad", "reject")
        self.assertIn(" ad", self.flags_of(TURNED))


class FileTestCase(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.folder = cls.workspace.folder("operator")
        cls.store = ReputationStore(cls.folder)
        cls.store.reputation("compute")


class ZoneFile(FileTestCase):
    """The file, without anybody who serves it."""

    def publish(self, file: pathlib.Path, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([program_path("tecs"), "reputation", "publish", "--store", self.store.name, "--zone", ZONE,
                               "--out", file, *options], capture_output=True, text=True, check=False)

    def serial(self, file: pathlib.Path) -> int:
        return int(re.search(r" SOA \S+ \S+ (\d+) ", file.read_text())[1])

    def test_file_that_is_read_meanwhile_is_whole(self) -> None:
        file = self.folder / "read.zone"
        self.publish(file)
        with open(file, encoding="ascii") as opened:
            before = file.read_text()
            self.assertEqual(self.publish(file, "--refresh").returncode, 0)
            self.assertEqual(opened.read(), before)
        self.assertNotEqual(file.read_text(), before)
        self.assertEqual([each.name for each in self.folder.glob("read.zone*")], ["read.zone"])

    def test_serial_grows_when_the_file_was_lost(self) -> None:
        file = self.folder / "lost.zone"
        self.publish(file)
        former = self.serial(file)
        file.unlink()
        self.publish(file)
        self.assertGreater(self.serial(file), former)

    def test_disk_that_is_full_leaves_the_file_as_it_is(self) -> None:
        folder = self.workspace.folder("full")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
        self.workspace.at_end(lambda: subprocess.run(["umount", folder], check=True))
        file = folder / "full.zone"
        self.publish(file)
        before = file.read_text()
        with contextlib.suppress(OSError):
            (folder / "rest").write_bytes(bytes(65536))
        done = self.publish(file, "--refresh")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("No space left on device", done.stderr)
        self.assertEqual(file.read_text(), before)
        self.assertEqual(sorted(each.name for each in folder.iterdir()), ["full.zone", "rest"])


if __name__ == "__main__":
    unittest.main()
