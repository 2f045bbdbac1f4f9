"""A Debian of its own that a test may do anything to: a copy in memory over the prepared one, with systemd as its first process.

Its processes, mounts and control groups are in name spaces of their own; the network is that of the test, which has nothing but
what the test makes (tecs_testing.isolation). What is below `root` is seen from the test too, sockets included.
"""

import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile

from tecs_testing.waiting import wait_until
from tecs_testing.workspace import PARENT_FOLDER

from .package import Package, run

_ENVIRONMENT = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"]
_GROUP_NAMES = "tecs-packages-"
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

_BOOT = """
set -e
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
pivot_root . mnt
umount -l /mnt
exec env -i container=tecs-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system
"""


class ControlGroup:
    """Below the group of the test, and gone with the machine. One that a killed run left behind is removed by the next."""

    def __init__(self) -> None:
        mounted = _own_folder()
        run("mount", "-t", "cgroup2", "cgroup2", str(mounted))
        own = next(line for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
        parent = pathlib.Path(f"{mounted}{own.removeprefix('0::')}")
        for left in parent.glob(f"{_GROUP_NAMES}*"):
            self._remove(left)
        self._folder = parent / f"{_GROUP_NAMES}{secrets.token_hex(4)}"
        self._folder.mkdir()
        self._mounted = mounted

    def join(self) -> None:
        (self._folder / "cgroup.procs").write_text("0")

    def remove(self) -> None:
        wait_until("end of the machine's processes", lambda: self._remove(self._folder))
        run("umount", str(self._mounted))

    @staticmethod
    def _remove(folder: pathlib.Path) -> bool:
        """False while there are processes in it."""
        try:
            for path, _, _ in os.walk(folder, topdown=False):
                os.rmdir(path)
        except OSError:
            return False
        return True


def _own_folder() -> pathlib.Path:
    """Not in a workspace, which removes all that is in it, and things are mounted here. It ends with the name space."""
    # The first process of a PID name space is what isolation.py makes of a test; never mount anything on the machine itself.
    if os.getpid() != 1 or not os.environ.get(PARENT_FOLDER):
        raise RuntimeError("run this through tecs_testing.isolation")
    folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ[PARENT_FOLDER]))
    folder.chmod(0o755)
    return folder


class Machine:
    """Call stop() at the end."""

    def __init__(self, base: pathlib.Path):
        folder = _own_folder()
        self._changes = folder / "changes"
        for name in ("changes", "work", "root"):
            (folder / name).mkdir()
        self.root = folder / "root"
        self._console = folder / "console"
        self._first: subprocess.Popen[bytes] | None = None
        self._group: ControlGroup | None = None
        run("mount", "-t", "overlay", "-o", f"lowerdir={base},upperdir={folder}/changes,workdir={folder}/work", "overlay",
            str(self.root))
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(self.root / "run"))
        self._make_devices()

    def _make_devices(self) -> None:
        devices = self.root / "dev"
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(devices))
        (devices / "shm").mkdir()
        (devices / "pts").mkdir()
        run("mount", "-t", "devpts", "-o", "newinstance,ptmxmode=666", "devpts", str(devices / "pts"))
        (devices / "ptmx").symlink_to("pts/ptmx")
        self._console.touch()
        for name, source in [(each, f"/dev/{each}") for each in _DEVICES] + [("console", str(self._console))]:
            (devices / name).touch()
            run("mount", "--bind", source, str(devices / name))

    def boot(self) -> None:
        self._group = ControlGroup()
        # pylint: disable-next=subprocess-popen-preexec-fn,consider-using-with
        self._first = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "sh", "-c", _BOOT, "boot",
             str(self.root)],
            preexec_fn=self._group.join, stdin=subprocess.DEVNULL)
        wait_until("first process", self._first_process)
        wait_until(f"start of systemd; see {self._console}",
                   lambda: self._try("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"), 60)

    def stop(self) -> None:
        if self._first is not None:
            self._first.kill()
            self._first.wait()
            self._first = None
        if self._group is not None:
            self._group.remove()
            self._group = None
        run("umount", "--recursive", str(self.root))
        shutil.rmtree(self._changes)

    def _first_process(self) -> str:
        """The child of unshare; empty when there is none."""
        assert self._first
        return pathlib.Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text().strip()

    def _prefix(self) -> list[str]:
        if self._first is None:
            return ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', str(self.root)]
        first = self._first_process()
        if not first:
            raise AssertionError(f"the machine has stopped: {self._console.read_text()}")
        return ["nsenter", f"--target={first}", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd", "--"]

    def _try(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._prefix(), *_ENVIRONMENT, *command], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL)

    def run(self, *command: str, ends_with: int = 0) -> str:
        """What it prints, standard error included."""
        done = self._try(*command)
        if done.returncode != ends_with:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def apt(self, action: str, *what: str) -> str:
        """As an administrator would. There is no network: what it needs has been fetched before."""
        return self.run("apt-get", "-q", "-y", "-o", "APT::Sandbox::User=root", "-o", "Dpkg::Options::=--force-confold", action, *what)

    def install(self, *packages: Package) -> str:
        names = []
        for package in packages:
            copy = self.root / "root" / package.file.name
            copy.write_bytes(package.file.read_bytes())
            names.append(f"/root/{package.file.name}")
        said = self.apt("install", *names)
        for name in names:
            (self.root / name[1:]).unlink()
        return said

    def unit(self, name: str, value: str) -> str:
        """A property of a unit, as systemctl show has it."""
        return self.run("systemctl", "show", "--value", "--property", value, name).strip()

    def journal(self, unit: str) -> str:
        return self.run("journalctl", "--no-pager", "--unit", unit)

    def files(self) -> dict[str, str]:
        """Of the whole system, with type and mode and owner; but for what is no file of it, and what apt and dpkg keep."""
        aside = {self.root / each for each in ("proc", "sys", "dev", "tmp", "root", "var/cache", "var/log", "var/lib/apt",
                                               "var/lib/dpkg", "var/tmp", "run/systemd", "run/log", "run/udev", "run/adduser")}
        found: dict[str, str] = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [each for each in folders if pathlib.Path(folder, each) not in aside]
            for name in folders + names:
                path = pathlib.Path(folder, name)
                if path in aside:
                    continue
                status = path.lstat()
                found[f"/{path.relative_to(self.root)}"] = f"{status.st_mode:o} {status.st_uid}:{status.st_gid}"
        return found
