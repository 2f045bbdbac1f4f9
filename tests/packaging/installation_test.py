"""The packages in a fresh Debian: installed, used as they come, upgraded, removed, purged, and installed again.

PACKAGES is the folder with the packages, BASE the system that tecs_packages.base_system prepared.
"""

import os
import pathlib
import re
import smtplib
import subprocess
import sys
import tempfile
import threading
import unittest

from tecs_packages.doors import milter_version, sasl_handshake
from tecs_packages.machine import Machine
from tecs_packages.package import Package, outside_dependencies, packages_in, run
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import PARENT_FOLDER

PACKAGES = pathlib.Path(os.environ["PACKAGES"])
BASE = pathlib.Path(os.environ["BASE"])
DAEMONS = ("tecs-milter.service", "tecs-signer.service")
RUNNING = ("tecs-milter.socket", *DAEMONS, "tecs-verdicts-prune.timer")
SERVER, HERE = "198.51.100.25", "198.51.100.10"


class OnAMachine(unittest.TestCase):
    """All tests of a class share one machine, on which set_up() has done its part."""

    packages: dict[str, Package]
    machine: Machine

    @classmethod
    def set_up(cls) -> None:
        cls.machine.boot()
        cls.machine.install(*cls.packages.values())

    @classmethod
    def setUpClass(cls) -> None:
        cls.packages = packages_in(PACKAGES)
        cls.machine = Machine(BASE)
        cls.addClassCleanup(cls.machine.stop)
        cls.set_up()

    @property
    def root(self) -> pathlib.Path:
        return self.machine.root

    def owner_and_mode(self, path: str) -> str:
        return self.machine.run("stat", "--format=%U:%G %a", path).strip()

    def check_running(self) -> None:
        for unit in RUNNING:
            self.assertEqual(self.machine.unit(unit, "ActiveState"), "active", self.machine.journal(unit))


