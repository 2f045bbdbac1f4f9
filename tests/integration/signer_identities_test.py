"""One signer for several domains: a real Postfix sends for all of them over the connections that it keeps, and each
connection to the receiver is answered for by one of them."""

from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER_WITH_TLS, add_addresses
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sender import Route, Sender
from tecs_testing.smtp_client import SmtpClient


@dataclass(frozen=True)
class Party:
    sender: str
    domain: str  # that answers for it; empty: nobody


PARTIES = [
    Party("somebody@one.example", "one.example"),
    Party("somebody@two.example", "two.example"),
    Party("list@news.two.example", "two.example"),
    Party("somebody@deep.below.three.example", "three.example"),
    Party("somebody@three.example", "usual.example"),  # *. is for what is below
    Party("somebody@stranger.example", "usual.example"),
    Party("", "bounces.example"),
    Party("somebody@silent.example", ""),
]
ROUNDS = 3
IDENTITIES = """
sender:one.example      one.example      -   {one}
sender:two.example      two.example      ed  {two}
sender:*.two.example    two.example      ed  {two}
sender:*.three.example  three.example    -   {three}
sender:<>               bounces.example  -   {bounces}
sender:silent.example   unsigned
listener:{listener}     three.example    -   {three}
default                 usual.example    -   {usual}
"""


class Identities(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER_WITH_TLS)
        cls.domains = {name: cls.make(name) for name in sorted({party.domain for party in PARTIES} - {""})}
        name_server = NameServer(cls.workspace)
        name_server.publish_all({each.name: each.record for each in cls.domains.values()})
        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint),
                                [SmtpService(RECEIVER_WITH_TLS.ipv4, 25, starttls)]).start()
        cls.own_port = free_port()
        listener = f"127.0.0.1:{cls.own_port}"
        cls.text = IDENTITIES.format(listener=listener, **{name.partition(".")[0]: each.key for name, each in cls.domains.items()})
        cls.identities = cls.workspace.file("identities", cls.text)
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": written(RECEIVER_WITH_TLS.ipv4, 25), "identities": str(cls.identities)},
            listen=f"127.0.0.1:{{port}}\nlisten = {listener}")
        cls.sender = cls.sender_to(cls.signer.port, "sender")
        cls.sender_to_listener = cls.sender_to(cls.own_port, "sender-to-listener")

    @classmethod
    def make(cls, name: str) -> SigningDomain:
        if name == "two.example":
            return make_domain(cls.workspace, name, algorithm="ed25519-sha256", bits=256, selector="ed",
                               owner=signer_user())
        return make_domain(cls.workspace, name, owner=signer_user())

    @classmethod
    def sender_to(cls, port: int, name: str) -> Sender:
        """Postfix keeps each connection for the next message, whoever that is from."""
        routes = [Route(each.sender or "<>", f"[127.0.0.1]:{port}") for each in PARTIES]
        return Sender(cls.workspace, routes, name=name, settings={
            "smtp_connection_cache_destinations": "static:all", "smtp_connection_cache_time_limit": "10s",
            "default_destination_concurrency_limit": "1"}).start()

    def answering(self, subject: str) -> tuple[str, str]:
        """The connection that brought the mail, and the domain that answers for it, which the header and the verdict tell."""
        message = self.receiver.arrived(subject)
        verdict = self.receiver.verdict_on(message)
        (result,) = tecs_results(message)
        if verdict["result"] == "none":
            self.assertIn("tecs=none", result)
        else:
            self.assertRegex(result, f"tecs=pass .* smtp.auth={verdict['domain']}$", self.receiver.explain())
        return verdict["client"], verdict["domain"]

    def test_senders_over_kept_connections(self) -> None:
        expected = {}
        for turn in range(ROUNDS):
            for party in PARTIES:
                subject = f"{turn}: {party.sender or 'a bounce'}"
                expected[subject] = party.domain
                self.sender.send(party.sender, "somebody@receiver.example", subject)

        told = {subject: self.answering(subject) for subject in expected}

        self.assertEqual({subject: domain for subject, (_, domain) in told.items()}, expected)
        domains: dict[str, set[str]] = {}
        for client, domain in told.values():
            domains.setdefault(client, set()).add(domain)
        self.assertEqual([each for each in domains.values() if len(each) > 1], [])
        # The experiment is none if Postfix did not use a connection again.
        self.assertTrue(self.sender.postfix.log_lines("conn_use="), self.sender.postfix.log_tail())

    def test_a_listener_decides_for_all_of_its_senders(self) -> None:
        for party in PARTIES:
            self.sender_to_listener.send(party.sender, "somebody@receiver.example",
                                         f"listener: {party.sender or 'a bounce'}")
        for party in PARTIES:
            self.assertEqual(self.answering(f"listener: {party.sender or 'a bounce'}")[1], "three.example")

    def send_at_once(self, subject: str) -> None:
        """On a connection of its own."""
        with SmtpClient("127.0.0.1", self.signer.port) as client:
            client.sendmail("somebody@one.example", ["somebody@receiver.example"],
                            f"Subject: {subject}\r\n\r\nHello.\r\n")

    def test_a_reload_counts_as_a_whole_or_not_at_all(self) -> None:
        own, other = (f"-   {self.domains[name].key}" for name in ("one.example", "three.example"))
        changed = self.text.replace("sender:one.example      one.example    ", "sender:one.example      three.example  ")
        changed = changed.replace(own, other)
        self.addCleanup(self.signer.reload, "SIGHUP: the configuration was read again")
        self.addCleanup(self.identities.write_text, self.text)

        self.identities.write_text(changed + "sender:more.example no-key.example - /nonexistent\n")
        self.signer.reload(f"SIGHUP: {self.identities}:[0-9]+: .*/nonexistent.*; nothing was changed")
        self.send_at_once("broken file")
        self.assertEqual(self.answering("broken file")[1], "one.example")

        self.identities.write_text(changed)
        self.signer.reload("SIGHUP: the configuration was read again")
        self.send_at_once("changed file")
        self.assertEqual(self.answering("changed file")[1], "three.example")
