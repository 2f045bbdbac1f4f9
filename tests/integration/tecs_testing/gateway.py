"""Three hosts in a row: the MTA's, a gateway with the signer, and the receiver with its milter and its name server."""

from .commands import make_domain
from .configured_signer import ConfiguredSigner
from .daemons import TecsMilter, signer_user
from .name_server import NameServer
from .network import RECEIVER, SENDER, Host
from .postfix import SmtpService
from .receiver import Receiver
from .sender import Route, Sender
from .separate_hosts import SeparateHost
from .workspace import Workspace

INSIDE = Host("192.0.2.1", "2001:db8:2::1")  # the gateway as the MTA's host sees it
OUTSIDE = Host("198.51.100.1", "2001:db8:51::1")  # and as the receiver does


class Gateway:
    """The signer is the test's to start, with start_signer(), and so is what the firewall does."""

    def __init__(self, workspace: Workspace, receivers_way_back: bool = True):
        """receivers_way_back: whether the receiver knows where the MTA's host is."""
        self._workspace = workspace
        self.mta = SeparateHost(workspace, "mta")
        self.gateway = SeparateHost(workspace, "gateway")
        self.far = SeparateHost(workspace, "receiver")
        self.mta.connect("out", SENDER, self.gateway, "inside", INSIDE)
        self.gateway.connect("outside", OUTSIDE, self.far, "in", RECEIVER)
        self.gateway.forward()
        self.mta.route_everything_to(INSIDE)
        if receivers_way_back:
            self.far.route_everything_to(OUTSIDE)
        self.domain = make_domain(workspace, "sender.example", owner=signer_user())
        with self.far.inside():
            name_server = NameServer(workspace)
            name_server.publish(self.domain.name, self.domain.record)
            self.receiver = Receiver(workspace, TecsMilter(workspace, name_server.endpoint),
                                     [SmtpService(RECEIVER.ipv4, 25), SmtpService(RECEIVER.ipv6, 25)]).start()

    def start_signer(self, name: str, settings: dict[str, str], capabilities: str = "") -> ConfiguredSigner:
        with self.gateway.inside():
            return ConfiguredSigner(self._workspace, name, {
                "domain": self.domain.name, "key": str(self.domain.key), **settings}, capabilities=capabilities)

    def redirect_to(self, signer: ConfiguredSigner) -> None:
        """What comes from the MTA's host for anybody's port 25 goes to this signer, and to no other one."""
        self.gateway.firewall(f"""
            table inet tecs_signer
            delete table inet tecs_signer
            table inet tecs_signer {{
                chain prerouting {{
                    type nat hook prerouting priority dstnat; policy accept;
                    iifname "inside" fib daddr type != local tcp dport 25 redirect to :{signer.port}
                }}
            }}
            """)

    def start_sender(self, routes: list[Route], **settings: str) -> Sender:
        with self.mta.inside():
            return Sender(self._workspace, routes, settings=settings).start()

    def send(self, sender: Sender, envelope_sender: str, subject: str) -> None:
        with self.mta.inside():
            sender.send(envelope_sender, "somebody@receiver.example", subject)
