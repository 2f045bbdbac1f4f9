"""Prepares a fresh Debian, with all that the packages will ask for already fetched:

    python3 -m tecs_packages.base_system FOLDER PACKAGES

FOLDER/tree is the system. It is kept for the next time; nothing of ours is ever installed into it. This is the one step that
needs the network. Its mounts are in a name space of their own, so that nothing is left of them.
"""

import ctypes
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from .package import outside_dependencies, packages_in, run

CODENAME = "bookworm"
# For the tests: an init system, a mail server that comes later, and Cyrus SASL's own look at its plugins.
INCLUDED = ("systemd", "systemd-sysv")
FETCHED = ("postfix", "sasl2-bin")

_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x00020000, 0x4000, 0x40000


def mirror() -> str:
    """Where this machine has its own packages from."""
    targets = run("apt-get", "indextargets", "--format", "$(CODENAME) $(COMPONENT) $(LABEL) $(REPO_URI)", "Created-By: Packages")
    for line in targets.splitlines():
        codename, component, label, address = line.split(" ", 3)
        if (codename, component, label) == (CODENAME, "main", "Debian"):
            return re.sub(r"/$", "", address)
    raise AssertionError(f"apt knows no mirror with {CODENAME}/main here")


def own_mounts() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS) != 0 or libc.mount(b"none", b"/", b"none", _MS_REC | _MS_PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "no name space for mounts; is this root?")


def make_tree(tree: pathlib.Path) -> None:
    unfinished = tree.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    run("debootstrap", "--variant=minbase", f"--include={','.join(INCLUDED)}", CODENAME, str(unfinished), mirror())
    # What comes onto the disk of a test is in memory.
    (unfinished / "etc/dpkg/dpkg.cfg.d/no-sync").write_text("force-unsafe-io\n")
    (unfinished / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    # There is no terminal.
    (unfinished / "etc/systemd/system/console-getty.service").symlink_to("/dev/null")
    unfinished.rename(tree)


def fetch(tree: pathlib.Path, wanted: list[str]) -> None:
    run("mount", "--bind", "/etc/resolv.conf", str(tree / "etc/resolv.conf"))
    run("mount", "-t", "proc", "proc", str(tree / "proc"))
    inside = ("chroot", str(tree), "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", "-qq")
    run(*inside, "update")
    run(*inside, "-y", "--download-only", "-o", "APT::Sandbox::User=root", "install", *wanted)


def main() -> int:
    folder, packages = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    own_mounts()
    tree, fetched = folder / "tree", folder / "fetched"
    if not tree.exists():
        fetched.unlink(missing_ok=True)
        make_tree(tree)
    wanted = sorted({*outside_dependencies(packages_in(packages).values()), *FETCHED})
    digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
    if not fetched.exists() or fetched.read_text() != digest:
        fetch(tree, wanted)
        fetched.write_text(digest)
    print(f"{tree}: Debian {CODENAME}, with {len(os.listdir(tree / 'var/cache/apt/archives'))} packages fetched")
    return 0


if __name__ == "__main__":
    sys.exit(main())
