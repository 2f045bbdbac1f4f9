"""The programs of the PostgreSQL that is installed, and what each private server of a test has."""

import pathlib
import pwd
import shutil
import subprocess

# It syncs nothing: a process that is killed loses nothing that the kernel has.
SETTINGS = {"fsync": "off", "full_page_writes": "off"}


def programs_folder() -> pathlib.Path:
    """Of the newest server that is installed."""
    def version(folder: pathlib.Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0
    found = [path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (initdb := shutil.which("initdb")):
        found = [pathlib.Path(initdb).resolve().parent]
    if not found:
        raise RuntimeError("no initdb: install the package postgresql")
    return max(found, key=version)


def server_user() -> tuple[int, int]:
    """PostgreSQL does not run as root."""
    account = pwd.getpwnam("postgres")
    return account.pw_uid, account.pw_gid


def run_server_program(program: str, *arguments: object, user: tuple[int, int] | None) -> None:
    """user: None for the one that runs this."""
    identity = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}
    done = subprocess.run([programs_folder() / program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", check=False, **identity)
    if done.returncode != 0:
        raise RuntimeError(f"{program} ended with {done.returncode}\n{done.stdout.decode(errors='replace')}")


def make_cluster(folder: pathlib.Path, user: tuple[int, int] | None) -> None:
    """Lets everybody in who reaches it; its role "postgres" may do anything."""
    run_server_program("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
                       "--locale=C.UTF-8", "--pgdata", folder, user=user)
