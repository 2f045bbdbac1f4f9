"""What TECS is for, all the way round: two receivers log, PostgreSQL collects, people complain by mail, a domain turns from
unknown to bad, its reputation is published in DNS, and both receivers refuse its next connection, at MAIL, before a byte of
mail has come. Another domain's signed mail goes on being taken."""

import json
import pathlib
import signal
import smtplib
import subprocess

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import installed, make_domain, program_path, tecs
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, RECEIVER_WITH_TLS, add_addresses
from tecs_testing.ports import free_port, written
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.postgresql import PostgreSql
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until

ZONE = "rep.example.net"
SPAMMER, PUBLISHER = "spammer.example", "publisher.example"
MAILS = 4  # of each domain to each receiver


class RoundTrip(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER, RECEIVER_WITH_TLS)
        cls.name_server = NameServer(cls.workspace)
        domains = [make_domain(cls.workspace, name, owner=signer_user()) for name in (SPAMMER, PUBLISHER)]
        cls.name_server.publish_all({each.name: each.record for each in domains} | {ZONE: "test TXT bad"})
        cls.database = PostgreSql(cls.workspace).start()
        identities = cls.workspace.file("identities", "".join(f"sender:{each.name} {each.name} - {each.key}\n"
                                                              for each in domains))
        cls.receivers = [cls.receiver("mx1.receiver.example", RECEIVER.ipv4),
                         cls.receiver("mx2.receiver.example", RECEIVER_WITH_TLS.ipv4)]
        cls.senders = [cls.sender(each, identities) for each in cls.receivers]
        cls.complaints = cls.complaint_desk()

    @classmethod
    def receiver(cls, name: str, address: str) -> Receiver:
        milter = TecsMilter(cls.workspace, cls.name_server.endpoint, "--forward", cls.database.uri, "--mode", "enforce",
                            "--reputation", f"dns:{ZONE}", name=name, authserv_id=name)
        return Receiver(cls.workspace, milter, [SmtpService(address, 25)], name=f"postfix-{name}").start()

    @classmethod
    def sender(cls, receiver: Receiver, identities: pathlib.Path) -> Sender:
        """A Postfix behind a tecs-signer, which sends to this receiver whatever the address."""
        service, name = receiver.services[0], receiver.milter.authserv_id
        signer = ConfiguredSigner(cls.workspace, f"signer-{name}", {
            "upstream": written(service.address, service.port), "identities": str(identities)},
            listen="127.0.0.1:{port}")
        routes = [Route(f"news@{each}", f"[127.0.0.1]:{signer.port}") for each in (SPAMMER, PUBLISHER)]
        return Sender(cls.workspace, routes, name=f"sender-{name}").start()

    @classmethod
    def complaint_desk(cls) -> int:
        """The port of a Postfix that hands all mail to `tecs reputation complain`, as pipe(8) does."""
        port = free_port()
        postfix = Postfix(cls.workspace, "complaints", {
            "myhostname": "rep.example.net", "mydestination": "rep.example.net", "local_transport": "complaints:",
            "complaints_destination_recipient_limit": "1"}, [SmtpService("127.0.0.1", port)])
        master = postfix.configuration / "master.cf"
        program, environment = installed(cls.workspace, "tecs")
        variables = " ".join(f"{name}={value}" for name, value in environment.items())
        master.write_text(master.read_text() + (
            f"complaints unix - n n - 4 pipe\n"
            f"  user=nobody argv=/usr/bin/env {variables} {program} reputation complain --store {cls.database.uri}\n"
            f"    --resolver {cls.name_server.endpoint}\n"))
        postfix.start()
        cls.desk = postfix
        return port

    # What people do, in the order in which they do it.

    def test_round_trip(self) -> None:
        messages = self.mail_arrives()
        verdicts = self.verdicts_are_collected()
        self.assertEqual(self.reputation_of(SPAMMER), "unknown")
        self.people_complain(messages, verdicts)
        self.reputation_is_computed()
        self.reputation_is_published()
        self.the_next_mail_is_refused_and_the_other_domains_is_taken()

    def mail_arrives(self) -> dict[str, bytes]:
        """The messages of the spammer by the end point that brought them."""
        for number in range(MAILS):
            for sender in self.senders:
                for domain in (SPAMMER, PUBLISHER):
                    sender.send(f"news@{domain}", "somebody@receiver.example", f"{domain} {number}")
        brought = {}
        for receiver in self.receivers:
            for number in range(MAILS):
                receiver.arrived(f"{PUBLISHER} {number}")
                message = receiver.arrived(f"{SPAMMER} {number}")
                brought[receiver.client_of(message)] = message.as_bytes()
        return brought

    def verdicts_are_collected(self) -> list[dict]:
        """From both receivers, in one database."""
        expected = 2 * 2 * MAILS

        wait_until("tables, which the first batch makes",
                   lambda: self.database.query("SELECT to_regclass('verdicts')") == [["verdicts"]])

        def collected() -> list[dict] | None:
            text = tecs("verdicts", "--store", self.database.uri, "--result", "pass", "--format", "json")
            found = [json.loads(line) for line in text.splitlines()]
            return found if len(found) >= expected else None

        verdicts = wait_until(f"{expected} verdicts in PostgreSQL", collected)
        self.assertEqual(len(verdicts), expected)
        self.assertEqual({each["receiver"] for each in verdicts}, {"mx1.receiver.example", "mx2.receiver.example"})
        summary = [json.loads(line) for line in tecs(
            "verdicts", "summary", "--by", "domain", "--store", self.database.uri, "--result", "pass",
            "--format", "json").splitlines()]
        self.assertEqual({each["domain"]: each["connections"] for each in summary},
                         {SPAMMER: 2 * MAILS, PUBLISHER: 2 * MAILS})
        return verdicts

    def people_complain(self, messages: dict[str, bytes], verdicts: list[dict]) -> None:
        """Each receiver makes the complaints from its own log and mails them."""
        complained = 0
        for receiver in self.receivers:
            for verdict in receiver.milter.verdicts.all("--domain", SPAMMER):
                report = subprocess.run(
                    [program_path("tecs"), "reputation", "make-complaint", verdict["id"], "--store",
                     receiver.milter.verdicts.store, "--from", "abuse@receiver.example", "--to", f"complaints@{ZONE}"],
                    input=messages[verdict["client"]], capture_output=True, check=True).stdout
                with smtplib.SMTP("127.0.0.1", self.complaints, "client.example", timeout=60) as smtp:
                    smtp.sendmail("abuse@receiver.example", [f"complaints@{ZONE}"], report)
                complained += 1
        self.assertEqual(complained, 2 * MAILS)

        def counted() -> bool:
            text = tecs("reputation", "complaints", "--store", self.database.uri, "--domain", SPAMMER, "--status", "counted",
                        "--format", "json")
            return sum(1 for line in text.splitlines() if line.strip().startswith("{")) == complained

        try:
            wait_until("all complaints counted", counted)
        except AssertionError as missing:
            raise AssertionError(f"{missing}\n{self.desk.log_tail()}") from None
        self.assertLessEqual(len(verdicts), 4 * MAILS)

    def reputation_of(self, domain: str) -> str:
        text = tecs("reputation", "show", domain, "--store", self.database.uri, "--format", "json")
        return json.loads(text)["state"]

    def reputation_is_computed(self) -> None:
        tecs("reputation", "compute", "--store", self.database.uri)
        self.assertEqual((self.reputation_of(SPAMMER), self.reputation_of(PUBLISHER)), ("bad", "unknown"))

    def reputation_is_published(self) -> None:
        file = self.workspace.path / "rep.zone"
        tecs("reputation", "publish", "--store", self.database.uri, "--zone", ZONE, "--ns", "ns.example.net", "--out", file)
        self.name_server.serve_file(ZONE, file)
        for receiver in self.receivers:  # which remember for a minute that nobody knew the domain
            receiver.milter.signal(signal.SIGHUP)
            wait_until("new rules", lambda each=receiver: "SIGHUP: the configuration was read again" in each.milter.log.read_text())

    def the_next_mail_is_refused_and_the_other_domains_is_taken(self) -> None:
        for sender, receiver in zip(self.senders, self.receivers):
            sender.send(f"news@{SPAMMER}", "somebody@receiver.example", "once more")
            sender.send(f"news@{PUBLISHER}", "somebody@receiver.example", "goes on")
            receiver.arrived("goes on")
            refused = wait_until("refusal", lambda each=sender: each.postfix.log_lines(
                rf"from connections signed by {SPAMMER} is not accepted here \(reputation bad\) .in reply to MAIL FROM"))
            self.assertEqual(len(refused), 1, refused)
            self.assertIsNone(receiver.mailbox.find("once more"))
