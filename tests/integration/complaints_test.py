"""Complaints on real parts: they come in through Postfix, wait in PostgreSQL, and are decided by workers that die."""

import email.message
import email.mime.message
import email.mime.multipart
import email.mime.text
import json
import smtplib
import time
from dataclasses import dataclass

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import SigningDomain, installed, make_domain, program_path, tecs
from tecs_testing.name_server import NameServer
from tecs_testing.ports import free_port
from tecs_testing.postfix import Postfix, SmtpService
from tecs_testing.postgresql import PostgreSql
from tecs_testing.program import Program
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace

# Some days ago: what is older than 30 days is not answered for.
EPOCH = int(time.time() - 3 * 86400) // 30 * 30
DESTINATION = "192.0.2.25:25"


def complaint(domain: str, credential: str, source: str, message_id: str) -> bytes:
    """A feedback report, made by another library than the one that reads it."""
    reported = email.message.EmailMessage()
    reported["From"] = f"spam@{domain}"
    reported["Subject"] = "cheap watches"
    reported["Message-ID"] = f"<{message_id}>"
    reported.set_content("Buy.\n")
    # The parts of this type that the library knows hold messages; these are fields.
    report = email.message.Message()
    report["Content-Type"] = "message/feedback-report"
    report.set_payload(
        "Feedback-Type: abuse\nUser-Agent: test/1\nVersion: 1\n"
        f"TECS-Credential: destination={DESTINATION}; source={source};\n epoch={EPOCH};\n auth={credential}\n")
    whole = email.mime.multipart.MIMEMultipart("report", **{"report-type": "feedback-report"})
    whole["From"] = "abuse@reporter.example"
    whole["To"] = "complaints@rep.example"
    whole["Subject"] = "complaint"
    for part in (email.mime.text.MIMEText("A complaint."), report, email.mime.message.MIMEMessage(reported)):
        whole.attach(part)
    return whole.as_bytes()


@dataclass
class PipeTransport:
    """A line of master.cf: a transport that hands each mail to a command."""

    name: str
    user: str
    command: str

    def line(self) -> str:
        return f"{self.name} unix - n n - 4 pipe\n  flags=R user={self.user} argv={self.command}\n"


