"""The signer behind a real NAT, which changes address and port: it learns from the challenge how the world sees it."""

from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.gateway import OUTSIDE, Gateway
from tecs_testing.network import RECEIVER, SENDER
from tecs_testing.ports import written
from tecs_testing.sender import Route

# Ports that no client of this kernel would have by itself.
PORTS = range(1024, 2048)
MASQUERADE = f"""
    table inet nat {{
        chain postrouting {{
            type nat hook postrouting priority srcnat; policy accept;
            oifname "outside" meta l4proto tcp masquerade to :{PORTS.start}-{PORTS.stop - 1}
        }}
    }}
    """


@dataclass(frozen=True)
class Case:
    name: str
    nat: str
    family: str
    result: str

    @property
    def sender(self) -> str:
        return f"{self.name}@sender.example"


CASES = [Case(f"{name}_{family}".lower(), nat.get(family, ""), family, result)
         for family in ("IPv4", "IPv6")
         for name, nat, result in (
             ("not_told", {}, "fail"),
             ("never", {"IPv4": "never", "IPv6": "never"}, "fail"),
             ("always", {"IPv4": "always", "IPv6": "always"}, "pass"),
             ("own_network", {"IPv4": "192.0.2.0/24", "IPv6": "2001:db8:2::/64"}, "pass"),
             ("another_network", {"IPv4": "10.0.0.0/8", "IPv6": "2001:db8:99::/64"}, "fail"))]


@one_test_each(CASES, lambda case: case.name)
class BehindNat(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.hosts = Gateway(cls.workspace, receivers_way_back=False)
        cls.hosts.gateway.firewall(MASQUERADE)
        cls.sender = cls.hosts.start_sender([Route(case.sender, f"[127.0.0.1]:{cls.signer(case).port}") for case in CASES])

    @classmethod
    def signer(cls, case: Case) -> ConfiguredSigner:
        settings = {"domain": "sender.example", "key": str(cls.hosts.domain.key),
                    "upstream": written(RECEIVER.address(case.family), 25), **({"nat": case.nat} if case.nat else {})}
        with cls.hosts.mta.inside():
            return ConfiguredSigner(cls.workspace, f"signer-{case.name}", settings, listen="127.0.0.1:{port}")

    def check(self, case: Case) -> None:
        self.hosts.send(self.sender, case.sender, case.name)

        verdict = self.hosts.receiver.verdict_on(self.hosts.receiver.arrived(case.name))

        self.assertEqual([verdict[field] for field in ("result", "reason", "domain")],
                         [case.result, "" if case.result == "pass" else "signature-mismatch", "sender.example"])
        address, _, port = verdict["client"].rpartition(":")
        self.assertEqual(address.strip("[]"), OUTSIDE.address(case.family))
        self.assertNotEqual(address.strip("[]"), SENDER.address(case.family))
        self.assertIn(int(port), PORTS)
