"""Whether `tecs check signer` is right: what it says of rules in the kernel is held against what becomes of connections."""

import json
import os
import pathlib
import socket
import subprocess
from dataclasses import dataclass, field

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import SigningDomain, make_domain, program_path
from tecs_testing.daemons import signer_user
from tecs_testing.network import RECEIVER, SENDER, Host, add_addresses
from tecs_testing.separate_hosts import SeparateHost
from tecs_testing.waiting import wait_until

CASES_FOLDER = pathlib.Path(__file__).resolve().parents[1] / "cases" / "check" / "signer"
PACKAGED = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "nftables" / "tecs-signer.nft"
PORT = 10025
SIGNER = signer_user()[0]
SPARING = f"tcp dport 25 meta skuid != {SIGNER} redirect to :{PORT}"
BOTH = [f"127.0.0.1:{PORT}", f"[::1]:{PORT}"]


def load(rules: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=f"flush ruleset\n{rules}", text=True, check=True)


def chain(*rules: str) -> str:
    lines = "\n    ".join(rules)
    return f"table inet tecs {{\n  chain output {{\n    type nat hook output priority -100\n    {lines}\n  }}\n}}\n"


@dataclass(frozen=True)
class Case:
    name: str
    rules: str
    listen: list[str] = field(default_factory=lambda: BOTH)
    found: list[str] = field(default_factory=list)  # "family finding" of what is broken
    # Of a connection from the MTA, and of one from the signer: "signer", "server" or "nobody", over IPv4 and IPv6.
    mta: tuple[str, str] = ("signer", "signer")
    signer: tuple[str, str] = ("server", "server")


CASES = [
    Case("one_rule", chain(SPARING)),
    Case("two_rules", chain(f"meta skuid {SIGNER} return", f"tcp dport 25 redirect to :{PORT}")),
    Case("nobody_is_spared", chain(f"tcp dport 25 redirect to :{PORT}"), found=["IPv4 loop", "IPv6 loop"],
         signer=("signer", "signer")),
    Case("no_rules", "", found=["IPv4 no-redirect", "IPv6 no-redirect"], mta=("server", "server")),
    Case("ipv4_only", chain(f"meta nfproto ipv4 {SPARING}"), found=["IPv6 no-redirect"], mta=("signer", "server")),
    Case("listener_of_one_family", chain(SPARING), listen=BOTH[:1], found=["IPv6 redirect-elsewhere"], mta=("signer", "nobody")),
    Case("one_listener_for_both", chain(SPARING), listen=[f"[::]:{PORT}"]),
    Case("another_port", chain(SPARING.replace(str(PORT), "10026")), found=["IPv4 redirect-elsewhere", "IPv6 redirect-elsewhere"],
         mta=("nobody", "nobody")),
    Case("translated_to_loopback", chain(f"meta skuid {SIGNER} return", f"tcp dport 25 dnat ip to 127.0.0.1:{PORT}",
                                         f"tcp dport 25 dnat ip6 to [::1]:{PORT}")),
    Case("accepted_elsewhere_before",
         "table inet other {\n  chain first {\n    type nat hook output priority -110\n    tcp dport 25 accept\n  }\n}\n" + chain(SPARING)),
    Case("accepted_here_before", chain("tcp dport 1-100 accept", SPARING), found=["IPv4 no-redirect", "IPv6 no-redirect"],
         mta=("server", "server")),
    Case("jump", f"table inet tecs {{\n  chain mail {{\n    meta skuid {SIGNER} return\n    meta l4proto tcp redirect to :{PORT}\n  }}\n"
                 "  chain output {\n    type nat hook output priority -100\n    tcp dport vmap { 22 : accept, 25 : jump mail }\n  }\n}\n"),
    Case("mark_that_nobody_sets", chain("meta mark 7 return", f"tcp dport 25 redirect to :{PORT}"),
         found=["IPv4 loop", "IPv6 loop"], signer=("signer", "signer")),
]


def listen(text: str) -> socket.socket:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, int(port)), family=family, dualstack_ipv6=host == "::")


def connects(address: str, port: int) -> bool:
    """What is dropped is never answered; what is not is answered at once, as no network is between."""
    try:
        with socket.create_connection((address, port), 1):
            return True
    except TimeoutError:
        return False


