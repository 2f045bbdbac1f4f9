"""What docs/signer.md shows, run as it stands: an administrator who copies it sends signed mail."""

import os
import pathlib
import re
import subprocess
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import installed, make_domain, program_path
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.document import shown_files, shown_settings, text_of
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.program import Program
from tecs_testing.readiness import ReadinessSocket
from tecs_testing.receiver import DOMAIN, Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.separate_hosts import SeparateHost

DOCUMENT = "signer.md"
CONFIGURATION, MAIN, IDENTITIES, DESTINATIONS = (
    "/etc/tecs/signer.conf", "/etc/postfix/main.cf", "/etc/tecs/identities", "/etc/tecs/destinations")
README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
PACKAGED = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "nftables" / "tecs-signer.nft"
RULES = PACKAGED.read_text().replace("tecs_signer_user = tecs\n", "tecs_signer_user = nobody\n")
NEXT_HOPS = {"IPv4": f"[{RECEIVER.ipv4}]", "IPv6": f"[ipv6:{RECEIVER.ipv6}]"}


@dataclass(frozen=True)
class Case:
    name: str
    domain: str  # that answers, with the sender sender@MAIL
    family: str = "IPv4"
    mail: str = "sender.example"

    @property
    def title(self) -> str:
        return f"{self.name}_{self.family}_{self.mail.replace('.', '_')}"


CASES = [Case("redirect", "sender.example"), Case("redirect", "sender.example", "IPv6"), Case("fixed", "sender.example"),
         Case("customers", "sender.example"), Case("customers", "customer.example", mail="news.customer.example")]


@one_test_each(CASES, lambda case: case.title)
class DocumentedSigner(WorkspaceTestCase):
    """Other than in the document are these: folders, which are in the workspace, the signer's user, and the next hop."""

    @classmethod
    def set_up(cls) -> None:
        cls.user = signer_user()
        cls.host, far = SeparateHost(cls.workspace, "mta"), SeparateHost(cls.workspace, "receiver")
        cls.host.connect("out", SENDER, far, "in", RECEIVER)
        cls.host.run("ip", "route", "add", f"{RECEIVER.ipv4}/32", "dev", "out")
        cls.host.run("ip", "-6", "route", "add", f"{RECEIVER.ipv6}/128", "dev", "out")
        far.run("ip", "route", "add", f"{SENDER.ipv4}/32", "dev", "in")
        far.run("ip", "-6", "route", "add", f"{SENDER.ipv6}/128", "dev", "in")
        cls.domains = [make_domain(cls.workspace, name, selector="t1", owner=cls.user)
                       for name in ("sender.example", "customer.example")]
        with far.inside():
            name_server = NameServer(cls.workspace)
            name_server.publish_all({each.name: each.record for each in cls.domains})
            cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                    [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv6, 25)]).start()
        etc = cls.workspace.folder("etc/keys", owner=cls.user)
        for domain, file in zip(cls.domains, ("keys/sender.example.pem", "keys/customer.example.pem")):
            os.replace(domain.key, etc.parent / file)
        for path in (IDENTITIES, DESTINATIONS):
            cls.workspace.file(f"etc/{pathlib.Path(path).name}", cls.adapted(shown_files(DOCUMENT)[path]))

    @classmethod
    def adapted(cls, text: str) -> str:
        return text.replace("/etc/tecs", f"{cls.workspace.path}/etc").replace("relay.example.net:25", written(RECEIVER.ipv4, 25))

    def configuration(self, variant: str) -> pathlib.Path:
        return self.workspace.file(f"etc/{variant or 'plain'}.conf", self.adapted(shown_files(DOCUMENT, variant)[CONFIGURATION]))

    def start_signer(self, configuration: pathlib.Path) -> Program:
        ready = ReadinessSocket(self.workspace, configuration.stem)
        program, environment = installed(self.workspace, "tecs-signer")
        with self.host.inside():
            signer = Program(self.workspace, f"signer-{configuration.stem}", [program, "--config", configuration], user=self.user,
                             environment={**environment, **ready.environment()})
        self.addCleanup(signer.stop)
        signer.wait_for("readiness", ready.is_ready)
        return signer

    def check(self, case: Case) -> None:
        variant = "" if case.name == "redirect" else case.name
        configuration = self.configuration(variant)
        signer = self.start_signer(configuration)
        fixed = case.name == "fixed"
        next_hop = shown_settings(shown_files(DOCUMENT, "fixed")[MAIN])["relayhost"] if fixed else NEXT_HOPS[case.family]
        if not fixed:
            self.host.firewall(RULES)
            self.addCleanup(self.host.run, "nft", "flush", "ruleset")
        settings = shown_settings(shown_files(DOCUMENT, "fixed" if fixed else "")[MAIN])
        with self.host.inside():
            sender = Sender(self.workspace, [Route(f"sender@{case.mail}", next_hop)], settings=settings, name=case.title).start()
        self.addCleanup(sender.postfix.stop)

        found = self.check_signer(configuration, sender.postfix.configuration)
        self.assertIn("0 unsafe, 0 broken, ", found, signer.log_tail())
        subject = case.title
        with self.host.inside():
            sender.send(f"sender@{case.mail}", f"somebody@{DOMAIN}", subject)
        message = self.receiver.arrived(subject)
        self.assertRegex(tecs_results(message)[0], f"tecs=pass .* smtp.auth={case.domain}$", signer.log_tail())

    def check_signer(self, configuration: pathlib.Path, postfix: pathlib.Path) -> str:
        """The keys are those of a zone, as this host's resolver is nobody's."""
        zone = self.workspace.file("zone", "".join(f"$ORIGIN {each.name}.\n{each.record}\n" for each in self.domains))
        with self.host.inside():
            return subprocess.run([program_path("tecs"), "check", "signer", "--configuration", configuration, "--user", "nobody", "--mta",
                                   "postfix", "--config-directory", postfix, "--zone", zone], capture_output=True, text=True,
                                  check=False).stdout


