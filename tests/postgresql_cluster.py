#!/usr/bin/env python3
"""Starts a private PostgreSQL, runs a program beside it, and stops it.

    postgresql_cluster.py -- PROGRAM [ARGUMENT...]
    postgresql_cluster.py FOLDER stop|start

The server listens on a unix socket in a folder of its own only, lets everybody in and does not sync. The program finds in
its environment:

    TECS_TEST_POSTGRESQL          its URI, as a role that may do anything
    TECS_TEST_POSTGRESQL_CONTROL  a command; with "stop" it ends the server as a crash would, with "start" it starts it
                                  again and waits until it serves

The exit code is that of the program. However this ends, killed or not, the server ends too and the folder goes.
"""

import ctypes
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "integration"))

from tecs_testing import postgresql_programs

PR_SET_PDEATHSIG = 1
SETTINGS = {
    **postgresql_programs.SETTINGS, "listen_addresses": "", "max_connections": "100",
    "log_line_prefix": "%m [%p] %d ", "restart_after_crash": "on",
}


def server_user() -> tuple[int, int] | None:
    return postgresql_programs.server_user() if os.geteuid() == 0 else None


def run_as_server(program: str, *arguments: str) -> None:
    postgresql_programs.run_server_program(program, *arguments, user=server_user())


def make(folder: str) -> None:
    if user := server_user():
        os.chown(folder, *user)
    postgresql_programs.make_cluster(pathlib.Path(folder) / "cluster", server_user())
    settings = {**SETTINGS, "unix_socket_directories": folder}
    with open(f"{folder}/cluster/postgresql.auto.conf", "a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


def start(folder: str) -> None:
    # Its output goes to a file: a server that kept this program's would keep whoever reads it waiting.
    run_as_server("pg_ctl", "start", "--wait", "--pgdata", f"{folder}/cluster", "--log", f"{folder}/log")


def stop(folder: str) -> None:
    run_as_server("pg_ctl", "stop", "--mode=immediate", "--wait", "--pgdata", f"{folder}/cluster")


def keep(ready: int, alive: int) -> None:
    """Keeps a cluster until nobody holds the other end of alive. Tells its folder through ready once it serves."""
    os.setsid()  # a signal for the terminal's group must not end this before the server
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder = tempfile.mkdtemp(prefix="tecs-postgresql-")
    try:
        make(folder)
        start(folder)
        os.write(ready, folder.encode())
        os.close(ready)
        os.read(alive, 1)
    finally:
        if os.path.exists(f"{folder}/cluster/postmaster.pid"):
            stop(folder)
        shutil.rmtree(folder)


def end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def run(command: list[str]) -> int:
    ready_reader, ready_writer = os.pipe()
    alive_reader, alive_writer = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(ready_reader)
        os.close(alive_writer)
        code = 1
        try:
            keep(ready_writer, alive_reader)
            code = 0
        except (OSError, RuntimeError) as error:
            print(f"postgresql_cluster.py: {error}", file=sys.stderr)
        os._exit(code)
    os.close(ready_writer)
    os.close(alive_reader)
    folder = os.read(ready_reader, 4096).decode()
    code = 1
    if folder:
        control = [sys.executable, "-B", os.path.abspath(__file__)]
        environment = {**os.environ, "TECS_TEST_POSTGRESQL": f"postgresql://postgres@/postgres?host={folder}",
                       "TECS_TEST_POSTGRESQL_CONTROL": shlex.join([*control, folder])}
        program = subprocess.Popen(command, env=environment, preexec_fn=end_with_parent)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda received, _: program.send_signal(received))
        code = program.wait()
    os.close(alive_writer)
    kept = os.waitstatus_to_exitcode(os.waitpid(keeper, 0)[1])
    return 128 - code if code < 0 else code or kept


def main() -> int:
    match sys.argv[1:]:
        case ["--", _, *_]:
            return run(sys.argv[2:])
        case [folder, "stop"]:
            stop(folder)
        case [folder, "start"]:
            start(folder)
        case _:
            print(__doc__)
            return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