def who_answers(server: str, user: int) -> str:
    """Which of the listeners a program of this user reaches that connects to port 25 of the server."""
    script = ("import socket,sys\ntry:\n    c = socket.create_connection((sys.argv[1], 25), 5)\n"
              "    print(c.makefile().readline().strip())\nexcept ConnectionRefusedError:\n    print('nobody')\n")
    return subprocess.run(["python3", "-c", script, server], user=user, capture_output=True, text=True, check=True,
                          env={"PATH": os.environ["PATH"]}, cwd="/").stdout.strip()


def answering(test: WorkspaceTestCase, name: str, listeners: list[str]) -> None:
    """Listeners that say their name, until the end of the test."""
    script = ("import selectors,socket,sys\nopen('/proc/self/comm', 'w').write('tecs-' + sys.argv[1])\n"
              "s = selectors.DefaultSelector()\n"
              "for n in map(int, sys.argv[2:]):\n    s.register(socket.socket(fileno=n), selectors.EVENT_READ)\n"
              "while True:\n    for key, _ in s.select():\n        c, _ = key.fileobj.accept()\n"
              "        c.sendall(sys.argv[1].encode() + b'\\n')\n        c.close()\n")
    sockets = [listen(each) for each in listeners]
    numbers = [each.fileno() for each in sockets]
    process = subprocess.Popen(["python3", "-c", script, name, *map(str, numbers)], pass_fds=numbers)
    test.addCleanup(process.wait)
    test.addCleanup(process.terminate)
    for each in sockets:
        each.close()
    wait_until("name of the program", lambda: pathlib.Path(f"/proc/{process.pid}/comm").read_text().strip() == f"tecs-{name}")


