"""tecs.h for ctypes: each function with its types, and which of them were called."""

import ctypes
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_size_t, c_uint, c_uint8, c_uint16, c_uint32,
                    c_void_p)

import installation

BASE64, DECODED = 0, 1
DONE, TIMEOUT, ERROR = 0, 1, 2
PASS, FAIL, POLICY, TEMPERROR, PERMERROR = 1, 2, 3, 5, 6


class Endpoint(Structure):
    _fields_ = [("port", c_uint16), ("family", c_uint8), ("reserved", c_uint8), ("address", c_uint8 * 16)]


class Tuple(Structure):
    _fields_ = [("destination", Endpoint), ("source", Endpoint)]


Lookup = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
ErrorPlace = POINTER(c_void_p)

NUMBERS = (c_int, c_int64, c_size_t, c_uint, c_uint32)

# Name, what it returns, what it takes. Objects are void pointers.
PROTOTYPES = {
    "tecs_version": (c_char_p, []),
    "tecs_error_reason": (c_char_p, [c_void_p]),
    "tecs_error_sentence": (c_char_p, [c_void_p]),
    "tecs_error_free": (None, [c_void_p]),
    "tecs_endpoint_parse": (c_int, [c_char_p, POINTER(Endpoint), ErrorPlace]),
    "tecs_endpoint_from_sockaddr": (c_int, [c_char_p, c_size_t, POINTER(Endpoint), ErrorPlace]),
    "tecs_endpoint_format": (c_int, [POINTER(Endpoint), c_char_p, ErrorPlace]),
    "tecs_signing_key_new": (c_void_p, [c_char_p, c_size_t, ErrorPlace]),
    "tecs_signing_key_new_from_file": (c_void_p, [c_char_p, ErrorPlace]),
    "tecs_signing_key_record": (c_char_p, [c_void_p]),
    "tecs_signing_key_free": (None, [c_void_p]),
    "tecs_signer_new": (c_void_p, [c_char_p, c_char_p, c_void_p, ErrorPlace]),
    "tecs_signer_free": (None, [c_void_p]),
    "tecs_signer_sign": (c_void_p, [c_void_p, POINTER(Tuple), c_int64, ErrorPlace]),
    "tecs_credential_initial_response": (c_char_p, [c_void_p]),
    "tecs_credential_response": (c_char_p, [c_void_p, c_int]),
    "tecs_credential_short": (c_char_p, [c_void_p, c_int]),
    "tecs_credential_free": (None, [c_void_p]),
    "tecs_challenge_use": (c_int, [c_char_p, c_size_t, c_int, c_uint, POINTER(Tuple), POINTER(c_int64), ErrorPlace]),
    "tecs_challenge_format": (c_int, [POINTER(Endpoint), c_int64, c_int, c_char_p, ErrorPlace]),
    "tecs_options_new": (c_void_p, [ErrorPlace]),
    "tecs_options_set": (c_int, [c_void_p, c_char_p, c_char_p, ErrorPlace]),
    "tecs_options_free": (None, [c_void_p]),
    "tecs_key_source_new_dns": (c_void_p, [c_void_p, ErrorPlace]),
    "tecs_key_source_new_lookup": (c_void_p, [Lookup, c_void_p, c_void_p, ErrorPlace]),
    "tecs_key_source_free": (None, [c_void_p]),
    "tecs_txt_answer_add": (None, [c_void_p, c_char_p, c_size_t]),
    "tecs_txt_answer_append": (None, [c_void_p, c_char_p, c_size_t]),
    "tecs_txt_answer_set_ttl": (None, [c_void_p, c_uint32]),
    "tecs_txt_answer_set_dnssec": (None, [c_void_p, c_int]),
    "tecs_key_record_new": (c_void_p, [c_char_p, c_size_t, c_void_p, ErrorPlace]),
    "tecs_key_record_type": (c_char_p, [c_void_p]),
    "tecs_key_record_bits": (c_uint, [c_void_p]),
    "tecs_key_record_revoked": (c_int, [c_void_p]),
    "tecs_key_record_testing": (c_int, [c_void_p]),
    "tecs_key_record_free": (None, [c_void_p]),
    "tecs_verifier_new": (c_void_p, [c_void_p, ErrorPlace]),
    "tecs_verifier_free": (None, [c_void_p]),
    "tecs_verifier_verify": (c_void_p, [c_void_p, c_char_p, c_size_t, c_int, POINTER(Tuple), c_size_t, c_int64, c_void_p,
                                        ErrorPlace]),
    "tecs_verification_result": (c_int, [c_void_p]),
    "tecs_verification_result_word": (c_char_p, [c_void_p]),
    "tecs_verification_reason": (c_char_p, [c_void_p]),
    "tecs_verification_sentence": (c_char_p, [c_void_p]),
    "tecs_verification_domain": (c_char_p, [c_void_p]),
    "tecs_verification_passed_domain": (c_char_p, [c_void_p]),
    "tecs_verification_selector": (c_char_p, [c_void_p]),
    "tecs_verification_algorithm": (c_char_p, [c_void_p]),
    "tecs_verification_key_bits": (c_uint, [c_void_p]),
    "tecs_verification_dnssec": (c_int, [c_void_p]),
    "tecs_verification_testing": (c_int, [c_void_p]),
    "tecs_verification_candidate": (c_int, [c_void_p]),
    "tecs_verification_epoch_offset": (c_int, [c_void_p]),
    "tecs_verification_replay_key": (c_char_p, [c_void_p]),
    "tecs_verification_replay_expiry": (c_int64, [c_void_p]),
    "tecs_verification_free": (None, [c_void_p]),
}

_library = ctypes.CDLL(str(installation.folder_of_libraries() / "libtecs.so.0"))
called = set()


class TecsError(Exception):
    def __init__(self, reason, sentence):
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        self.sentence = sentence


def uncounted(name):
    found = getattr(_library, name)
    found.restype, found.argtypes = PROTOTYPES[name]
    return found


def function(name):
    called.add(name)
    return uncounted(name)


def __getattr__(name):
    """tecs_library.verifier_new is tecs_verifier_new."""
    return function("tecs_" + name)


def attempt(name, *arguments):
    """Calls what can fail; raises what it writes as its error, which is freed."""
    error = c_void_p(0xDEAD)  # never looked at: it is written in any case
    result = function("tecs_" + name)(*arguments, byref(error))
    returned_failure = result is None if PROTOTYPES["tecs_" + name][0] is c_void_p else result == -1
    assert returned_failure == (error.value is not None), (name, result, error)
    if not returned_failure:
        return result
    reason, sentence = function("tecs_error_reason")(error), function("tecs_error_sentence")(error)
    function("tecs_error_free")(error)
    raise TecsError(reason.decode(), sentence.decode())
