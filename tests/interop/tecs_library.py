"""libtecs as a black box: its C interface, as tecs.h declares it, called in this process."""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tecs_peer.key_lookup import NOTHING, TxtAnswer
from tecs_peer.signed_octets import EndPoint, Tuple
from tecs_peer.verifier import DEFAULTS, Settings

BASE64 = 0
DECODED = 1
END_POINT_SIZE = 64
CHALLENGE_SIZE = 128
LOOKUP_FAILURES = {None: 0, "dns-timeout": 1, "dns-error": 2}


class CEndPoint(ctypes.Structure):
    _fields_ = [("port", ctypes.c_uint16), ("family", ctypes.c_uint8), ("reserved", ctypes.c_uint8),
                ("address", ctypes.c_uint8 * 16)]


class CTuple(ctypes.Structure):
    _fields_ = [("destination", CEndPoint), ("source", CEndPoint)]


Pointer = ctypes.c_void_p
Text = ctypes.c_char_p
Size = ctypes.c_size_t
Time = ctypes.c_int64
Number = ctypes.c_int
Lookup = ctypes.CFUNCTYPE(Number, Pointer, Text, Pointer)

# Results and parameters; an error pointer is always the last one.
FUNCTIONS = {
    "tecs_error_reason": (Text, [Pointer]),
    "tecs_error_free": (None, [Pointer]),
    "tecs_endpoint_parse": (Number, [Text, ctypes.POINTER(CEndPoint), ctypes.POINTER(Pointer)]),
    "tecs_endpoint_format": (Number, [ctypes.POINTER(CEndPoint), Text, ctypes.POINTER(Pointer)]),
    "tecs_signing_key_new": (Pointer, [Text, Size, ctypes.POINTER(Pointer)]),
    "tecs_signing_key_record": (Text, [Pointer]),
    "tecs_signing_key_free": (None, [Pointer]),
    "tecs_signer_new": (Pointer, [Text, Text, Pointer, ctypes.POINTER(Pointer)]),
    "tecs_signer_free": (None, [Pointer]),
    "tecs_signer_sign": (Pointer, [Pointer, ctypes.POINTER(CTuple), Time, ctypes.POINTER(Pointer)]),
    "tecs_credential_initial_response": (Text, [Pointer]),
    "tecs_credential_response": (Text, [Pointer, Number]),
    "tecs_credential_short": (Text, [Pointer, Number]),
    "tecs_credential_free": (None, [Pointer]),
    "tecs_challenge_use": (Number, [Text, Size, Number, ctypes.c_uint, ctypes.POINTER(CTuple), ctypes.POINTER(Time),
                                    ctypes.POINTER(Pointer)]),
    "tecs_challenge_format": (Number, [ctypes.POINTER(CEndPoint), Time, Number, Text, ctypes.POINTER(Pointer)]),
    "tecs_options_new": (Pointer, [ctypes.POINTER(Pointer)]),
    "tecs_options_set": (Number, [Pointer, Text, Text, ctypes.POINTER(Pointer)]),
    "tecs_options_free": (None, [Pointer]),
    "tecs_key_source_new_lookup": (Pointer, [Lookup, Pointer, Pointer, ctypes.POINTER(Pointer)]),
    "tecs_key_source_free": (None, [Pointer]),
    "tecs_txt_answer_add": (None, [Pointer, Text, Size]),
    "tecs_txt_answer_set_dnssec": (None, [Pointer, Number]),
    "tecs_verifier_new": (Pointer, [Pointer, ctypes.POINTER(Pointer)]),
    "tecs_verifier_free": (None, [Pointer]),
    "tecs_verifier_verify": (Pointer, [Pointer, Text, Size, Number, ctypes.POINTER(CTuple), Size, Time, Pointer,
                                       ctypes.POINTER(Pointer)]),
    "tecs_verification_result_word": (Text, [Pointer]),
    "tecs_verification_reason": (Text, [Pointer]),
    "tecs_verification_domain": (Text, [Pointer]),
    "tecs_verification_selector": (Text, [Pointer]),
    "tecs_verification_algorithm": (Text, [Pointer]),
    "tecs_verification_testing": (Number, [Pointer]),
    "tecs_verification_candidate": (Number, [Pointer]),
    "tecs_verification_epoch_offset": (Number, [Pointer]),
    "tecs_verification_replay_key": (Text, [Pointer]),
    "tecs_verification_replay_expiry": (Time, [Pointer]),
    "tecs_verification_free": (None, [Pointer]),
}


def load(path: str) -> ctypes.CDLL:
    library = ctypes.CDLL(path)
    for name, (result, parameters) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    return library


LIBRARY = load(os.environ["TECS_LIBRARY"])


class TecsError(Exception):
    """A function of libtecs failed; the text is its word for the reason."""


def call(name: str, *arguments: object) -> int:
    """Calls a function that can fail."""
    error = Pointer()
    value = getattr(LIBRARY, name)(*arguments, ctypes.byref(error))
    if error:
        reason = LIBRARY.tecs_error_reason(error).decode()
        LIBRARY.tecs_error_free(error)
        raise TecsError(f"{name}: {reason}")
    return value


class Owned:
    """An object of libtecs, freed with the one in Python."""

    def __init__(self, kind: str, pointer: int) -> None:
        self.pointer = pointer
        weakref.finalize(self, getattr(LIBRARY, f"tecs_{kind}_free"), pointer)


