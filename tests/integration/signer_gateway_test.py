"""The signer on a gateway: the firewall redirects what an MTA on another host sends, and the MTA notices nothing."""

import re
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.document import shown_files, text_of
from tecs_testing.gateway import OUTSIDE, Gateway
from tecs_testing.network import RECEIVER, SENDER
from tecs_testing.ports import written
from tecs_testing.receiver import tecs_results
from tecs_testing.sender import Route
from tecs_testing.waiting import wait_until

# Replies to connections that have the MTA's address are the gateway's own affair, and not to be passed on to the MTA's host.
TRANSPARENT = shown_files("signer.md")["/etc/tecs/tecs-transparent.nft"]
ROUTES = re.findall(r"^(ip (?:-6 )?(?:rule|route) add .*)$", text_of("signer.md"), re.MULTILINE)
NEXT_HOPS = {"IPv4": f"[{RECEIVER.ipv4}]", "IPv6": f"[ipv6:{RECEIVER.ipv6}]"}


@dataclass(frozen=True)
class Case:
    source: str
    family: str

    @property
    def name(self) -> str:
        return f"source_{self.source}_{self.family}"


CASES = [Case(source, family) for source in ("system", "transparent") for family in NEXT_HOPS]


@one_test_each(CASES, lambda case: case.name)
class OnAGateway(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.hosts = Gateway(cls.workspace)
        cls.hosts.gateway.firewall(TRANSPARENT)
        for route in ROUTES:
            cls.hosts.gateway.run(*route.split())
        cls.signers = {
            source: cls.hosts.start_signer(f"signer-{source}", {"upstream": "original-destination", "source": source},
                                           "net_admin" if source == "transparent" else "")
            for source in ("mta", "system", "transparent")}
        cls.sender = cls.hosts.start_sender(
            [Route(f"{family.lower()}@sender.example", next_hop) for family, next_hop in NEXT_HOPS.items()])

    def check(self, case: Case) -> None:
        self.hosts.redirect_to(self.signers[case.source])
        self.hosts.send(self.sender, f"{case.family.lower()}@sender.example", case.name)

        message = self.hosts.receiver.arrived(case.name)
        verdict = self.hosts.receiver.verdict_on(message)
        self.assertEqual([verdict[field] for field in ("result", "domain", "server")],
                         ["pass", "sender.example", written(RECEIVER.address(case.family), 25)], verdict["detail"])
        source = SENDER if case.source == "transparent" else OUTSIDE
        self.assertIn(source.address(case.family), verdict["client"])
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=sender.example$")

    def test_an_address_that_cannot_be_kept_is_said_and_the_mail_waits(self) -> None:
        """The gateway has not the address of the MTA, and the signer was not told to do without."""
        self.hosts.redirect_to(self.signers["mta"])
        for family in NEXT_HOPS:
            self.hosts.send(self.sender, f"{family.lower()}@sender.example", f"waits {family}")
        try:
            for family in NEXT_HOPS:
                (line, *_) = wait_until(f"deferral over {family}", lambda: self.sender.postfix.log_lines(
                    rf"from \S*{SENDER.address(family)}|{SENDER.address(family)}.*Cannot assign requested address"))
                self.assertIn("421 ", line)
                self.assertIn("status=deferred", line)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{self.sender.postfix.log_tail()}") from None
        self.assertEqual(self.sender.postfix.queued(), len(NEXT_HOPS))

        self.hosts.redirect_to(self.signers["system"])
        self.sender.postfix.flush()
        for family in NEXT_HOPS:
            self.hosts.receiver.arrived(f"waits {family}")