class Installed(OnAMachine):
    def test_the_daemons_run_on_their_shipped_configuration(self) -> None:
        self.check_running()
        for daemon in DAEMONS:
            with self.subTest(daemon):
                self.assertEqual(self.machine.unit(daemon, "NRestarts"), "0", self.machine.journal(daemon))
                status = self.machine.run("cat", f"/proc/{self.machine.unit(daemon, 'MainPID')}/status")
                tecs = self.machine.run("id", "--user", "tecs").strip()
                self.assertIn(f"Uid:\t{tecs}\t{tecs}\t{tecs}\t{tecs}", status)
                self.assertRegex(status, r"CapEff:\t0+\n")
        self.assertEqual(self.machine.run("systemctl", "list-units", "--failed", "--plain", "--no-legend"), "")

    def test_what_is_only_offered_does_not_run(self) -> None:
        for unit in ("tecs-reputation.timer", "tecs-reputation-work.service"):
            self.assertEqual(self.machine.run("systemctl", "is-enabled", unit, ends_with=1).strip(), "disabled")

    def test_systemd_has_nothing_to_say_about_the_units(self) -> None:
        units = sorted(each.name for each in (self.root / "lib/systemd/system").glob("tecs-*"))
        self.assertGreaterEqual(len(units), 8)
        self.assertEqual(self.machine.run("systemd-analyze", "--man=no", "verify", *units), "")

    def test_files_are_for_whom_they_should_be(self) -> None:
        for path, wanted in {"/etc/tecs": "root:root 755", "/etc/tecs/milter.conf": "root:root 644",
                             "/etc/tecs/keys": "root:tecs 750", "/var/lib/tecs": "tecs:tecs 750",
                             "/var/lib/tecs/verdicts.db": "tecs:tecs 640", "/run/tecs": "tecs:tecs 2750",
                             "/run/tecs/sasl": "root:tecs 660", "/run/tecs/milter": "tecs:tecs 660"}.items():
            with self.subTest(path):
                self.assertEqual(self.owner_and_mode(path), wanted)
        account = self.machine.run("getent", "passwd", "tecs").strip().split(":")
        self.assertEqual(account[5:], ["/var/lib/tecs", "/usr/sbin/nologin"])
        self.assertEqual(self.machine.run("id", "--groups", "--name", "tecs").strip(), "tecs")

    def test_dpkg_finds_its_files_as_they_came(self) -> None:
        self.assertEqual(self.machine.run("dpkg", "--verify", *self.packages), "")
        self.assertEqual(self.machine.run("dpkg", "--audit"), "")

    def test_the_milter_opens_both_doors(self) -> None:
        greeting = sasl_handshake(self.root / "run/tecs/sasl")
        self.assertEqual(greeting[0], "VERSION\t1\t2")
        self.assertEqual([line.split("\t")[1] for line in greeting if line.startswith("MECH\t")], ["TECS-1"])
        self.assertEqual(milter_version(self.root / "run/tecs/milter"), 6)

    def test_the_tools_sign_and_verify(self) -> None:
        connection = ("--destination", "192.0.2.25:25", "--source", "198.51.100.7:40213")
        key = "/etc/tecs/keys/signed.example.pem"
        made = self.machine.run("tecs", "keygen", "--domain", "signed.example", "--algorithm", "ed25519-sha256", "--out", key)
        record = self.machine.run("tecs", "record", "--domain", "signed.example", "--key", key)
        self.assertIn(record, made)
        (self.root / "root/zone").write_text(record)
        credential = self.machine.run("tecs", "sign", "--key", key, "--domain", "signed.example", *connection).strip()
        verified = self.machine.run("tecs", "verify", "--zone", "/root/zone", "--credential", credential, *connection)
        self.assertIn("pass", verified)
        other = self.machine.run("tecs", "verify", "--zone", "/root/zone", "--credential", credential,
                                 "--destination", "192.0.2.26:25", "--source", "198.51.100.7:40213", ends_with=1)
        self.assertIn("fail", other)

    def test_a_key_of_the_administrators_can_be_read_by_the_signer_and_by_nobody_else(self) -> None:
        key = "/etc/tecs/keys/mine.example.pem"
        self.machine.run("tecs", "keygen", "--domain", "mine.example", "--out", key)
        self.machine.run("chown", "tecs:", key)
        self.assertEqual(self.owner_and_mode(key), "tecs:tecs 600")
        self.machine.run("runuser", "-u", "tecs", "--", "cat", key)
        self.machine.run("runuser", "-u", "nobody", "--", "ls", "/etc/tecs/keys", ends_with=2)

    def test_old_verdicts_are_deleted_by_the_shipped_service(self) -> None:
        self.machine.run("systemctl", "start", "tecs-verdicts-prune.service")
        self.assertEqual(self.machine.unit("tecs-verdicts-prune.service", "Result"), "success")
        self.assertEqual(self.machine.unit("tecs-verdicts-prune.service", "ExecMainStatus"), "0")

    def test_cyrus_sasl_finds_the_plugin(self) -> None:
        self.machine.apt("install", "sasl2-bin")
        self.machine.run("tecs", "keygen", "--domain", "sasl.example", "--out", "/etc/tecs/sasl.example.pem")
        (self.root / "etc/tecs/sasl-client.conf").write_text("identity = sasl.example - /etc/tecs/sasl.example.pem\n")
        self.assertRegex(self.machine.run("saslpluginviewer", "-c"), r"(?i)\btecs-1\b")

    def test_a_change_of_the_configuration_is_checked_and_taken(self) -> None:
        for daemon in DAEMONS:
            name = daemon.removesuffix(".service")
            file = f"/etc/tecs/{name.removeprefix('tecs-')}.conf"
            with self.subTest(file):
                before = self.machine.unit(daemon, "MainPID")
                self.assertIn("nothing is wrong", self.machine.run(name, "--config", file, "--check-config"))
                self.machine.run("systemctl", "reload", daemon)
                wait_until("new configuration", lambda unit=daemon: "SIGHUP" in self.machine.journal(unit))
                self.assertNotIn("nothing was changed", self.machine.journal(daemon))
                self.assertEqual(self.machine.unit(daemon, "MainPID"), before)


