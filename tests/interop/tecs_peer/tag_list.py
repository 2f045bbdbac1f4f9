"""Tag-lists: the form that credentials, key records and challenges have in common. Draft, Section 5.1
(credential-syntax)."""

from __future__ import annotations

import re

WHITE_SPACE = " \t\r\n"
_ALLOWED_OCTETS = re.compile(rb"(?:[\x20-\x7e\t]|\r\n(?=[ \t]))*")
_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class NotATagList(Exception):
    """The octets are not a tag-list, or a tag stands in it twice."""


def parse_tag_list(octets: bytes) -> dict[str, str]:
    """The values by their names, in the order in which they stand, without the white space around them."""
    if not _ALLOWED_OCTETS.fullmatch(octets):
        raise NotATagList
    pieces = octets.decode("ascii").split(";")
    if len(pieces) > 1 and not pieces[-1].strip(WHITE_SPACE):
        pieces.pop()  # one semicolon may follow the last pair
    tags: dict[str, str] = {}
    for piece in pieces:
        name, value = _split_pair(piece)
        if name in tags:
            raise NotATagList
        tags[name] = value
    return tags


def _split_pair(piece: str) -> tuple[str, str]:
    name, equals_sign, value = piece.partition("=")
    name = name.strip(WHITE_SPACE)
    if not equals_sign or not _TAG_NAME.fullmatch(name):
        raise NotATagList
    return name, value.strip(WHITE_SPACE)


def list_items(value: str) -> list[str]:
    """The items of a list with colons between, as `q`, `h`, `s` and `t` have it; an empty value has one empty item."""
    return [item.strip(WHITE_SPACE) for item in value.split(":")]


def without_white_space(value: str) -> str:
    """For base64, inside of which white space is ignored."""
    return "".join(character for character in value if character not in WHITE_SPACE)
