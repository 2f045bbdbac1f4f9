// Results (RFC 8601 section 2.7) and the fixed list of reason words that explain them.
//
// Everything here is a value without state; all functions may be called from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tecs/api.hpp"

namespace tecs {

enum class Result : std::uint8_t { none, pass, fail, policy, neutral, temperror, permerror };

// One word for each way in which something is not a pass. The words are part of the interface: verdicts, logs
// and the reply to a refused client carry them, and scripts match on them. New ones may be added at the end.
enum class Reason : std::uint8_t {
  // The credential cannot be read (permerror).
  bad_credential,       // not a tag-list, a NUL, a non-ASCII octet, a tag that stands twice
  credential_too_long,  // more than 4,096 octets after decoding
  bad_base64,           // the initial response or response is not base64
  missing_tag,          // d= or b= is missing or empty
  unknown_algorithm,    // a= is not one that TECS-1 knows
  unknown_query,        // q= lists no known method
  bad_domain,           // d= is not a domain name of at least two labels
  bad_selector,         // s= is not a selector
  bad_signature,        // b= is not base64
  // The key cannot be used (permerror, and key_revoked: fail).
  no_key,
  several_keys,
  bad_key_record,
  key_too_large,
  bad_key_exponent,
  key_type_mismatch,
  key_revoked,
  // The signature was checked (fail).
  signature_mismatch,
  replay,
  // The signature may be right, local policy does not take it (policy).
  key_too_short,
  no_dnssec,
  too_many_attempts,  // this connection has used up its AUTH commands; the credential was not looked at
  // Not now (temperror).
  dns_timeout,
  dns_error,
  unknown_connection,   // the server does not know the end points of this connection
  too_many_candidates,  // more connections of this client under way than may be tried
  too_many_lookups,     // of keys that are not known here: by this client's network, or in all
  too_many_sessions,    // more connections are open than the server keeps account of
  replay_unknown,       // whether the signature was used before cannot be told now
  // Errors of a caller or of this host; they never become the result of a verification.
  bad_endpoint,
  family_mismatch,
  bad_key_file,
  bad_zone_file,
  bad_option,
  io_error,
  protocol_error,
  bad_challenge,  // of a server: not of the form that PROTOCOL section 6 gives it
};

// The word as written in verdicts and logs: the enumerator's name with hyphens, for example
// "signature-mismatch".
[[nodiscard]] TECS_API std::string_view word(Reason reason) noexcept;
[[nodiscard]] TECS_API std::string_view word(Result result) noexcept;

// The inverse of word(Result); empty for a word that is not a result.
[[nodiscard]] TECS_API std::optional<Result> parse_result(std::string_view word) noexcept;

// The result that a verification ends with for this reason (PROTOCOL section 5). A reason that cannot come
// from a verification counts as temperror: what is wrong is on this side, and the client may try again.
[[nodiscard]] TECS_API Result result_of(Reason reason) noexcept;

}  // namespace tecs