class ReputationOperator:
    """A database, and a Postfix that hands the mail for complaints@rep.example to `tecs reputation complain`."""

    def __init__(self, workspace: Workspace, resolver: str):
        self.database = PostgreSql(workspace).start()
        program, environment = installed(workspace, "tecs")
        words = ["/usr/bin/env", *(f"{name}={value}" for name, value in environment.items()), str(program), "reputation",
                 "complain", "--store", self.database.uri, "--resolver", resolver]
        self.port = free_port()
        self.postfix = Postfix(workspace, "postfix", {
            "relay_domains": "rep.example", "relay_transport": "complaints",
            "smtpd_relay_restrictions": "permit_auth_destination,reject",
            "minimal_backoff_time": "1s", "queue_run_delay": "1s", "maximal_backoff_time": "2s",
        }, [SmtpService("127.0.0.1", self.port), PipeTransport("complaints", "nobody", " ".join(words))]).start()
        workspace.at_end(self.postfix.stop)

    def receive(self, mail: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
            client.sendmail("abuse@reporter.example", ["complaints@rep.example"], mail)

    def work(self, resolver: str) -> None:
        tecs("reputation", "work", "--once", "--store", self.database.uri, "--resolver", resolver)

    def complaints(self) -> list[dict]:
        text = tecs("reputation", "complaints", "--store", self.database.uri, "--format", "json")
        return [json.loads(line) for line in text.splitlines()]

    def count(self, table: str) -> int:
        return int(self.database.query(f"SELECT COUNT(*) FROM {table}")[0][0])


class Complaints(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.name_server = NameServer(cls.workspace)
        cls.domain = make_domain(cls.workspace, "sender.example")
        cls.name_server.publish(cls.domain.name, cls.domain.record)
        cls.operator = ReputationOperator(cls.workspace, cls.name_server.endpoint)
        cls.operator.work(cls.name_server.endpoint)  # makes the tables

    def setUp(self) -> None:
        self.operator.database.query("DELETE FROM complaints")

    def complaint(self, port: int, domain: SigningDomain | None = None) -> bytes:
        source = f"198.51.100.7:{port}"
        return complaint("sender.example", (domain or self.domain).sign(DESTINATION, source, "--time", EPOCH), source,
                         f"{port}@sender.example")

    def test_postfix_delivers_them(self) -> None:
        other = make_domain(self.workspace, "sender.example", file_name="other")
        good = self.complaint(1001)
        for mail in (good, good, self.complaint(1002, other), b"Subject: x\n\nno report\n"):
            self.operator.receive(mail)
        wait_until("four complaints", lambda: len(self.operator.complaints()) == 4)
        outcomes = sorted((each["status"], each["reason"], each["domain"]) for each in self.operator.complaints())
        self.assertEqual(outcomes, [("counted", "", "sender.example"), ("duplicate", "same-complaint", "sender.example"),
                                    ("forged", "signature-mismatch", "sender.example"), ("malformed", "not-arf", "")])
        wait_until("empty queue", lambda: self.operator.postfix.queued() == 0)
        self.assertEqual(self.operator.postfix.log_lines(r"status=(bounced|deferred)"), [])
        reporters = {each["reporter"] for each in self.operator.complaints() if each["domain"]}
        self.assertEqual(reporters, {"reporter.example"})

    def test_what_can_pass_waits_for_workers(self) -> None:
        """Not in the queue of Postfix, which would some day return it to a stranger."""
        self.name_server.down()
        try:
            self.operator.receive(self.complaint(2001))
            wait_until("queue", lambda: self.operator.count("complaint_queue") == 1)
            self.assertEqual(self.operator.complaints(), [])
        finally:
            self.name_server.up()
        wait_until("empty queue", lambda: self.operator.postfix.queued() == 0)
        self.operator.work(self.name_server.endpoint)
        self.assertEqual([each["status"] for each in self.operator.complaints()], ["counted"])
        self.assertEqual(self.operator.postfix.log_lines(r"status=(bounced|deferred)"), [])

    def test_workers_share_a_thousand_and_one_of_them_dies(self) -> None:
        connections, messages = 20, 50
        maildir = self.workspace.folder("maildir")
        for folder in ("new", "cur", "tmp"):
            self.workspace.folder(f"maildir/{folder}")
        verdicts = []
        for connection in range(connections):
            source = f"198.51.100.7:{3000 + connection}"
            credential = self.domain.sign(DESTINATION, source, "--time", EPOCH)
            verdicts.append(verdict(connection, source, credential, self.domain, messages))
            for message in range(messages):
                mail = complaint("sender.example", credential, source, f"{connection}.{message}@sender.example")
                (maildir / "new" / f"{connection}.{message}").write_bytes(mail)
        logs = self.workspace.file("verdicts.jsonl", "".join(json.dumps(each) + "\n" for each in verdicts))
        store = ["--store", self.operator.database.uri]
        tecs("verdicts", "import", logs, *store)
        tecs("reputation", "complain", "--queue", maildir, *store)
        self.assertEqual(self.operator.count("complaint_queue"), connections * messages)

        command = [program_path("tecs"), "reputation", "work", "--workers", 2, *store, "--resolver", "127.0.0.1:1"]
        doomed, other = (Program(self.workspace, name, command) for name in ("doomed", "other"))
        doomed.wait_for("some decisions", lambda: doomed.log.read_text().count("counted") >= 50)
        doomed.kill()
        other.wait_for("empty queue", lambda: self.operator.count("complaint_queue") == 0, 60)
        other.stop()
        rows = self.operator.complaints()
        # One that was decided twice would stand there as a duplicate of itself.
        self.assertEqual({each["status"] for each in rows}, {"counted"})
        self.assertEqual(len(rows), connections * messages)
        self.assertEqual({each["key_source"] for each in rows}, {"kept"})
        self.assertIn("counted sender.example", other.log.read_text())


def verdict(number: int, source: str, credential: str, domain: SigningDomain, messages: int) -> dict:
    """A receiver's verdict on that connection, which keeps the key."""
    public = "".join(part.strip() for part in domain.record.split('"')[1::2])
    key = next(tag.strip() for tag in public.split(";") if tag.strip().startswith("p="))
    return {
        "id": f"0190163d-8694-739b-aea5-{number:012x}", "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(EPOCH)), "receiver": "mx.example.net",
        "server": DESTINATION, "client": source, "client_network": "198.51.100.0/24", "helo": "", "tls": "",
        "result": "pass", "reason": "", "detail": "", "domain": domain.name, "organizational_domain": domain.name,
        "selector": "", "algorithm": "rsa-sha256", "key_bits": 2048, "dnssec": False, "testing": False, "epoch": EPOCH,
        "epoch_offset": 0, "credential": credential, "key_record": f"k=rsa; {key}", "reputation": "",
        "reputation_source": "", "score": None, "symbols": "", "action": "", "mode": "", "messages": messages,
        "recipients": messages, "bytes": 1000, "duration": 1, "dns_time": 1, "verification_time": 1,
    }