@one_test_each(CASES, lambda case: case.name)
class CheckSigner(WorkspaceTestCase):
    domain: SigningDomain

    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        cls.zone = cls.workspace.file("zone", cls.domain.record)

    def found(self, case: Case) -> tuple[int, list[str]]:
        lines = [f"listen = {each}\n" for each in case.listen]
        configuration = self.workspace.file("signer.conf", "".join(lines) + (
            f"upstream = original-destination\ndomain = {self.domain.name}\nkey = {self.domain.key}\nuser = nobody\n"))
        done = subprocess.run([program_path("tecs"), "check", "signer", "--configuration", configuration, "--mta", "none", "--zone",
                               self.zone, "--json"], capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        broken = [each for each in json.loads(done.stdout)["findings"] if each["severity"] == "broken"]
        return done.returncode, [f"{each['subject'].rpartition(' ')[2]} {each['finding']}" for each in broken]

    def check(self, case: Case) -> None:
        load(case.rules)
        self.addCleanup(load, "")
        answering(self, "signer", case.listen)
        answering(self, "server", [f"{RECEIVER.ipv4}:25", f"[{RECEIVER.ipv6}]:25"])
        # Any user but the signer's: root.
        seen = {who: tuple(who_answers(server, user) for server in (RECEIVER.ipv4, RECEIVER.ipv6))
                for who, user in (("mta", 0), ("signer", SIGNER))}
        self.assertEqual(seen, {"mta": case.mta, "signer": case.signer})
        self.assertEqual(self.found(case), (1 if case.found else 0, case.found))

    def test_says_that_nobody_listens(self) -> None:
        load(chain(SPARING))
        self.addCleanup(load, "")
        self.assertEqual(self.found(CASES[0]), (1, ["listen not-running", "listen not-running"]))

    def test_the_cases_of_the_unit_tests_are_what_nft_prints(self) -> None:
        for folder in sorted(each for each in CASES_FOLDER.iterdir() if (each / "rules.nft").exists()):
            with self.subTest(folder.name):
                load((folder / "rules.nft").read_text())
                printed = json.loads(subprocess.run(["nft", "-j", "list", "ruleset"], capture_output=True, check=True).stdout)
                self.assertEqual(without_handles(printed), without_handles(json.loads((folder / "nft.json").read_text())))
        load("")


def without_handles(printed: dict) -> list[dict]:
    """The objects of a rule set, without the numbers that the kernel gives them."""
    return [{kind: {name: value for name, value in each.items() if name != "handle"} for kind, each in entry.items()}
            for entry in printed["nftables"] if "metainfo" not in entry]


class PackagedRules(WorkspaceTestCase):
    """packaging/nftables/tecs-signer.nft, with the user of the tests."""

    @classmethod
    def set_up(cls) -> None:
        text = PACKAGED.read_text()
        cls.rules = cls.workspace.file("tecs-signer.nft", text.replace("tecs_signer_user = tecs\n", "tecs_signer_user = nobody\n"))
        marked = text.index("# chain prerouting {")
        cls.gateway = cls.workspace.file("gateway.nft", cls.rules.read_text().replace(
            text[marked:], text[marked:].replace("# ", "")))

    def rule_set(self) -> str:
        return subprocess.run(["nft", "-s", "list", "ruleset"], capture_output=True, text=True, check=True).stdout

    def load_file(self, path: pathlib.Path) -> None:
        subprocess.run(["nft", "-f", path], check=True)
        self.addCleanup(load, "")

    def test_loaded_twice_it_is_there_once(self) -> None:
        load("table inet filter {\n  chain input {\n    type filter hook input priority 0\n  }\n}\n")
        self.load_file(self.rules)
        once = self.rule_set()
        self.assertEqual(once.count("redirect to :10025"), 1)
        self.assertIn("table inet filter", once)
        self.load_file(self.rules)
        self.assertEqual(self.rule_set(), once)

    def test_a_restart_of_nftables_brings_it_back(self) -> None:
        """As nftables.service does it: ExecStop flushes, ExecStart loads /etc/nftables.conf."""
        kept = self.workspace.file("nftables.conf", f'flush ruleset\ninclude "{self.rules}"\n')
        self.load_file(kept)
        once = self.rule_set()
        subprocess.run(["nft", "flush", "ruleset"], check=True)
        self.assertEqual(self.rule_set(), "")
        self.load_file(kept)
        self.assertEqual(self.rule_set(), once)

    def test_the_part_for_a_gateway_is_right_when_its_marks_are_gone(self) -> None:
        self.load_file(self.gateway)
        self.assertRegex(self.rule_set(), r'chain prerouting \{\n.*\n\t\tiifname "internal" fib daddr type != local tcp dport 25 redirect to :10025')

    def test_on_a_gateway_strangers_do_not_reach_the_signer(self) -> None:
        """What comes in by lo is the gateway's own mail, redirected."""
        gateway, network, world = (SeparateHost(self.workspace, name) for name in ("gateway", "network", "world"))
        inside, outside = Host("192.0.2.1", "2001:db8:2::1"), Host("198.51.100.1", "2001:db8:51::1")
        network.connect("out", SENDER, gateway, "internal", inside)
        world.connect("in", RECEIVER, gateway, "outside", outside)
        gateway.firewall(self.gateway.read_text())
        with gateway.inside():
            listener = listen(f"[::]:{PORT}")
        self.addCleanup(listener.close)
        for family in ("IPv4", "IPv6"):
            for host, address, reaches in ((gateway, outside, True), (network, inside, True), (world, outside, False)):
                with self.subTest(family=family, host=host.name), host.inside():
                    self.assertEqual(connects(address.address(family), PORT), reaches)

    def test_the_check_is_content_with_it(self) -> None:
        self.load_file(self.rules)
        domain = make_domain(self.workspace, "sender.example", owner=signer_user())
        answering(self, "signer", BOTH)
        configuration = self.workspace.file("signer.conf", "".join(f"listen = {each}\n" for each in BOTH) + (
            f"upstream = original-destination\ndomain = sender.example\nkey = {domain.key}\nuser = nobody\n"))
        done = subprocess.run([program_path("tecs"), "check", "signer", "--configuration", configuration, "--mta", "none", "--zone",
                               self.workspace.file("zone", domain.record)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 unsafe, 0 broken, ", done.stdout)

    def test_spares_the_user_and_what_stays_here(self) -> None:
        """A host that has the address itself is never redirected to, so this one is only routed to."""
        add_addresses(SENDER)
        subprocess.run(["ip", "route", "replace", "203.0.113.0/24", "dev", "lo"], check=True)
        self.load_file(self.rules)
        with listen(BOTH[0]) as signer, listen(f"{SENDER.ipv4}:25") as own:
            with socket.create_connection(("203.0.113.25", 25), 5) as redirected:
                signer.settimeout(5)
                accepted, client = signer.accept()
                accepted.close()
                self.assertEqual(client, redirected.getsockname())
            with socket.create_connection((SENDER.ipv4, 25), 5) as local:
                own.settimeout(5)
                accepted, client = own.accept()
                accepted.close()
                self.assertEqual(client, local.getsockname())
