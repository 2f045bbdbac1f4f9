#include "tools/verdict_admission.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "tecs/credential.hpp"
#include "tecs/domain.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/key_record.hpp"
#include "verdicts/client_network.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/uuid.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr Verdict::Time earliest{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};
constexpr std::chrono::microseconds longest_time = std::chrono::days{31};
constexpr std::uint64_t most_bytes = 1'000'000'000'000;
constexpr std::uint32_t most_messages = 1'000'000;  // and recipients, of one connection
constexpr std::size_t longest_text = 1'000;
constexpr std::size_t longest_word = 64;
// Where each octet was written as \xHH (printable_text.hpp).
constexpr std::size_t longest_helo = 255 * 4;
constexpr std::size_t longest_credential = Credential::maximum_octets * 6;

// What is printable stays as it is, and so does the backslash: it may be printable_text()'s own.
std::string printable(std::string_view octets, std::size_t longest) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view rest = "...";
  std::string text;
  for (const char character : octets) {
    const auto octet = static_cast<unsigned char>(character);
    if (octet >= 0x20 && octet < 0x7f) {
      text += character;
    } else {
      text.append("\\x").append(1, digits[octet >> 4U]).append(1, digits[octet & 0x0fU]);
    }
    if (text.size() > longest + rest.size()) return text.substr(0, longest).append(rest);
  }
  return text;
}

void make_printable(Verdict& verdict) {
  struct Text {
    std::string Verdict::*member;
    std::size_t longest;
  };
  constexpr std::array texts{Text{&Verdict::receiver, 255},
                             Text{&Verdict::helo, longest_helo},
                             Text{&Verdict::tls, 128},
                             Text{&Verdict::detail, longest_text},
                             Text{&Verdict::credential, longest_credential},
                             Text{&Verdict::reputation_source, longest_text},
                             Text{&Verdict::symbols, longest_text}};
  for (const Text& text : texts) verdict.*(text.member) = printable(verdict.*(text.member), text.longest);
}

bool is_word(std::string_view text) {
  return text.size() <= longest_word && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// "192.0.2.7:40213", or the address alone; in the one form that this program writes.
bool make_canonical(std::string& end) {
  if (end.empty()) return true;
  if (const auto endpoint = Endpoint::parse(end)) {
    end = endpoint->format();
    return true;
  }
  const auto address = IpAddress::parse(end);
  if (address) end = address->format();
  return address.has_value();
}

template <typename Name>
bool make_canonical_name(std::string& text) {
  if (text.empty()) return true;
  const auto name = Name::parse(text);
  if (name) text = name->text();
  return name.has_value();
}

bool is_time_in_range(std::chrono::microseconds time) {
  return time >= 0us && time <= longest_time;
}

bool has_epoch_in_range(const Verdict& verdict) {
  constexpr std::chrono::seconds widest = std::chrono::days{1};
  if (verdict.epoch_offset && (*verdict.epoch_offset > widest || *verdict.epoch_offset < -widest))
    return false;
  // No difference is taken of a number that can be anything.
  const auto time = std::chrono::floor<std::chrono::seconds>(verdict.time);
  constexpr std::chrono::days year{366};
  return !verdict.epoch || (*verdict.epoch >= time - year && *verdict.epoch <= time + year);
}

bool has_score_in_range(const Verdict& verdict) {
  constexpr double largest = 1e6;
  return !verdict.score || (std::isfinite(*verdict.score) && std::abs(*verdict.score) <= largest);
}

// Empty: all is well. Else what is wrong.
std::string_view check_numbers(const Verdict& verdict, Verdict::Time now) {
  if (verdict.time < earliest || verdict.time > now + 24h) return "time is before 2000 or in the future";
  if (!has_epoch_in_range(verdict)) return "epoch or epoch_offset is out of range";
  if (!has_score_in_range(verdict)) return "score is out of range";
  if (verdict.key_bits > 65'536) return "key_bits is out of range";
  if (verdict.bytes > most_bytes) return "bytes is out of range";
  if (verdict.messages > most_messages) return "messages is out of range";
  if (verdict.recipients > most_messages) return "recipients is out of range";
  const bool times = is_time_in_range(verdict.duration) && is_time_in_range(verdict.dns_time) &&
                     is_time_in_range(verdict.verification_time);
  return times ? "" : "duration, dns_time or verification_time is out of range";
}

std::string_view check_texts(Verdict& verdict) {
  const auto id = parse_uuid(verdict.id);
  if (!id) return "id is not a UUID";
  verdict.id = *id;
  if (!make_canonical(verdict.server)) return "server is not an end point";
  if (!make_canonical(verdict.client)) return "client is not an end point";
  if (!make_canonical_name<Domain>(verdict.domain)) return "domain is not a domain";
  if (verdict.domain.empty() && verdict.result == Result::pass) return "domain is missing, with a pass";
  if (!make_canonical_name<Selector>(verdict.selector)) return "selector is not a selector";
  if (!is_word(verdict.reason)) return "reason is not a word";
  if (!verdict.reason.empty() && verdict.result == Result::pass) return "reason is there, with a pass";
  if (verdict.reason.empty() && verdict.result == Result::fail) return "reason is missing, with a fail";
  if (!is_word(verdict.algorithm)) return "algorithm is not a word";
  if (!is_word(verdict.action)) return "action is not a word";
  if (!is_word(verdict.mode)) return "mode is not a word";
  if (!verdict.reputation.empty() && !parse_reputation(verdict.reputation)) return "reputation is none";
  if (!verdict.key_record.empty() && !KeyRecord::parse(verdict.key_record))
    return "key_record is not a key record";
  return "";
}

}  // namespace

Expected<Verdict> admit_verdict(Verdict verdict, const PublicSuffixList& suffixes, Verdict::Time now) {
  std::string_view wrong = check_texts(verdict);
  if (wrong.empty()) wrong = check_numbers(verdict, now);
  if (!wrong.empty()) return failure(Reason::protocol_error, std::string(wrong));
  make_printable(verdict);
  verdict.organizational_domain =
      verdict.domain.empty() ? std::string() : suffixes.organizational_domain(verdict.domain);
  verdict.client_network = ClientNetwork::site_of(verdict.client).format();
  return verdict;
}

}  // namespace tecs
