"""A mail server in a network of its own, at the other end of a cable:

    unshare --net python3 -m tecs_packages.mail_server ADDRESS

It waits for an interface `eth0`, takes one mail, and prints what it was told.
"""

import pathlib
import socket
import subprocess
import sys

from tecs_testing.waiting import wait_until

_REPLIES = {"EHLO": "250-mx.receiver.example\r\n250 AUTH TECS-1", "DATA": "354 go on", "QUIT": "221 bye"}


def main() -> int:
    wait_until("interface", lambda: pathlib.Path("/proc/net/dev").read_text().count("eth0:"))
    for command in (["address", "add", f"{sys.argv[1]}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
        subprocess.run(["ip", *command], check=True)
    with socket.create_server((sys.argv[1], 25)) as server:
        print("listening", flush=True)
        connection, _ = server.accept()
    with connection, connection.makefile("rw", newline="") as lines:
        lines.write("220 mx.receiver.example\r\n")
        lines.flush()
        in_message = False
        for line in lines:
            print(line.rstrip(), flush=True)
            word = line.split(" ")[0].strip().upper()
            if in_message and line != ".\r\n":
                continue
            in_message = word == "DATA"
            lines.write(_REPLIES.get(word, "250 ok") + "\r\n")
            lines.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
