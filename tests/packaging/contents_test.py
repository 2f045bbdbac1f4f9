"""The packages as they were built, in PACKAGES: what Debian's own judge says, and what is in them."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from tecs_packages.package import NAMES, Package, packages_in, run

PACKAGES = pathlib.Path(os.environ["PACKAGES"])
BUILD_PACKAGES = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "build-packages"
MULTIARCH = run("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()

# What each is for: without these it would be pointless, and none of them is in two packages.
BRINGS = {
    "libtecs0": {f"/usr/lib/{MULTIARCH}/libtecs.so.0"},
    "libtecs-dev": {"/usr/include/tecs.h", "/usr/include/tecs/verifier.hpp", f"/usr/lib/{MULTIARCH}/libtecs.so",
                    f"/usr/lib/{MULTIARCH}/pkgconfig/tecs.pc", f"/usr/lib/{MULTIARCH}/cmake/tecs/tecsConfig.cmake",
                    "/usr/share/man/man3/libtecs.3.gz"},
    "tecs-milter": {"/usr/sbin/tecs-milter", "/lib/systemd/system/tecs-milter.service", "/etc/tecs/milter.conf",
                    "/lib/systemd/system/tecs-milter.socket", "/etc/apparmor.d/usr.sbin.tecs-milter",
                    "/usr/share/man/man8/tecs-milter.8.gz", "/usr/share/man/man5/tecs-milter.conf.5.gz"},
    "tecs-signer": {"/usr/sbin/tecs-signer", "/lib/systemd/system/tecs-signer.service", "/etc/tecs/signer.conf",
                    "/etc/tecs/identities", "/etc/apparmor.d/usr.sbin.tecs-signer", "/usr/share/tecs/tecs-signer.nft",
                    "/usr/share/man/man8/tecs-signer.8.gz", "/usr/share/man/man5/tecs-signer.conf.5.gz",
                    "/usr/share/man/man5/tecs-signer-identities.5.gz", "/usr/share/man/man5/tecs-signer-destinations.5.gz"},
    "tecs-tools": {"/usr/bin/tecs", "/lib/systemd/system/tecs-verdicts-prune.timer", "/usr/share/man/man1/tecs.1.gz",
                   "/lib/systemd/system/tecs-reputation.timer", "/usr/share/doc/tecs-tools/examples/reputation.conf"},
    "libsasl2-modules-tecs": {f"/usr/lib/{MULTIARCH}/sasl2/libsasltecs.so", "/usr/share/man/man5/tecs-sasl-client.conf.5.gz"},
}


class Contents(unittest.TestCase):
    packages: dict[str, Package]

    @classmethod
    def setUpClass(cls) -> None:
        cls.packages = packages_in(PACKAGES)

    def test_there_is_one_for_each_group_of_people(self) -> None:
        self.assertEqual(sorted(self.packages), sorted(NAMES))

    def test_lintian_finds_nothing_to_complain_of(self) -> None:
        said = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0",
                               *[str(each.file) for each in self.packages.values()]],
                              capture_output=True, text=True, check=False)
        self.assertEqual((said.returncode, said.stdout), (0, ""), said.stdout + said.stderr)

    def test_each_brings_what_it_is_for(self) -> None:
        for name, wanted in BRINGS.items():
            with self.subTest(name):
                self.assertEqual(wanted - self.packages[name].files(), set())

    def test_no_two_bring_the_same_file(self) -> None:
        seen: dict[str, str] = {}
        for name, package in self.packages.items():
            for path in package.files():
                self.assertEqual(seen.setdefault(path, name), name, path)

    def test_modes_and_owners_do_not_depend_on_who_builds(self) -> None:
        for name, package in self.packages.items():
            for each in package.entries():
                with self.subTest(f"{name} {each.path}"):
                    self.assertEqual(each.owner, "root/root")
                    program = re.match(r"/usr/s?bin/.", each.path)
                    self.assertEqual(each.mode, "lrwxrwxrwx" if each.target else "drwxr-xr-x" if each.mode[0] == "d"
                                     else "-rwxr-xr-x" if program else "-rw-r--r--")

    def test_all_files_are_of_the_time_of_the_change_log(self) -> None:
        times = {each.time for package in self.packages.values() for each in package.entries()}
        self.assertEqual(len(times), 1, times)

    def test_packed_again_by_somebody_else_they_are_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            before = os.umask(0o077)
            self.addCleanup(os.umask, before)
            run("env", "TZ=Pacific/Auckland", str(BUILD_PACKAGES), "--build", str(PACKAGES), "--output", folder)
            again = packages_in(pathlib.Path(folder))
            self.assertEqual(sorted(again), sorted(self.packages))
            for name, package in again.items():
                with self.subTest(name):
                    self.assertEqual(package.file.read_bytes(), self.packages[name].file.read_bytes())

    def test_what_an_administrator_may_change_is_known_to_dpkg(self) -> None:
        for name, package in self.packages.items():
            with self.subTest(name):
                self.assertEqual(set(package.control_file("conffiles").split()),
                                 {path for path in package.files() if path.startswith("/etc/")})

    def test_programs_depend_on_the_library_of_their_own_version(self) -> None:
        for name in ("tecs-milter", "tecs-signer", "tecs-tools", "libtecs-dev"):
            with self.subTest(name):
                self.assertIn(f"libtecs0 (= {self.packages[name].version})", self.packages[name].field("Depends"))
        # It is loaded into other programs, and brings nothing along.
        self.assertNotIn("libtecs0", self.packages["libsasl2-modules-tecs"].field("Depends"))

    def test_a_program_in_c_depends_on_the_library_from_the_first_one_with_its_functions_on(self) -> None:
        library = self.packages["libtecs0"]
        symbols = library.control_file("symbols").splitlines()
        self.assertEqual(symbols[:2], ["libtecs.so.0 libtecs0 #MINVER#", f"| libtecs0 (= {library.version})"])
        self.assertIn(" tecs_verifier_verify@TECS_0 0.1.0", symbols)
        for line in symbols[2:]:
            if "@TECS_CXX_" in line:
                self.assertRegex(line, r" 1$", "a function in C++ without the dependency on this very version")

    def test_the_library_is_announced_to_the_linker(self) -> None:
        self.assertEqual(self.packages["libtecs0"].control_file("triggers").strip(), "activate-noawait ldconfig")

    def test_the_units_name_the_programs_of_the_packages(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("tecs-milter", "tecs-signer", "tecs-tools"):
                run("dpkg-deb", "--extract", str(self.packages[name].file), folder)
            units = sorted(pathlib.Path(folder, "lib/systemd/system").iterdir())
            self.assertGreaterEqual(len(units), 8)
            for unit in units:
                for program in re.findall(r"(?m)^Exec\w+=(/\S+)", unit.read_text()):
                    if program != "/bin/sh":
                        self.assertTrue(pathlib.Path(folder, program[1:]).exists(), f"{unit.name}: {program}")

    def test_the_maintainer_scripts_are_plain_shell(self) -> None:
        checked = 0
        for name, package in self.packages.items():
            for script in ("preinst", "postinst", "prerm", "postrm"):
                text = package.control_file(script)
                if text:
                    with self.subTest(f"{name}.{script}"):
                        done = subprocess.run(["shellcheck", "--shell=dash", "-"], input=text, capture_output=True, text=True,
                                              check=False)
                        self.assertEqual(done.stdout, "")
                        self.assertNotIn("@", text)
                        checked += 1
        self.assertGreaterEqual(checked, 9)

    def test_apparmor_can_read_the_profiles(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("tecs-milter", "tecs-signer"):
                run("dpkg-deb", "--extract", str(self.packages[name].file), folder)
                with self.subTest(name):
                    run("apparmor_parser", "-Q", "-K", "--skip-kernel-load", f"{folder}/etc/apparmor.d/usr.sbin.{name}")


if __name__ == "__main__":
    unittest.main()
