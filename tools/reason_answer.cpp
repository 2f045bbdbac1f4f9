#include "tools/reason_answer.hpp"

#include <algorithm>
#include <array>

namespace tecs {
namespace {

constexpr std::string_view senders_software =
    "The sender's software made it; what it sent is above, for its administrator.";
constexpr std::string_view senders_dns =
    "The sender's administrator sees with 'tecs lookup --domain DOMAIN' what has to be mended in DNS.";
constexpr std::string_view try_later =
    "The client may try again; if this goes on, look at the resolver that tecs-milter asks (resolver).";
constexpr std::string_view this_side = "Look at the log of tecs-milter at that time.";

// PROTOCOL sections 2, 4, 5 and 7. A reason that only callers and this host have never stands in a verdict.
constexpr std::array answers{
    ReasonAnswer{Reason::bad_credential, "what the client sent is not a credential", senders_software},
    ReasonAnswer{Reason::credential_too_long,
                 "the credential is longer than the 4,096 octets that are allowed", senders_software},
    ReasonAnswer{Reason::bad_base64, "what the client sent is not base64", senders_software},
    ReasonAnswer{Reason::missing_tag, "the credential lacks d= or b=, the domain or the signature",
                 senders_software},
    ReasonAnswer{Reason::unknown_algorithm,
                 "the credential's a= names an algorithm that TECS-1 does not have",
                 "The sender has to sign with rsa-sha256 or ed25519-sha256."},
    ReasonAnswer{Reason::unknown_query, "the credential's q= names no way to find the key that TECS-1 has",
                 "The sender has to leave q= out, or write q=dns."},
    ReasonAnswer{Reason::bad_domain, "the credential's d= is not a domain name", senders_software},
    ReasonAnswer{Reason::bad_selector, "the credential's s= is not a selector", senders_software},
    ReasonAnswer{Reason::bad_signature, "the credential's b= is not base64", senders_software},
    ReasonAnswer{
        Reason::no_key, "no key record stood in DNS where the domain's key is looked for",
        "The sender has to publish the key: 'tecs record' prints the record, and above stand the names "
        "that were asked."},
    ReasonAnswer{Reason::several_keys,
                 "more than one key record stood at one name, so it was not known which holds",
                 "The sender has to leave one of them, or to use selectors (s=)."},
    ReasonAnswer{Reason::bad_key_record, "the key record in DNS could not be used", senders_dns},
    ReasonAnswer{Reason::key_too_large, "the key in DNS is larger than this receiver accepts",
                 "The sender has to use an RSA key of 2048 to 4096 bits, or Ed25519."},
    ReasonAnswer{Reason::bad_key_exponent, "the RSA key in DNS has an exponent that is not accepted",
                 "The sender has to make a new key, with 'tecs keygen' for one."},
    ReasonAnswer{Reason::key_type_mismatch, "the key in DNS is of another type than the credential's a= says",
                 "The sender has to sign with the key whose record is published."},
    ReasonAnswer{
        Reason::key_revoked, "the domain has revoked this key: its record has an empty p=",
        "The sender has to sign with a key that is still published; if nobody revoked it on purpose, the "
        "domain's DNS is to be looked at."},
    ReasonAnswer{Reason::signature_mismatch, "the signature does not fit this connection", ""},
    ReasonAnswer{Reason::replay, "the signature was used before, on another connection",
                 "A sender that signs each connection anew is never told so: somebody repeated what they had "
                 "overheard, or the sender's software repeats itself."},
    ReasonAnswer{Reason::key_too_short,
                 "the signature is right, but the key is shorter than this receiver accepts",
                 "The sender has to use an RSA key of 2048 bits, or Ed25519; the receiver's limit is "
                 "minimum-key-bits."},
    ReasonAnswer{Reason::no_dnssec,
                 "the signature is right, but its key came without DNSSEC, which this receiver demands",
                 "The sender has to sign its zone with DNSSEC, and the receiver has to ask a resolver that "
                 "validates."},
    ReasonAnswer{Reason::too_many_attempts,
                 "this connection had used up its AUTH commands, and the credential was not looked at",
                 "A client that signs needs one AUTH; one that tries again and again is guessing, or out of "
                 "order. The "
                 "limit is auth-attempts."},
    ReasonAnswer{Reason::dns_timeout, "DNS did not say in time which key the domain has", try_later},
    ReasonAnswer{Reason::dns_error, "DNS gave no usable answer on which key the domain has", try_later},
    ReasonAnswer{Reason::unknown_connection, "the receiver did not know both ends of this connection",
                 "The MTA has to tell tecs-milter of it: see 'tecs check postfix' or 'tecs check sendmail'."},
    ReasonAnswer{Reason::too_many_candidates, "this client had more connections open than can be told apart",
                 "The client may try again with fewer at a time."},
    ReasonAnswer{
        Reason::too_many_lookups,
        "too many keys that are not known here were being asked for, by this client's network or in all",
        "The client may try again; if it is an honest one, lookup-rate or lookups-under-way is too low for "
        "it."},
    ReasonAnswer{Reason::too_many_sessions, "more connections were open than tecs-milter keeps account of",
                 "The client may try again; if this goes on, maximum-sessions is too low for this server."},
    ReasonAnswer{Reason::replay_unknown, "it could not be told whether the signature was used before",
                 "The client may try again with a new connection."},
    ReasonAnswer{Reason::bad_endpoint, "something went wrong on the receiver's side", this_side},
    ReasonAnswer{Reason::family_mismatch,
                 "the receiver took the two ends of the connection for an IPv4 and an IPv6 address",
                 "Look at public-address in the configuration of tecs-milter."},
    ReasonAnswer{Reason::io_error, "something went wrong on the receiver's side", this_side},
    ReasonAnswer{Reason::protocol_error, "something went wrong on the receiver's side", this_side},
};

}  // namespace

std::optional<ReasonAnswer> answer_of_reason(std::string_view text) noexcept {
  const auto* const found = std::find_if(answers.begin(), answers.end(), [&](const ReasonAnswer& answer) {
    return word(answer.reason) == text;
  });
  return found == answers.end() ? std::nullopt : std::optional(*found);
}

}  // namespace tecs
