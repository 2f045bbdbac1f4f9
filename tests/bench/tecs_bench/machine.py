"""What a run was made on and with: the machine, the versions of all that took part, the sources."""

import os
import pathlib
import platform
import re
import subprocess

# What is shown of a package's version, and the Debian package.
PACKAGES = {"OpenSSL": "libssl3", "Postfix": "postfix", "Dovecot": "dovecot-core", "HAProxy": "haproxy",
            "OpenDKIM": "opendkim", "SQLite": "libsqlite3-0", "PostgreSQL": "postgresql-15", "NSD": "nsd",
            "libmilter": "libmilter1.0.1", "glibc": "libc6"}
UNKNOWN = "unknown"


def machine() -> dict[str, object]:
    cpu = pathlib.Path("/proc/cpuinfo").read_text()
    return {
        "processor": _found(r"^model name\s*: (.*)$", cpu),
        "cores": len(os.sched_getaffinity(0)),
        "virtual": bool(re.search(r"^flags\s*:.*\bhypervisor\b", cpu, re.MULTILINE)),
        "memory_bytes": 1024 * int(_found(r"^MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text(), "0")),
        "kernel": platform.release(),
        "system": _found(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text()),
        "debian": _first_line(pathlib.Path("/etc/debian_version")),
    }


def versions(programs: pathlib.Path) -> dict[str, str]:
    """programs: bin/ of the build, whose compiler and kind are told."""
    cache = programs.parent / "CMakeCache.txt"
    settings = cache.read_text() if cache.exists() else ""
    compiler = _found(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", settings, "")
    return {
        "compiler": _output([compiler, "--version"]).partition("\n")[0] if compiler else UNKNOWN,
        "build": _found(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", settings),
        **{name: _package_version(package) for name, package in PACKAGES.items()},
    }


def sources() -> dict[str, object]:
    """modified: files that git knows differ from the commit."""
    root = pathlib.Path(__file__).resolve().parents[3]
    # The bench runs as root, in a folder that is mostly somebody else's.
    git = ["git", "-c", f"safe.directory={root}", "-C", str(root)]
    commit, _, date = _output([*git, "log", "-1", "--format=%H %cI"]).partition(" ")
    changed = _output([*git, "status", "--porcelain", "--untracked-files=no"])
    return {"commit": commit or UNKNOWN, "date": date or UNKNOWN, "modified": bool(changed)}


def _package_version(package: str) -> str:
    return _output(["dpkg-query", "-W", "-f", "${Version}", package]) or UNKNOWN


def _output(command: list[str]) -> str:
    """What a command prints, or nothing when it cannot be run or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _first_line(path: pathlib.Path) -> str:
    return path.read_text().partition("\n")[0] if path.exists() else UNKNOWN


def _found(pattern: str, text: str, otherwise: str = UNKNOWN) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else otherwise