def read_end_point(text: str) -> CEndPoint:
    end = CEndPoint()
    call("tecs_endpoint_parse", text.encode(), ctypes.byref(end))
    return end


def write_end_point(end: CEndPoint) -> str:
    room = ctypes.create_string_buffer(END_POINT_SIZE)
    call("tecs_endpoint_format", ctypes.byref(end), room)
    return room.value.decode()


def c_tuple(ends: Tuple) -> CTuple:
    """Through the text of the end points, so that libtecs reads addresses by itself."""
    return CTuple(read_end_point(str(ends.destination)), read_end_point(str(ends.source)))


@dataclass(frozen=True)
class SignedText:
    """A credential of libtecs, in the forms in which it gives it."""

    full: str
    short: str
    initial_response: str | None


class LibraryKey(Owned):
    def __init__(self, pem: bytes) -> None:
        super().__init__("signing_key", call("tecs_signing_key_new", pem, len(pem)))

    def record(self) -> bytes:
        return LIBRARY.tecs_signing_key_record(self.pointer)


class LibrarySigner(Owned):
    def __init__(self, domain: str, selector: str | None, key: LibraryKey) -> None:
        selector_text = None if selector is None else selector.encode()
        super().__init__("signer", call("tecs_signer_new", domain.encode(), selector_text, key.pointer))

    def sign(self, ends: Tuple, time: int) -> SignedText:
        return self.sign_c_tuple(c_tuple(ends), time)

    def sign_c_tuple(self, ends: CTuple, time: int) -> SignedText:
        pointer = call("tecs_signer_sign", self.pointer, ctypes.byref(ends), time)
        credential = Owned("credential", pointer)
        initial = LIBRARY.tecs_credential_initial_response(credential.pointer)
        return SignedText(LIBRARY.tecs_credential_response(credential.pointer, DECODED).decode(),
                          LIBRARY.tecs_credential_short(credential.pointer, DECODED).decode(),
                          None if initial is None else initial.decode())


def options(settings: Settings) -> Owned:
    made = Owned("options", call("tecs_options_new"))
    for name, value in (("epoch-tolerance", settings.tolerance), ("minimum-key-bits", settings.minimum_bits),
                        ("maximum-key-bits", settings.maximum_bits),
                        ("require-dnssec", "yes" if settings.require_dnssec else "no")):
        call("tecs_options_set", made.pointer, name.encode(), str(value).encode())
    return made


@dataclass(frozen=True)
class LibraryVerification:
    result: str
    reason: str | None
    domain: str | None
    selector: str | None
    algorithm: str | None
    testing: bool
    candidate: int | None
    epoch_offset: int
    replay_key: str | None
    replay_expiry: int
    asked: tuple[str, ...]  # the names that it wanted TXT records of


def verify(credential: bytes, candidates: Sequence[Tuple], now: int, records: Mapping[str, TxtAnswer],
           settings: Settings = DEFAULTS, encoding: int = DECODED) -> LibraryVerification:
    """With the DNS that is given, in place of a real one."""
    asked: list[str] = []

    def look_up(_context: object, name: bytes, answer: int) -> int:
        asked.append(name.decode())
        found = records.get(asked[-1], NOTHING)
        for text in found.texts:
            LIBRARY.tecs_txt_answer_add(answer, text, len(text))
        LIBRARY.tecs_txt_answer_set_dnssec(answer, found.dnssec)
        return LOOKUP_FAILURES[found.failure]

    lookup = Lookup(look_up)
    chosen = options(settings)
    source = Owned("key_source", call("tecs_key_source_new_lookup", lookup, None, chosen.pointer))
    verifier = Owned("verifier", call("tecs_verifier_new", chosen.pointer))
    tuples = (CTuple * len(candidates))(*(c_tuple(each) for each in candidates))
    pointer = call("tecs_verifier_verify", verifier.pointer, credential, len(credential), encoding, tuples,
                   len(candidates), now, source.pointer)
    return _read_verification(Owned("verification", pointer), tuple(asked))


def _read_verification(verification: Owned, asked: tuple[str, ...]) -> LibraryVerification:
    def value(name: str) -> object:
        return getattr(LIBRARY, f"tecs_verification_{name}")(verification.pointer)

    def text(name: str) -> str | None:
        found = value(name)
        return None if found is None else found.decode()

    candidate = value("candidate")
    return LibraryVerification(
        text("result_word"), text("reason"), text("domain"), text("selector"), text("algorithm"),
        bool(value("testing")), None if candidate < 0 else candidate, value("epoch_offset"),
        text("replay_key"), value("replay_expiry"), asked)


def use_challenge(challenge: bytes, ends: Tuple, now: int, skew: int, encoding: int = DECODED) -> tuple[str, str, int]:
    """Destination and source as text, and the time, that are to be signed. Fails as tecs_challenge_use() does."""
    tuple_, time = c_tuple(ends), Time(now)
    call("tecs_challenge_use", challenge, len(challenge), encoding, skew, ctypes.byref(tuple_), ctypes.byref(time))
    return write_end_point(tuple_.destination), write_end_point(tuple_.source), time.value


def write_challenge(client: EndPoint, time: int) -> str:
    end, room = read_end_point(str(client)), ctypes.create_string_buffer(CHALLENGE_SIZE)
    call("tecs_challenge_format", ctypes.byref(end), time, DECODED, room)
    return room.value.decode()
