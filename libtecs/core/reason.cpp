#include "tecs/reason.hpp"

#include <array>
#include <utility>

namespace tecs {
namespace {

struct ReasonText {
  Reason reason;
  std::string_view word;
  Result result;
};

constexpr std::array reasons{
    ReasonText{Reason::bad_credential, "bad-credential", Result::permerror},
    ReasonText{Reason::credential_too_long, "credential-too-long", Result::permerror},
    ReasonText{Reason::bad_base64, "bad-base64", Result::permerror},
    ReasonText{Reason::missing_tag, "missing-tag", Result::permerror},
    ReasonText{Reason::unknown_algorithm, "unknown-algorithm", Result::permerror},
    ReasonText{Reason::unknown_query, "unknown-query", Result::permerror},
    ReasonText{Reason::bad_domain, "bad-domain", Result::permerror},
    ReasonText{Reason::bad_selector, "bad-selector", Result::permerror},
    ReasonText{Reason::bad_signature, "bad-signature", Result::permerror},
    ReasonText{Reason::no_key, "no-key", Result::permerror},
    ReasonText{Reason::several_keys, "several-keys", Result::permerror},
    ReasonText{Reason::bad_key_record, "bad-key-record", Result::permerror},
    ReasonText{Reason::key_too_large, "key-too-large", Result::permerror},
    ReasonText{Reason::bad_key_exponent, "bad-key-exponent", Result::permerror},
    ReasonText{Reason::key_type_mismatch, "key-type-mismatch", Result::permerror},
    ReasonText{Reason::key_revoked, "key-revoked", Result::fail},
    ReasonText{Reason::signature_mismatch, "signature-mismatch", Result::fail},
    ReasonText{Reason::replay, "replay", Result::fail},
    ReasonText{Reason::key_too_short, "key-too-short", Result::policy},
    ReasonText{Reason::no_dnssec, "no-dnssec", Result::policy},
    ReasonText{Reason::too_many_attempts, "too-many-attempts", Result::policy},
    ReasonText{Reason::dns_timeout, "dns-timeout", Result::temperror},
    ReasonText{Reason::dns_error, "dns-error", Result::temperror},
    ReasonText{Reason::unknown_connection, "unknown-connection", Result::temperror},
    ReasonText{Reason::too_many_candidates, "too-many-candidates", Result::temperror},
    ReasonText{Reason::too_many_lookups, "too-many-lookups", Result::temperror},
    ReasonText{Reason::too_many_sessions, "too-many-sessions", Result::temperror},
    ReasonText{Reason::replay_unknown, "replay-unknown", Result::temperror},
    ReasonText{Reason::bad_endpoint, "bad-endpoint", Result::temperror},
    ReasonText{Reason::family_mismatch, "family-mismatch", Result::temperror},
    ReasonText{Reason::bad_key_file, "bad-key-file", Result::temperror},
    ReasonText{Reason::bad_zone_file, "bad-zone-file", Result::temperror},
    ReasonText{Reason::bad_option, "bad-option", Result::temperror},
    ReasonText{Reason::io_error, "io-error", Result::temperror},
    ReasonText{Reason::protocol_error, "protocol-error", Result::temperror},
    ReasonText{Reason::bad_challenge, "bad-challenge", Result::temperror},
};

// The table is indexed by the enumerator; this holds the two together when a reason is added.
static_assert([] {
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (static_cast<std::size_t>(reasons[i].reason) != i) return false;
  }
  return reasons.size() == static_cast<std::size_t>(Reason::bad_challenge) + 1;
}());

constexpr std::array<std::pair<Result, std::string_view>, 7> results{{{Result::none, "none"},
                                                                      {Result::pass, "pass"},
                                                                      {Result::fail, "fail"},
                                                                      {Result::policy, "policy"},
                                                                      {Result::neutral, "neutral"},
                                                                      {Result::temperror, "temperror"},
                                                                      {Result::permerror, "permerror"}}};

}  // namespace

std::string_view word(Reason reason) noexcept {
  return reasons[static_cast<std::size_t>(reason)].word;
}

Result result_of(Reason reason) noexcept {
  return reasons[static_cast<std::size_t>(reason)].result;
}

std::string_view word(Result result) noexcept {
  return results[static_cast<std::size_t>(result)].second;
}

std::optional<Result> parse_result(std::string_view word) noexcept {
  for (const auto& [result, text] : results) {
    if (text == word) return result;
  }
  return std::nullopt;
}

}  // namespace tecs
