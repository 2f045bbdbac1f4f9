"""`tecs verdicts` on the stores of both engines: the logs of two receivers come together, and are asked for."""

import datetime
import json
import os
import signal
import subprocess
import uuid

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import program_path, tecs
from tecs_testing.postgresql import PostgreSql
from tecs_testing.waiting import wait_until

# 2025-01-31T00:00:00Z
START = 1738281600


def verdict(number: int, receiver: str, **fields: object) -> dict:
    """A connection each minute, of ten domains in turn. The number and the receiver's make the id."""
    time = START + 60 * number
    moment = f"2025-01-31T{number // 60 % 24:02}:{number % 60:02}:00.000Z"
    identity = uuid.UUID(int=(time * 1000 << 80) | (7 << 76) | (2 << 62) | (int(receiver[2]) << 32) | number)
    result = ("pass", "fail", "none")[number % 3]
    return {
        "id": str(identity), "time": moment, "receiver": receiver, "server": "192.0.2.25:25",
        "client": f"198.51.100.{number % 250 + 1}:40213", "result": result,
        "reason": "signature-mismatch" if result == "fail" else "",
        "domain": "" if result == "none" else f"mail.domain{number % 10}.example", "messages": 2, "recipients": 3,
        "bytes": 1000, "duration": 1500, **fields}


def lines_of(verdicts: list[dict]) -> str:
    return "".join(json.dumps(each) + "\n" for each in verdicts)