class SignerAsItComes(OnAMachine):
    """With the firewall's rules that come with it, and nothing else changed."""

    def test_a_redirected_mail_is_passed_on_unsigned(self) -> None:
        with subprocess.Popen(["unshare", "--net", sys.executable, "-B", "-m", "tecs_packages.mail_server", SERVER],
                              stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            self.addCleanup(server.kill)
            outside = os.readlink("/proc/self/ns/net")
            wait_until("network of the server", lambda: os.readlink(f"/proc/{server.pid}/ns/net") != outside)
            run("ip", "link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", str(server.pid))
            run("ip", "address", "add", f"{HERE}/24", "dev", "cable")
            run("ip", "link", "set", "cable", "up")
            self.assertEqual(server.stdout.readline(), "listening\n")
            self.machine.run("nft", "-f", "/usr/share/tecs/tecs-signer.nft")
            with smtplib.SMTP(SERVER, 25, "mta.example", timeout=60) as client:
                # The signer's work, and no business of the MTA's.
                self.assertFalse(client.has_extn("auth"))
                client.sendmail("a@sender.example", ["b@receiver.example"], b"Subject: unsigned\r\n\r\nHello\r\n")
            said = server.stdout.read().splitlines()
        self.assertIn("Subject: unsigned", said)
        self.assertEqual([line for line in said if line.startswith("AUTH")], [])
        wait_until("line in the log", lambda: SERVER in self.machine.journal("tecs-signer.service"))


class PostfixComesLater(OnAMachine):
    def connect_as(self, user: str) -> bool:
        numbers = [int(self.machine.run("id", option, user)) for option in ("--user", "--group")]
        code = f"import socket; socket.socket(socket.AF_UNIX).connect('{self.root}/run/tecs/sasl')"
        done = subprocess.run([sys.executable, "-c", code], user=numbers[0], group=numbers[1], extra_groups=[], check=False,
                              stderr=subprocess.DEVNULL)
        return done.returncode == 0

    def test_the_doors_are_opened_for_its_group(self) -> None:
        self.assertEqual(self.owner_and_mode("/run/tecs"), "tecs:tecs 2750")
        self.machine.apt("install", "postfix")
        self.check_running()
        self.assertEqual(self.owner_and_mode("/run/tecs"), "tecs:postfix 2750")
        self.assertEqual(self.owner_and_mode("/run/tecs/sasl"), "root:postfix 660")
        wait_until("milter's door", (self.root / "run/tecs/milter").exists)
        self.assertEqual(self.owner_and_mode("/run/tecs/milter"), "tecs:postfix 660")
        self.assertTrue(self.connect_as("postfix"))
        self.assertFalse(self.connect_as("nobody"))
        # Nothing of Postfix was changed for that.
        self.assertEqual(self.machine.run("id", "--groups", "--name", "postfix").strip(), "postfix")


class Knocking:
    """Somebody who says hello at the SASL door again and again, as each new smtpd does."""

    def __init__(self, door: pathlib.Path):
        self._door = door
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._knock)
        self.answered = 0
        self.cut: list[str] = []  # the daemon that was answering stopped
        self.refused: list[str] = []
        self._thread.start()

    def _knock(self) -> None:
        while not self._stopped.is_set():
            try:
                sasl_handshake(self._door)
                self.answered += 1
            except (BrokenPipeError, ConnectionResetError, EOFError) as error:
                self.cut.append(repr(error))
            except OSError as error:
                self.refused.append(repr(error))

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


