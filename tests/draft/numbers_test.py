"""Numbers that stand in the draft and in libtecs are the same, and those that can be computed are right."""

import math
import os
import pathlib
import re
import unittest
import xml.etree.ElementTree as ElementTree

DRAFT = ElementTree.parse(pathlib.Path(os.environ["TECS_DRAFT_FOLDER"]) / "draft-tecs-sasl-00.xml")
HEADERS = pathlib.Path(__file__).parents[2] / "libtecs/include/tecs"
LIMITS = [
    # what the table of limits says of it, and where it is in libtecs
    ("length of the RSA modulus, minimum", r"(\d+) bits \(default\)", "verifier.hpp", "minimum_rsa_bits"),
    ("length of the RSA modulus, maximum", r"(\d+) bits \(default\)", "public_key.hpp", "maximum_rsa_bits"),
    ("all TXT records of one name together", r"(\d+) octets", "key_record.hpp", "maximum_octets"),
    ("credential, before base64 encoding", r"(\d+) octets", "credential.hpp", "maximum_octets"),
    ("challenge, before base64 encoding", r"(\d+) octets", "challenge.hpp", "maximum_octets"),
    ("epoch tolerance", r"(\d+) step \(default\), .*", "verifier.hpp", "epoch_tolerance"),
    ("epoch tolerance", r".*, at most (\d+)", "verifier.hpp", "maximum_epoch_tolerance"),
]

# The curve of RFC 8032 section 5.1.
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def table(anchor):
    (found,) = DRAFT.findall(f".//table[@anchor='{anchor}']")
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in found.findall("tbody/tr")]
    return dict(rows)


def octets_in_base64(octets):
    return (octets + 2) // 3 * 4


def plus(a, b):
    """The sum of two points; RFC 8032 section 5.1."""
    product = D * a[0] * b[0] * a[1] * b[1]
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P) % P,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P) % P)


def order(point):
    """None if it is above 8."""
    multiple = point
    for number in range(1, 9):
        if multiple == (0, 1):
            return number
        multiple = plus(multiple, point)
    return None


def points_with(y):
    """RFC 8032 section 5.1.3."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    roots = {root, root * pow(2, (P - 1) // 4, P) % P}
    return [(x, y) for root in roots if root * root % P == square for x in {root, -root % P}]


class NumbersTest(unittest.TestCase):
    limits = table("_table-limits")

    def limit(self, name, form=r"(\d+) octets.*"):
        return int(re.fullmatch(form, self.limits[name])[1])

    def test_the_limits_are_those_of_libtecs(self):
        for name, form, header, constant in LIMITS:
            with self.subTest(name):
                text = (HEADERS / header).read_text(encoding="utf-8")
                (value,) = re.findall(rf"\b{constant} = ([\d *]+);", text)
                self.assertEqual(self.limit(name, form), math.prod(map(int, value.split("*"))))

    def test_limits_that_follow_from_others(self):
        der = self.limit("DER encoding of an RSA key")
        self.assertEqual(der, self.limit("length of the RSA modulus, maximum", r"(\d+) bits.*") // 8 + 64)
        self.assertEqual(self.limit("value of p, white space within it included"), 2 * octets_in_base64(der))
        for name in ("credential", "challenge"):
            octets = self.limit(f"{name}, before base64 encoding")
            self.assertEqual(self.limit(f"{name}, in base64"), octets_in_base64(octets))

    def test_the_points_of_small_order(self):
        (figure,) = DRAFT.findall(".//figure[@anchor='small-order']")
        numbers = [int.from_bytes(bytes.fromhex(line), "little") for line in figure.find("artwork").text.split()]
        points = {point for number in numbers for point in points_with(number % P)}
        # The points whose order divides 8 are eight.
        self.assertEqual(sorted(map(order, points)), [1, 2, 4, 4, 8, 8, 8, 8])
        # Each y in all its forms below 2^255.
        forms = {form for _, y in points for form in (y, y + P) if form < 2**255}
        self.assertEqual(sorted(numbers), sorted(forms))


if __name__ == "__main__":
    unittest.main()