class Verdicts(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        postgresql = PostgreSql(cls.workspace).start()
        cls.stores = {"sqlite": f"sqlite:{cls.workspace.path}/all.db", "postgresql": postgresql.uri}
        # For tests that add to a store, while the others count.
        other = PostgreSql(cls.workspace, "other").start()
        cls.other_stores = {"sqlite": f"sqlite:{cls.workspace.path}/other.db", "postgresql": other.uri}
        logs = {name: [verdict(number, name) for number in range(1440)] for name in ("mx1.example", "mx2.example")}
        cls.files = []
        for name, verdicts in logs.items():
            cls.files.append(cls.workspace.path / f"{name}.jsonl")
            cls.files[-1].write_text(lines_of(verdicts))
        cls.verdicts = {each["id"]: each for verdicts in logs.values() for each in verdicts}
        cls.imported = {engine: tecs("verdicts", "import", *cls.files, "--store", store)
                        for engine, store in cls.stores.items()}

    def ask(self, *words: object) -> str:
        """What both engines answer."""
        answers = {tecs("verdicts", *words, "--store", store) for store in self.stores.values()}
        self.assertEqual(len(answers), 1, "the engines disagree")
        return answers.pop()

    def ask_json(self, *words: object) -> list[dict]:
        return [json.loads(line) for line in self.ask(*words, "--format", "json").splitlines()]

    def test_each_verdict_is_imported_once(self) -> None:
        self.assertEqual(set(self.imported.values()), {"2880 read: 2880 new, 0 already there, 0 refused\n"})
        for store in self.stores.values():
            self.assertEqual(tecs("verdicts", "import", self.files[0], "--store", store),
                             "1440 read: 0 new, 1440 already there, 0 refused\n")
        self.assertEqual(sum(row["connections"] for row in self.ask_json("summary", "--by", "day")), 2880)

    def test_an_export_is_what_was_imported(self) -> None:
        exported = [json.loads(line) for line in self.ask("export").splitlines()]
        self.assertEqual([each["time"] for each in exported], sorted(each["time"] for each in exported))
        for each in exported:
            given = self.verdicts[each["id"]]
            self.assertEqual({key: each[key] for key in given}, given)
            self.assertEqual(each["client_network"], "198.51.100.0/24")
        self.assertEqual(len(exported), 2880)

    def test_an_export_to_a_file_is_imported_elsewhere(self) -> None:
        file = self.workspace.path / "export.jsonl"
        self.ask("export", "--receiver", "mx1.example", "--out", file)
        store = f"sqlite:{self.workspace.path}/elsewhere.db"
        self.assertEqual(tecs("verdicts", "import", file, "--store", store),
                         "1440 read: 1440 new, 0 already there, 0 refused\n")
        self.assertEqual(tecs("verdicts", "export", "--store", store), file.read_text())

    def test_summaries_count_what_is_there(self) -> None:
        rows = self.ask_json("summary", "--by", "result")
        self.assertEqual({row["result"]: row["connections"] for row in rows}, {"pass": 960, "fail": 960, "none": 960})
        rows = self.ask_json("summary", "--by", "receiver", "--result", "pass")
        self.assertEqual([(row["receiver"], row["pass"]) for row in rows], [("mx1.example", 480), ("mx2.example", 480)])
        rows = self.ask_json("summary", "--by", "hour", "--since", "2025-01-31T06:00:00Z", "--until",
                             "2025-01-31T12:00:00Z")
        self.assertEqual([(row["hour"][11:13], row["connections"]) for row in rows],
                         [(f"{hour:02}", 120) for hour in range(6, 12)])
        rows = self.ask_json("summary", "--by", "network")
        self.assertEqual([(row["client_network"], row["messages"]) for row in rows], [("198.51.100.0/24", 5760)])
        self.assertIn("\n10 rows: 960 connections, 1920 messages (4 rows are shown)\n",
                      self.ask("summary", "--by", "domain", "--result", "pass", "-n", "4"))

    def test_top_tells_domains_apart(self) -> None:
        rows = self.ask_json("top", "-n", "3")
        self.assertEqual([row["domain"] for row in rows], [f"mail.domain{number}.example" for number in range(3)])
        self.assertEqual(rows[0], {"domain": "mail.domain0.example", "connections": 192, "messages": 384, "pass": 96,
                                   "fail": 96, "other": 0, "reputation": None,
                                   "first_seen": "2025-01-31T00:00:00.000Z"})

    def test_one_is_shown_by_the_beginning_of_its_id(self) -> None:
        given = verdict(7, "mx1.example")
        shown = json.loads(self.ask("show", given["id"][:36], "--json"))
        self.assertEqual({key: shown[key] for key in given}, given)
        self.assertIn(f"\nclient:                {given['client']}\n", self.ask("show", given["id"][:-1]))

    def test_a_list_has_the_newest_first(self) -> None:
        rows = self.ask_json("list", "--network", "198.51.100.7", "--reason", "signature-mismatch", "-n", "2")
        self.assertEqual([row["time"][11:16] for row in rows], ["23:58", "23:58"])
        self.assertEqual(self.ask_json("--until", "2025-01-31T00:01:00Z", "--receiver", "mx2.example")[0]["id"],
                         verdict(0, "mx2.example")["id"])

    def test_hostile_lines_are_refused_alone(self) -> None:
        good = verdict(2000, "mx3.example", helo="\u001b]0;owned\u0007\u202e\u0000")
        hostile = [
            json.dumps({**good, "id": "x' OR 1=1"}), json.dumps({**good, "bytes": 2**63 - 1}),
            json.dumps({**good, "bytes": -1}), json.dumps({**good, "time": "2099-01-01T00:00:00.000Z"}),
            json.dumps({**good, "domain": "a\nb.example"}), json.dumps({**good, "score": 1e300}), "[" * 100_000,
            '{"id":' * 10_000, "\u0000", "\x1b[2J", json.dumps({**good, "duration": -2**63})]
        text = "\n".join([*hostile[:5], json.dumps(good), *hostile[5:]])
        for store in self.other_stores.values():
            done = subprocess.run([program_path("tecs"), "verdicts", "import", "--store", store], input=text,
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 65, done.stderr)
            self.assertEqual(done.stdout, f"{len(hostile) + 1} read: 1 new, 0 already there, {len(hostile)} refused\n")
            self.assertTrue(done.stderr.isascii() and done.stderr.replace("\n", "").isprintable(), done.stderr)
            stored = json.loads(tecs("verdicts", "export", "--receiver", "mx3.example", "--store", store))
            self.assertEqual(stored["helo"], r"\x1b]0;owned\x07\xe2\x80\xae\x00")

    def test_tail_follows_what_arrives(self) -> None:
        for store in self.other_stores.values():
            self.bring_in(store, verdict(1, "mx4.example"))
            with Follower(store) as follower:
                follower.wait_for_lines(1)
                # Not so old that it was pruned by another test: what was pruned does not come back.
                old = verdict(2, "mx4.example", time="2024-02-29T12:00:00.000Z")
                self.bring_in(store, old, verdict(1, "mx4.example"))
                follower.wait_for_lines(2)
                self.bring_in(store, verdict(3, "mx4.example"))
                follower.wait_for_lines(3)
                self.assertEqual([json.loads(line)["time"] for line in follower.lines()[1:]],
                                 [old["time"], "2025-01-31T00:03:00.000Z"])
                follower.process.send_signal(signal.SIGINT)
                self.assertEqual(follower.process.wait(20), 0)
                self.assertEqual(follower.errors(), "")

    def test_prune_deletes_what_is_old(self) -> None:
        for store in self.other_stores.values():
            self.bring_in(store, verdict(1, "mx6.example", time="2020-02-29T12:00:00.000Z"),
                          verdict(2, "mx6.example", time="2020-02-29T13:00:00.000Z"), verdict(3, "mx6.example"))
            said = tecs("verdicts", "prune", "--older-than", f"{self.days_since_2022()}d", "--store", store)
            self.assertRegex(said, r"^deleted: [23] verdicts, ")
            left = tecs("verdicts", "list", "--receiver", "mx6.example", "--format", "json", "--store", store)
            self.assertEqual([json.loads(line)["time"] for line in left.splitlines()], ["2025-01-31T00:03:00.000Z"])
            counted = tecs("verdicts", "summary", "--by", "day", "--receiver", "mx6.example", "--format", "json",
                           "--store", store)
            self.assertEqual([json.loads(line)["connections"] for line in counted.splitlines()], [2, 1], "kept by day")

    @staticmethod
    def days_since_2022() -> int:
        return (datetime.date.today() - datetime.date(2022, 1, 1)).days

    @staticmethod
    def bring_in(store: str, *verdicts: dict) -> None:
        subprocess.run([program_path("tecs"), "verdicts", "import", "--store", store], input=lines_of(list(verdicts)),
                       check=True, capture_output=True, text=True)

    def test_a_reader_who_leaves_is_no_error(self) -> None:
        for words in (["export"], ["list", "--format", "csv"]):
            for store in self.stores.values():
                self.assertEqual(run_with_reader_that_leaves(words, store), (-signal.SIGPIPE, ""))

    def test_a_tail_ends_when_its_reader_has_left(self) -> None:
        store = f"sqlite:{self.workspace.path}/left.db"
        self.bring_in(store, verdict(1, "mx1.example"))
        with Follower(store) as follower:
            follower.wait_for_lines(1)
            follower.leave()
            self.bring_in(store, verdict(2, "mx1.example"))
            self.assertEqual(follower.process.wait(20), -signal.SIGPIPE)
            self.assertEqual(follower.errors(), "")


class Follower:
    """`tecs verdicts tail -f -n 1`, read by a thread-free reader: what it wrote so far is looked at when asked."""

    def __init__(self, store: str):
        read_end, write_end = os.pipe()
        self._read_end = read_end
        self._text = b""
        os.set_blocking(read_end, False)
        self.process = subprocess.Popen(
            [program_path("tecs"), "verdicts", "tail", "-f", "-n", "1", "--format", "json", "--store", store],
            stdout=write_end, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, restore_signals=True)
        os.close(write_end)

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.leave()

    def lines(self) -> list[str]:
        while self._read_end is not None:
            try:
                part = os.read(self._read_end, 65536)
            except BlockingIOError:
                break
            if not part:
                break
            self._text += part
        return self._text.decode().splitlines()

    def wait_for_lines(self, count: int) -> None:
        wait_until(f"{count} lines of tail", lambda: len(self.lines()) >= count, 20)

    def leave(self) -> None:
        if self._read_end is not None:
            os.close(self._read_end)
        self._read_end = None

    def errors(self) -> str:
        return self.process.stderr.read().decode()


def run_with_reader_that_leaves(words: list[str], store: str) -> tuple[int, str]:
    """As `| head -1` does. Returns how it ended, and what it said of that."""
    with subprocess.Popen([program_path("tecs"), "verdicts", *words, "--store", store], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, restore_signals=True) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
    return process.returncode, errors
