"""The units in packaging/systemd are ones that systemd can read, and leave the daemons little to do harm with."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from tecs_testing.commands import program_path

UNITS = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "systemd"
HIGHEST_EXPOSURE = 2.0  # of 10; systemd calls that OK


def analyze(*arguments: str) -> str:
    ran = subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


class SystemdUnits(unittest.TestCase):
    def test_the_daemons_are_sandboxed(self) -> None:
        services = sorted(UNITS.glob("*.service"))
        self.assertGreaterEqual(len(services), 2)
        for unit in services:
            with self.subTest(unit.name):
                said = analyze("security", "--offline=true", str(unit))
                exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
                assert exposure, said
                self.assertLess(float(exposure[1]), HIGHEST_EXPOSURE, said)

    def test_systemd_understands_every_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copies = []
            for unit in sorted(UNITS.iterdir()):
                # A program that is there: it is the unit that is looked at. The man page may not be installed.
                text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text())
                copy = pathlib.Path(folder) / unit.name
                copy.write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
                copies.append(str(copy))
            self.assertGreaterEqual(len(copies), 2)
            self.assertEqual(analyze("verify", *copies).strip(), "")

    def test_the_signer_is_started_again_unless_somebody_must_mend_it_first(self) -> None:
        service = (UNITS / "tecs-signer.service").read_text()
        # Else systemd gives up after five starts in ten seconds, and no mail goes out any more.
        self.assertRegex(service, r"(?ms)^\[Unit\].*^StartLimitIntervalSec=0$.*^\[Service\].*^Restart=always$")
        self.assertRegex(service, r"(?m)^RestartPreventExitStatus=64$")

    def test_systemd_never_closes_the_door_that_smtpd_needs(self) -> None:
        self.assertRegex((UNITS / "tecs-milter.service").read_text(), r"(?ms)^\[Unit\].*^StartLimitIntervalSec=0$.*^\[Service\]")
        self.assertRegex((UNITS / "tecs-milter.socket").read_text(), r"(?m)^TriggerLimitIntervalSec=0$")

    def test_each_daemon_may_have_the_descriptors_that_its_own_limits_need(self) -> None:
        spare = 1000  # logs, stores, DNS
        for daemon, descriptors in {"tecs-milter": {"--maximum-sessions": 1, "--maximum-sasl-connections": 1},
                                    "tecs-signer": {"--maximum-connections": 2}}.items():
            with self.subTest(daemon):
                told = subprocess.run([program_path(daemon), "--help"], capture_output=True, text=True, check=True).stdout
                defaults = dict(re.findall(r"(?s)(--[a-z-]+) NUMBER\s[^()]*\(default: ([0-9]+)\)", told))
                needed = sum(int(defaults[option]) * each for option, each in descriptors.items())
                limit = re.search(r"(?m)^LimitNOFILE=([0-9]+)$", (UNITS / f"{daemon}.service").read_text())
                assert limit
                self.assertGreaterEqual(int(limit[1]), needed + spare)

    def test_the_two_units_speak_of_one_socket(self) -> None:
        service = (UNITS / "tecs-milter.service").read_text()
        socket = (UNITS / "tecs-milter.socket").read_text()
        self.assertIn("Requires=tecs-milter.socket", service)
        self.assertIn("FileDescriptorName=sasl", socket)
        # Where sasl-socket is when nobody configures it, or the daemon would refuse what it inherits.
        self.assertIn("ListenStream=/run/tecs/sasl", socket)
