"""libtecs, beside the least that it can cost (OpenSSL alone) and beside libopendkim verifying whole messages."""

import json
import subprocess
from typing import Iterator

from ..bench import Bench
from ..figures import Budget, Row, Subject

TOPIC = "library"
REPETITIONS = 15
CACHE_SIZES = (1_000, 10_000, 100_000)
GROWTH_ROUNDS = 5
BUDGET_OF_A_VERIFICATION = 1.15

FROM_BASE64 = ("key in the key cache; from the base64 of the AUTH command to the result; one connection possible "
               "unless said")
RECOVER = "OpenSSL {bits} public-key operation alone: EVP_PKEY_verify_recover with a context set up once"
OPENDKIM = ("libopendkim, relaxed/simple, rsa-sha256 with the same RSA-2048 key, defaults; the key record is handed to it "
            "(dkim_set_key_lookup): no DNS; it reads the record for each message, as it does in opendkim")
THREADS = "Threads that do nothing else. Of two, wall_us is the time that passes for each of all, and per_second counts both."

Figures = dict[str, dict[str, list[float]]]


def measure(bench: Bench) -> Iterator[Row]:
    bench.say(f"{REPETITIONS} repetitions of each, in random order")
    figures = _benchmarks(bench)
    yield from _verification_rows(figures)
    yield from _other_rows(figures)
    bench.say("the key cache as it grows")
    yield from _growth_rows(bench)


def _benchmarks(bench: Bench) -> Figures:
    """Benchmark -> metric -> one figure for each repetition."""
    results = bench.folder / "library.json"
    subprocess.run([bench.program("library-bench"), "--benchmark_enable_random_interleaving=true",
                    f"--benchmark_repetitions={bench.count(REPETITIONS, 5)}",
                    f"--benchmark_min_time={max(0.02 * bench.scale, 0.0005)}",
                    f"--benchmark_out={results}", "--benchmark_out_format=json"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    figures: Figures = {}
    for run in json.loads(results.read_text())["benchmarks"]:
        if run["run_type"] != "iteration":
            continue
        if run.get("error_occurred"):
            raise RuntimeError(f"{run['run_name']}: {run['error_message']}")
        if run["time_unit"] != "ns":
            raise RuntimeError(f"{run['run_name']} is not in nanoseconds")
        values = {"wall_us": run["real_time"] / 1000, "cpu_us": run["cpu_time"] / 1000,
                  "allocations": run["allocations"]}
        if "items_per_second" in run:
            values["per_second"] = run["items_per_second"]
        for metric, value in values.items():
            figures.setdefault(run["run_name"], {}).setdefault(metric, []).append(value)
    return figures


def _verification_rows(figures: Figures) -> Iterator[Row]:
    opendkim = [Subject(f"libopendkim {size} KB", OPENDKIM, figures[f"opendkim/verify/{size}-KB"])
                for size in (2, 20, 200)]
    for key, bits in (("rsa-2048", "RSA-2048"), ("rsa-4096", "RSA-4096"), ("ed25519", "Ed25519")):
        subjects = [Subject(f"libtecs, {count} candidates" if count > 1 else "libtecs",
                            FROM_BASE64.replace("one connection", f"{count} connections") if count > 1 else FROM_BASE64,
                            figures[f"tecs/verify/{key}/{count}"]) for count in (1, 10, 100)]
        floor = ("OpenSSL Ed25519 alone: EVP_DigestVerify, whose context cannot be used again" if key == "ed25519"
                 else RECOVER.format(bits=bits))
        subjects.append(Subject("OpenSSL alone", floor, figures[f"openssl/verify/{key}"]))
        budgets = []
        note = "The signed connection is the last candidate."
        if key == "rsa-2048":
            subjects += opendkim
            budgets = [Budget("libtecs", "cpu_us", BUDGET_OF_A_VERIFICATION, ["OpenSSL alone"], "DESIGN 8")]
        if key == "ed25519":
            note += " Of 100, 64 are tried: no credential buys more checks."
        yield Row(TOPIC, f"one verification, {bits}", subjects, budgets, note)


def _other_rows(figures: Figures) -> Iterator[Row]:
    for key, bits in (("rsa-2048", "RSA-2048"), ("ed25519", "Ed25519")):
        yield Row(TOPIC, f"one signature, {bits}", [
            Subject("libtecs", "signs a connection and writes the base64 for AUTH", figures[f"tecs/sign/{key}"]),
            Subject("OpenSSL alone", "the private-key operation, set up as far as OpenSSL allows",
                    figures[f"openssl/sign/{key}"])])
        yield Row(TOPIC, f"a key record read, {bits}", [
            Subject("libtecs", "text of a TXT record to a key ready to verify with, held to DER", figures[f"tecs/key/{key}"]),
            Subject("OpenSSL alone", "its own decoder (d2i_PUBKEY or the raw octets), without tag-list and base64",
                    figures[f"openssl/key/{key}"])])
    yield Row(TOPIC, "a credential read", [
        Subject(f"libtecs, {bits}", "base64 of an AUTH command to the parsed credential", figures[f"tecs/credential/{key}"])
        for key, bits in (("rsa-2048", "RSA-2048"), ("ed25519", "Ed25519"))])
    yield Row(TOPIC, "verifications by threads at once, RSA-2048", [
        Subject(f"libtecs, {threads} thread{'s' * (threads > 1)}", "as above; the threads share key and key cache",
                figures[f"tecs/threads/real_time/threads:{threads}"]) for threads in (1, 2)], note=THREADS)
    yield Row(TOPIC, "a key found in the cache", [
        Subject(f"libtecs, {threads} thread{'s' * (threads > 1)}", "10,000 names, asked for one after the other",
                figures[f"tecs/hit/real_time/threads:{threads}"]) for threads in (1, 2)], note=THREADS)


def _growth_rows(bench: Bench) -> Iterator[Row]:
    sizes = [bench.count(size, 10) for size in CACHE_SIZES]
    grown: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}
    for _ in range(GROWTH_ROUNDS):
        lines = subprocess.run([bench.program("key-cache-growth"), *map(str, sizes)], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.splitlines()
        for found in map(json.loads, lines):
            memory, keys = found["memory_bytes"], found["keys"]
            for metric, value in (("memory_bytes", memory), ("memory_a_key_bytes", memory / keys),
                                  ("wall_us", found["hit_us"])):
                grown[keys].setdefault(metric, []).append(value)
    yield Row(TOPIC, "the key cache as it grows", [
        Subject(f"{size:,} keys", "each an RSA-2048 key of its own, used once; resident memory of the process less that "
                "without them; wall_us is one hit, names in random order", grown[size]) for size in sizes])