class Upgraded(OnAMachine):
    version: str
    newer: list[Package]

    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        cls.version = f"{next(iter(cls.packages.values())).version}.1"
        folder = tempfile.TemporaryDirectory(dir=os.environ[PARENT_FOLDER])  # pylint: disable=consider-using-with
        cls.addClassCleanup(folder.cleanup)
        changes = {"etc/tecs/milter.conf": "# New in this version.", "etc/tecs/signer.conf": "# New in this version."}
        cls.newer = [each.at_version(cls.version, pathlib.Path(folder.name), changes) for each in cls.packages.values()]

    def test_an_upgrade_refuses_nobody_and_keeps_what_the_administrator_wrote(self) -> None:
        mine = (self.root / "etc/tecs/milter.conf").read_text() + "authserv-id = mine.example\n"
        (self.root / "etc/tecs/milter.conf").write_text(mine)
        self.machine.run("systemctl", "disable", "--now", "tecs-verdicts-prune.timer")
        before = {unit: self.machine.unit(unit, "MainPID") for unit in DAEMONS}
        socket_since = self.machine.unit("tecs-milter.socket", "ActiveEnterTimestampMonotonic")
        knocking = Knocking(self.root / "run/tecs/sasl")
        self.addCleanup(knocking.stop)

        self.machine.install(*self.newer)

        answered = knocking.answered
        wait_until("answer of the new daemon", lambda: knocking.answered > answered + 10)
        knocking.stop()
        self.assertEqual(knocking.refused, [])
        # One daemon stopped, which can have cut off the one greeting that it was in the middle of.
        self.assertLessEqual(len(knocking.cut), 1, knocking.cut)
        self.assertEqual(self.machine.unit("tecs-milter.socket", "ActiveEnterTimestampMonotonic"), socket_since)
        for unit in DAEMONS:
            self.assertEqual(self.machine.unit(unit, "ActiveState"), "active", self.machine.journal(unit))
            self.assertNotEqual(self.machine.unit(unit, "MainPID"), before[unit])
        for name in self.packages:
            self.assertEqual(self.machine.run("dpkg-query", "--show", "--showformat=${Version}", name), self.version)
        self.assertEqual((self.root / "etc/tecs/milter.conf").read_text(), mine)
        self.assertIn("New in this version", (self.root / "etc/tecs/milter.conf.dpkg-dist").read_text())
        self.assertIn("New in this version", (self.root / "etc/tecs/signer.conf").read_text())
        # What the administrator had switched off stays off.
        self.assertEqual(self.machine.unit("tecs-verdicts-prune.timer", "ActiveState"), "inactive")


class RemovedAndPurged(OnAMachine):
    before: dict[str, str]

    @classmethod
    def set_up(cls) -> None:
        cls.machine.boot()
        # What they depend on stays when they go.
        cls.machine.apt("install", *outside_dependencies(cls.packages.values()))
        cls.before = cls.machine.files()
        cls.machine.install(*cls.packages.values())

    def left(self) -> set[str]:
        return {path for path in self.machine.files() if path not in self.before}

    def test_a_purge_leaves_what_the_administrator_made(self) -> None:
        self.machine.run("tecs", "keygen", "--domain", "mine.example", "--out", "/etc/tecs/keys/mine.example.pem")
        self.machine.apt("remove", *self.packages)
        for unit in RUNNING:
            self.assertNotEqual(self.machine.unit(unit, "ActiveState"), "active", unit)
        kept = self.left()
        for path in ("/etc/tecs/milter.conf", "/etc/tecs/signer.conf", "/etc/tecs/identities", "/var/lib/tecs/verdicts.db",
                     "/etc/apparmor.d/usr.sbin.tecs-milter"):
            self.assertIn(path, kept)
        self.assertEqual([path for path in kept if path.startswith(("/usr/", "/lib/", "/run/tecs"))], [])

        # The others have left nothing to purge.
        self.machine.apt("purge", "tecs-milter", "tecs-signer", "tecs-tools")
        self.assertEqual(self.left(), {"/etc/tecs", "/etc/tecs/keys", "/etc/tecs/keys/mine.example.pem"})
        self.assertEqual(self.machine.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "tecs-*"), "")

        self.machine.install(*self.packages.values())
        self.check_running()
        self.assertTrue((self.root / "etc/tecs/keys/mine.example.pem").exists())


class WithoutSystemd(OnAMachine):
    """A folder that a system is being made in: nothing can be started there."""

    @classmethod
    def set_up(cls) -> None:
        pass

    def test_installs_for_the_first_start_and_purges_without_a_trace(self) -> None:
        before = self.machine.files()
        self.machine.install(*self.packages.values())
        wants = {each.name for each in (self.root / "etc/systemd/system").glob("*.wants/tecs-*")}
        self.assertEqual(wants, set(RUNNING))
        depended_on = set(re.findall(r"(?m)^Inst (\S+)", self.machine.run("apt-get", "-s", "autoremove")))
        self.assertEqual(depended_on & set(self.packages), set())
        self.machine.apt("purge", *self.packages)
        self.machine.apt("autoremove", "--purge")
        left = {path for path in self.machine.files() if path not in before}
        # The user stays; adduser keeps copies of the files that it changes.
        self.assertEqual({path for path in left if "tecs" in path}, set(), left)


if __name__ == "__main__":
    unittest.main()
