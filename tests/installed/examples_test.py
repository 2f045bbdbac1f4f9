#!/usr/bin/env python3
"""The examples, built against the installed library in both ways that their comments tell, and run: what one signs, each
other verifies."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import installation
from txt_server import TxtServer

SERVER, CLIENT = "192.0.2.25:25", "198.51.100.7:40213"
SERVER_IPV6, CLIENT_IPV6 = "[2001:db8::25]:25", "[2001:db8::7]:40213"
C_WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Werror"
CXX_WARNINGS = "-Wall -Wextra -Werror"
KEYS = ("rsa-2048", "ed25519")
LANGUAGES = ("", "_cxx")


def build_environment():
    """As somebody would have it whose library is not below /usr: told where it is."""
    folder = installation.folder_of_libraries()
    return os.environ | {"PKG_CONFIG_PATH": str(folder / "pkgconfig"), "LDFLAGS": f"-Wl,-rpath,{folder}"}


def built(command, **arguments):
    outcome = subprocess.run(command, env=build_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             check=False, **arguments)
    if outcome.returncode != 0:
        raise AssertionError(f"{command}\n{outcome.stdout}")
    return outcome.stdout


def setUpModule():  # the name is unittest's
    global WORK, FOLDERS, RECORDS
    folder = tempfile.TemporaryDirectory(prefix="tecs-examples-")
    unittest.addModuleCleanup(folder.cleanup)
    WORK = pathlib.Path(folder.name)
    sources = shutil.copytree(installation.SOURCE / "examples", WORK / "make")
    compiler = os.environ["TECS_CXX"]
    built(["make", "-C", sources, f"CXX={compiler}", f"CFLAGS={C_WARNINGS}", f"CXXFLAGS={CXX_WARNINGS}"])
    built(["cmake", "-S", installation.SOURCE / "examples", "-B", WORK / "cmake", f"-DCMAKE_PREFIX_PATH={installation.PREFIX}",
           f"-DCMAKE_C_FLAGS={C_WARNINGS}", f"-DCMAKE_CXX_FLAGS={CXX_WARNINGS}", f"-DCMAKE_CXX_COMPILER={compiler}"])
    built(["cmake", "--build", WORK / "cmake"])
    FOLDERS = (sources, WORK / "cmake")
    RECORDS = {}
    for key in KEYS:
        installation.key_file(WORK, key)
        RECORDS[key] = published(key)


def published(key):
    """The key record, made by OpenSSL: 12 octets of DER come before the 32 of an Ed25519 key."""
    der = subprocess.run(["openssl", "pkey", "-in", WORK / f"{key}.pem", "-pubout", "-outform", "DER"], check=True,
                         capture_output=True).stdout
    octets = der[12:] if key == "ed25519" else der
    text = subprocess.run(["openssl", "base64", "-A"], input=octets, check=True, capture_output=True).stdout.decode()
    return f"v=DKIM1; k={key.split('-')[0]}; p={text}"


def run(program, *arguments, said=""):
    return subprocess.run([program, *arguments], input=said, capture_output=True, text=True, timeout=60, check=False,
                          env=installation.run_environment())


class Examples(unittest.TestCase):
    def signed(self, folder, language, key, *ends, selector=()):
        outcome = run(folder / f"sign_connection{language}", "example.org", WORK / f"{key}.pem", *ends, *selector)
        self.assertEqual((outcome.returncode, outcome.stderr), (0, ""))
        return outcome.stdout.splitlines()

    def verified(self, folder, language, key, ends, response, name="_tecs.example.org"):
        """The lines that a verification prints, and its exit code."""
        file = WORK / f"{key}{language}"
        if language:  # in strings of 255 octets at most, as a master file has them
            strings = " ".join(f'"{piece}"' for piece in re.findall(".{1,255}", RECORDS[key]))
            file.write_text(f"{name}. IN TXT {strings}\n", encoding="ascii")
        else:
            file.write_text(f"other.example {RECORDS[key]}\n{name} {RECORDS[key]}\n", encoding="ascii")
        outcome = run(folder / f"verify_connection{language}", file, *ends, response)
        self.assertEqual(outcome.stderr, "")
        return dict(line.split(": ", 1) for line in outcome.stdout.splitlines()), outcome.returncode

    def test_each_verifies_what_any_signs(self):
        for folder in FOLDERS:
            for signer in LANGUAGES:
                for verifier in LANGUAGES:
                    for key in KEYS:
                        for ends in ((SERVER, CLIENT), (SERVER_IPV6, CLIENT_IPV6)):
                            with self.subTest(folder=folder.name, signer=signer, verifier=verifier, key=key, ends=ends):
                                command, = self.signed(folder, signer, key, *ends)
                                told, code = self.verified(folder, verifier, key, ends, command.removeprefix("AUTH TECS-1 "))
                                self.assertEqual((code, told["result"], told["domain"]), (0, "pass", "example.org"))
                                self.assertEqual(told["key"], "2048 bits" if key == "rsa-2048" else "256 bits")

    def test_line_that_would_be_too_long_is_parted(self):
        selector = "a-selector-that-is-long-enough-to-make-the-line-too-long"
        for language in LANGUAGES:
            command, response = self.signed(FOLDERS[0], language, "rsa-2048", SERVER, CLIENT, selector=(selector,))
            self.assertEqual(command, "AUTH TECS-1")
            for verifier in LANGUAGES:
                told, code = self.verified(FOLDERS[0], verifier, "rsa-2048", (SERVER, CLIENT), response,
                                           name=f"{selector}._domainkey.example.org")
                self.assertEqual((code, told["result"], told["selector"]), (0, "pass", selector))

    def test_another_connection_is_refused(self):
        command, = self.signed(FOLDERS[0], "", "ed25519", SERVER, CLIENT)
        for language in LANGUAGES:
            told, code = self.verified(FOLDERS[0], language, "ed25519", (SERVER, "198.51.100.7:40214"), command.split()[-1])
            self.assertEqual((code, told["result"], told["reason"]), (1, "fail", "signature-mismatch"))

    def test_errors_are_told(self):
        absent = WORK / "absent"
        for language in LANGUAGES:
            for arguments, reason in ((("org", WORK / "ed25519.pem", SERVER, CLIENT), "bad-domain"),
                                      (("example.org", absent, SERVER, CLIENT), "io-error"),
                                      (("example.org", WORK / "ed25519.pem", "192.0.2.25", CLIENT), "bad-endpoint"),
                                      (("example.org", WORK / "ed25519.pem", SERVER, CLIENT_IPV6), "family-mismatch"),
                                      (("example.org", WORK / "ed25519.pem", SERVER, CLIENT, "."), "bad-selector")):
                with self.subTest(language=language, reason=reason):
                    outcome = run(FOLDERS[0] / f"sign_connection{language}", *arguments)
                    self.assertEqual((outcome.returncode, outcome.stdout), (1, ""))
                    self.assertTrue(outcome.stderr.endswith(f"({reason})\n"), outcome.stderr)
            outcome = run(FOLDERS[0] / f"verify_connection{language}", WORK, SERVER, "client:25", "AAAA")
            self.assertEqual((outcome.returncode, outcome.stdout), (1, ""))
            self.assertEqual(run(FOLDERS[0] / f"verify_connection{language}").returncode, 1)
        outcome = run(FOLDERS[0] / "verify_connection", absent, SERVER, CLIENT,
                      self.signed(FOLDERS[0], "", "ed25519", SERVER, CLIENT)[0].split()[-1])
        self.assertIn("reason: dns-error", outcome.stdout)


class ManPage(unittest.TestCase):
    def test_its_example_runs(self):
        page = (installation.SOURCE / "docs/man/libtecs.3").read_text(encoding="ascii")
        example = re.search(r"^#include.*?(?=^\.Ed$)", page, re.MULTILINE | re.DOTALL)[0].replace("\\e", "\\")
        (WORK / "page.c").write_text(example, encoding="ascii")
        flags = built(["pkg-config", "--cflags", "--libs", "tecs"]).split()
        built(["cc", "-std=c99", *C_WARNINGS.split(), WORK / "page.c", "-o", WORK / "page", *flags,
               f"-Wl,-rpath,{installation.folder_of_libraries()}"])
        for key in KEYS:
            outcome = run(WORK / "page", WORK / f"{key}.pem")
            self.assertEqual((outcome.returncode, outcome.stdout, outcome.stderr), (0, "pass\n", ""))
        self.assertIn("No such file", run(WORK / "page", WORK / "absent").stderr)


class SaslServer(unittest.TestCase):
    def dialogue(self, server, *said):
        outcome = run(FOLDERS[1] / "sasl_server", SERVER, CLIENT, server.address, said="".join(f"{line}\r\n" for line in said))
        self.assertEqual((outcome.returncode, outcome.stderr), (0, ""))
        return outcome.stdout.splitlines()

    def test_dialogue(self):
        command, = run(FOLDERS[0] / "sign_connection", "example.org", WORK / "rsa-2048.pem", SERVER, CLIENT).stdout.splitlines()
        passed = "235 2.7.0 example.org answers for this connection"
        with TxtServer({"_tecs.example.org": [RECORDS["rsa-2048"]]}) as server:
            heard = self.dialogue(server, "EHLO client.example", "AUTH TECS-1X", "AUTH TECS-1", "*", "AUTH TECS-1 =",
                                  "AUTH TECS-1 ?", "auth tecs-1", command.split()[-1], command, "AUTH TECS-1", "quit",
                                  command, "AUTH TECS-1", "*")
        self.assertEqual(heard[:2], ["504 5.5.4 Only TECS-1 is spoken here"] * 2)
        self.assertRegex(heard[2], "^334 [A-Za-z0-9+/]+=*$")
        self.assertEqual(heard[3], "501 5.7.0 Cancelled")
        self.assertEqual([line[:9] for line in heard[4:6]], ["535 5.7.8"] * 2)
        self.assertRegex(heard[6], "^334 ")
        self.assertEqual(heard[7:11], [passed, *["503 5.5.1 Already authenticated"] * 2, "221 2.0.0 Bye"])
        self.assertEqual(heard[11], "535 5.7.8 Another session has used this signature", "in a second session")
        self.assertRegex(heard[12], "^334 ")
        self.assertEqual(heard[13:], ["501 5.7.0 Cancelled"])
        self.assertEqual(server.asked.count("_tecs.example.org"), 1, "the key is remembered")

    def test_failure_of_dns(self):
        command, = run(FOLDERS[0] / "sign_connection", "example.org", WORK / "ed25519.pem", SERVER, CLIENT).stdout.splitlines()
        with TxtServer({"_domainkey.example.org": None}) as server:
            self.assertEqual(self.dialogue(server, command), ["454 4.7.0 The key cannot be fetched now"])

    def test_domain_that_is_testing(self):
        command, = run(FOLDERS[0] / "sign_connection", "example.org", WORK / "ed25519.pem", SERVER, CLIENT).stdout.splitlines()
        with TxtServer({"_tecs.example.org": [RECORDS["rsa-2048"] + "; t=y"]}) as server:
            heard, = self.dialogue(server, command)
        self.assertRegex(heard, r"^535 5\.7\.8 .* \(counts as none: the domain is testing\)$")

    def test_line_too_long(self):
        with TxtServer({}) as server:
            self.assertEqual(self.dialogue(server, "x" * 20000, "AUTH TECS-1"), ["500 5.5.2 Line too long"])


class Installation(unittest.TestCase):
    def test_may_be_moved(self):
        moved = WORK / "moved"
        shutil.copytree(installation.PREFIX, moved, symlinks=True)
        folder = installation.folder_of_libraries(moved)
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "tecs"], check=True, capture_output=True, text=True,
                               env=os.environ | {"PKG_CONFIG_PATH": str(folder / "pkgconfig")}).stdout
        self.assertNotIn(str(installation.PREFIX), flags)
        for option in flags.split():
            if option[:2] in ("-I", "-L"):
                self.assertTrue(pathlib.Path(option[2:]).resolve().is_relative_to(moved), option)
        for file in moved.rglob("*.cmake"):
            self.assertNotIn(str(installation.SOURCE), file.read_text(encoding="utf-8"), f"{file} knows where it was built")

    def test_headers_stand_alone_in_each_language(self):
        include = f"-I{installation.PREFIX}/include"
        for compiler, standard in (("cc", "c99"), ("cc", "c17"), (os.environ["TECS_CXX"], "c++98"), (os.environ["TECS_CXX"], "c++20")):
            with self.subTest(standard=standard):
                language = "c++" if "++" in standard else "c"
                built([compiler, "-x", language, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                       include, "-include", "tecs.h", "/dev/null"])

    def test_each_cxx_header_stands_alone(self):
        folder = installation.PREFIX / "include"
        lines = "".join(f'#include "{path.relative_to(folder)}"\n' for path in sorted(folder.rglob("*.hpp")))
        source = WORK / "all.cpp"
        source.write_text(lines, encoding="ascii")
        built([os.environ["TECS_CXX"], "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{folder}", source])

    def test_c_program_needs_no_tl_expected(self):
        project = WORK / "c-only"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(c-only LANGUAGES C)\nset(CMAKE_DISABLE_FIND_PACKAGE_tl-expected ON)\n"
            "find_package(tecs 0.1 REQUIRED)\nadd_executable(version version.c)\ntarget_link_libraries(version tecs::tecs)\n"
            "find_package(tecs 0.1 QUIET COMPONENTS cxx)\nif(tecs_FOUND)\n  message(FATAL_ERROR \"without tl::expected\")\nendif()\n",
            encoding="ascii")
        (project / "version.c").write_text(
            "#include <stdio.h>\n#include <tecs.h>\nint main(void) { return puts(tecs_version()) < 0; }\n", encoding="ascii")
        built(["cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={installation.PREFIX}"])
        built(["cmake", "--build", project / "build"])
        self.assertEqual(run(project / "build/version").returncode, 0)


if __name__ == "__main__":
    unittest.main()