class DocumentedFiles(WorkspaceTestCase):
    """What the document shows besides."""

    @classmethod
    def set_up(cls) -> None:
        cls.user = signer_user()
        etc = cls.workspace.folder("etc/keys", owner=cls.user)
        for file in ("keys/sender.example.pem", "keys/customer.example.pem"):
            key = make_domain(cls.workspace, "sender.example", owner=cls.user, file_name=pathlib.Path(file).stem).key
            os.replace(key, etc.parent / file)
        for path in (IDENTITIES, DESTINATIONS):
            text = shown_files(DOCUMENT)[path]
            cls.workspace.file(f"etc/{pathlib.Path(path).name}", text)

    def test_the_readme_says_the_same_shortly(self) -> None:
        section = README.read_text().split("\n## Send", 1)[1].split("\n## ", 1)[0]
        lines = re.search(r"`/etc/tecs/signer.conf`:\n\n((?:    .*\n)+)", section)
        assert lines
        text = lines[1].replace("    ", "")
        keys = self.workspace.path / "etc/keys"
        (keys / "example.org.pem").write_bytes((keys / "sender.example.pem").read_bytes())
        os.chmod(keys / "example.org.pem", 0o600)
        done = self.check_configuration(text)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(shown_files(DOCUMENT)[CONFIGURATION].split("domain")[0], text)
        # Every signer and every probe that the rule has to spare.
        self.assertEqual(len(re.findall(r"^    tecs-signer ", section, re.MULTILINE)), 2)
        self.assertEqual(len(re.findall(r"^    tecs-signer .*--user tecs\b", section, re.MULTILINE)), 2)
        self.assertNotRegex(section, r"(?m)^    tecs probe")

    def check_configuration(self, text: str) -> subprocess.CompletedProcess:
        file = self.workspace.file("etc/signer.conf", text.replace("/etc/tecs", f"{self.workspace.path}/etc"))
        return subprocess.run([program_path("tecs-signer"), "--config", file, "--check-config"], capture_output=True, text=True,
                              check=False)

    def test_every_configuration_is_taken(self) -> None:
        for variant in ("", "fixed", "customers", "gateway"):
            text = shown_files(DOCUMENT, variant)[CONFIGURATION]
            for further in ("", "nat = always\n", f"destinations = {DESTINATIONS}\n"):
                with self.subTest(variant=variant, further=further):
                    done = self.check_configuration(text + further)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_line_that_is_wrong_is_named(self) -> None:
        done = self.check_configuration(shown_files(DOCUMENT)[CONFIGURATION] + "nat = perhaps\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nat", done.stdout + done.stderr)

    def test_the_mta_lets_tls_be_before_its_mail_is_redirected(self) -> None:
        """Else mail waits in its queue, and the check gives an advice where the document shows none."""
        steps = ["# systemctl enable tecs-signer\n# systemctl restart tecs-signer\n", "smtp_tls_security_level = none",
                 "# postfix reload", "# nft -f /etc/tecs/tecs-signer.nft", "# tecs check signer"]
        places = [text_of(DOCUMENT).find(step) for step in steps]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))

    def test_what_it_installs_leaves_the_mta_of_the_host_alone(self) -> None:
        """scripts/install-packages brings Postfix, and Debian has one mail server at a time."""
        lists = {document: re.findall(r"^apt-get install g\+\+ .*\n(?:  .*\n)+", text_of(document), re.MULTILINE)
                 for document in (DOCUMENT, "sendmail.md")}
        self.assertEqual(len(lists[DOCUMENT]), 1)
        self.assertEqual(lists[DOCUMENT], lists["sendmail.md"])
        self.assertNotIn("postfix", lists[DOCUMENT][0])
        self.assertNotIn("\nscripts/install-packages\n", text_of(DOCUMENT))

    def test_asks_for_nothing_that_debian_does_not_have(self) -> None:
        """A Debian without a desktop comes without sudo."""
        self.assertNotRegex(text_of(DOCUMENT), r"\bsudo\b")
        self.assertIn("# runuser -u tecs -- tecs probe mx.receiver.example\n", text_of(DOCUMENT))

    def test_systemd_is_told_of_a_drop_in(self) -> None:
        _, drop_in, after = text_of(DOCUMENT).partition("```ini /etc/systemd/system/tecs-signer.service.d/")
        self.assertTrue(drop_in)
        self.assertRegex(after.split("##")[0], r"```\n\n```console\n# systemctl daemon-reload\n# systemctl restart tecs-signer\n")

    def test_the_rules_are_those_that_come_with_it(self) -> None:
        self.assertIn("cp /usr/local/share/tecs/tecs-signer.nft /etc/tecs/\n", text_of(DOCUMENT))
        self.assertIn('include "/etc/tecs/tecs-signer.nft"', text_of(DOCUMENT))
        port = re.search(r"^listen = 127\.0\.0\.1:(\d+)$", shown_files(DOCUMENT)[CONFIGURATION], re.MULTILINE)
        assert port
        self.assertIn(f"define tecs_signer_port = {port[1]}\n", PACKAGED.read_text())

    def test_the_rules_for_transparent_load_twice(self) -> None:
        rules = shown_files(DOCUMENT)["/etc/tecs/tecs-transparent.nft"]
        for _ in range(2):
            subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
        listed = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(listed.count("socket transparent 1"), 1)
