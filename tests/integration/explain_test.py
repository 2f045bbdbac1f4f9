"""`tecs explain` on verdicts of a real receiver: it finds out what was wrong with a signature."""

import json
import time
from typing import Mapping

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain, tecs
from tecs_testing.daemons import TecsMilter
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient


class Explain(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        cls.name_server = NameServer(cls.workspace)
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, cls.name_server.endpoint),
                                [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.domain = make_domain(cls.workspace, "signed.example")
        cls.other_key = make_domain(cls.workspace, "signed.example", file_name="other")
        cls.name_server.publish(cls.domain.name, cls.domain.record)

    def explain(self, credential_for, result: str) -> Mapping:
        """credential_for: makes the credential for a client."""
        with SmtpClient(RECEIVER.ipv4, 25) as client:
            source, destination = client.source, client.destination
            if credential_for:
                client.authenticate(credential_for(client))
        verdict = self.receiver.verdict_of(source)
        self.assertEqual(verdict["result"], result, verdict["detail"])
        where = ["--store", self.receiver.milter.verdicts.store, "--resolver", self.name_server.endpoint]
        found = json.loads(tecs("explain", verdict["id"], *where, "--json"))
        self.assertEqual(found["verdict"], verdict)
        if credential_for:
            octets = found["signed_octets"]
            self.assertEqual((octets["destination"]["meaning"], octets["source"]["meaning"]), (destination, source))
        # The same for a person.
        self.assertIn(f"\nWhy: {found['why']}\n", tecs("explain", verdict["id"], *where))
        return found

    def test_pass(self) -> None:
        found = self.explain(lambda client: client.credential(self.domain), "pass")
        self.assertEqual(found["verification"]["result"], "pass")
        self.assertIn("signed.example answers for this connection", found["why"])

    def test_clock(self) -> None:
        found = self.explain(lambda client: client.credential(self.domain, "--time", int(time.time()) + 300), "fail")
        self.assertRegex(found["why"], r"(270|300|330) seconds ahead of the receiver's")

    def test_key(self) -> None:
        found = self.explain(lambda client: client.credential(self.other_key), "fail")
        self.assertIn("another key than the published one made it", found["why"])

    def test_address(self) -> None:
        found = self.explain(lambda client: self.domain.sign(client.destination, "10.0.0.7:40213"), "fail")
        self.assertIn("the published key did make it, for other addresses", found["why"])

    def test_key_that_was_never_published(self) -> None:
        domain = make_domain(self.workspace, "unpublished.signed.example")
        found = self.explain(lambda client: client.credential(domain), "permerror")
        self.assertIn("no key record stood in DNS", found["why"])

    def test_no_signature(self) -> None:
        found = self.explain(None, "none")
        self.assertIn("did not sign", found["why"])
        self.assertEqual(found["key_names"], [])
