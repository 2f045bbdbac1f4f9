"""Keys from real DNS servers: an authoritative NSD, and an Unbound in front of it that validates DNSSEC."""

import json
import subprocess

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, make_domain, program_path
from tecs_testing.dnssec import SignedZone, ValidatingResolver, run
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.ports import free_port

DESTINATION, SOURCE = "192.0.2.25:25", "198.51.100.7:40213"


class Dns(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        names = ["validated.example", "unsigned.example", "altered.example", "long.example", "alias.example"]
        cls.domains = {name: make_domain(cls.workspace, name) for name in names}
        zones = {name: domain.record for name, domain in cls.domains.items()}

        validated = SignedZone(cls.workspace, "validated.example", zones["validated.example"])
        altered = SignedZone(cls.workspace, "altered.example", zones["altered.example"])
        zones["validated.example"] = validated.records
        zones["altered.example"] = altered.records.replace("v=DKIM1", "v=TECS1")
        # Ten old policy records of 250 octets beside the key do not fit into a datagram of 1,232.
        zones["long.example"] += "".join(f'\n_domainkey TXT "o=~; n={number}{"x" * 240}"' for number in range(10))
        zones["alias.example"] = "_domainkey CNAME _domainkey.unsigned.example."

        cls.name_server = NameServer(cls.workspace)
        cls.name_server.publish_all(zones)
        cls.resolver = ValidatingResolver(cls.workspace, cls.name_server, names,
                                          [validated.trust_anchor, altered.trust_anchor])

    def verify(self, domain: str, resolver: str | None, *, key_of: str | None = None) -> dict:
        """resolver None: the system's."""
        key = self.domains[key_of or domain]
        credential = SigningDomain(domain, None, key.key, "").sign(DESTINATION, SOURCE)
        done = subprocess.run(
            [program_path("tecs"), "verify", "--json", "--destination", DESTINATION, "--source", SOURCE,
             "--base64", credential, *(["--resolver", resolver] if resolver else [])],
            capture_output=True, text=True, check=False, timeout=60)
        self.assertTrue(done.stdout, done.stderr)
        self.assertEqual(done.stderr, "")
        verification = json.loads(done.stdout)
        self.assertEqual(done.returncode, {"pass": 0, "temperror": 75}.get(verification["result"], 1))
        return verification

    def test_validated_answer_is_told(self):
        found = self.verify("validated.example", self.resolver.endpoint)
        self.assertEqual((found["result"], found["dnssec"]), ("pass", True), found)

    def test_unsigned_zone_is_not_validated(self):
        found = self.verify("unsigned.example", self.resolver.endpoint)
        self.assertEqual((found["result"], found["dnssec"]), ("pass", False), found)

    def test_authoritative_server_does_not_validate(self):
        found = self.verify("validated.example", self.name_server.endpoint)
        self.assertEqual((found["result"], found["dnssec"]), ("pass", False), found)

    def test_altered_record_is_refused_by_the_resolver(self):
        found = self.verify("altered.example", self.resolver.endpoint)
        self.assertEqual((found["result"], found["reason"]), ("temperror", "dns-error"), found)
        self.assertIn("SERVFAIL", found["detail"])

    def test_same_record_passes_where_nobody_validates(self):
        found = self.verify("altered.example", self.name_server.endpoint)
        self.assertEqual((found["result"], found["dnssec"]), ("pass", False), found)

    def test_long_answer_comes_over_tcp(self):
        for endpoint in (self.name_server.endpoint, self.resolver.endpoint):
            with self.subTest(endpoint):
                self.assertEqual(self.verify("long.example", endpoint)["result"], "pass")

    def test_cname_is_followed(self):
        for endpoint in (self.name_server.endpoint, self.resolver.endpoint):
            with self.subTest(endpoint):
                self.assertEqual(self.verify("alias.example", endpoint, key_of="unsigned.example")["result"], "pass")

    def test_name_that_does_not_exist_has_no_key(self):
        for endpoint in (self.name_server.endpoint, self.resolver.endpoint):
            with self.subTest(endpoint):
                found = self.verify("missing.validated.example", endpoint, key_of="validated.example")
                self.assertEqual((found["result"], found["reason"]), ("permerror", "no-key"), found)

    def test_domain_that_the_server_does_not_know_is_no_missing_key(self):
        found = self.verify("elsewhere.example", self.name_server.endpoint, key_of="validated.example")
        self.assertEqual((found["result"], found["reason"]), ("temperror", "dns-error"), found)

    def test_system_configuration_is_used_and_only_this_host_believed(self):
        for address, believed in (("127.0.0.1", True), (RECEIVER.ipv4, False)):
            with self.subTest(address):
                configuration = self.workspace.file("resolv.conf", f"search example.net\nnameserver {address}\n")
                # In the mount name space of this test alone.
                run("mount", "--bind", configuration, "/etc/resolv.conf", folder=self.workspace.path)
                self.addCleanup(run, "umount", "/etc/resolv.conf", folder=self.workspace.path)
                found = self.verify("validated.example", None)
                self.assertEqual((found["result"], found["dnssec"]), ("pass", believed), found)

    def test_resolver_elsewhere_that_was_named_is_believed(self):
        found = self.verify("validated.example", f"{RECEIVER.ipv4}:53")
        self.assertEqual((found["result"], found["dnssec"]), ("pass", True), found)

    def test_nobody_listens(self):
        found = self.verify("validated.example", f"127.0.0.1:{free_port()}")
        self.assertEqual((found["result"], found["reason"]), ("temperror", "dns-error"), found)
