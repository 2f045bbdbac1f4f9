#include "verdicts/complaint.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "tecs/digest.hpp"
#include "verdicts/client_network.hpp"

namespace tecs {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> status_words{"counted", "duplicate", "forged", "unverified",
                                                       "malformed"};
constexpr std::array<std::string_view, 20> reason_words{"",
                                                        "not-arf",
                                                        "too-large",
                                                        "bad-field",
                                                        "contradiction",
                                                        "same-complaint",
                                                        "message-limit",
                                                        "signature-mismatch",
                                                        "no-evidence",
                                                        "unknown-verdict",
                                                        "not-passed",
                                                        "other-connection",
                                                        "no-message",
                                                        "no-key",
                                                        "key-revoked",
                                                        "unusable-key",
                                                        "given-up",
                                                        "not-a-complaint",
                                                        "too-old",
                                                        "evidence-limit"};

template <typename Enumeration, std::size_t size>
std::optional<Enumeration> parse_word(const std::array<std::string_view, size>& words,
                                      std::string_view word) noexcept {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enumeration>(std::distance(words.begin(), found));
}

// The first digits of a SHA-256.
std::string short_digest(std::string_view text, std::size_t octets = 16) {
  constexpr std::string_view digits = "0123456789abcdef";
  const Digest digest = sha256(octets_of(text));
  std::string written;
  for (std::size_t i = 0; i < octets; ++i) {
    written += digits[digest[i] >> 4U];
    written += digits[digest[i] & 0x0fU];
  }
  return written;
}

}  // namespace

std::string_view word(ComplaintStatus status) noexcept {
  return status_words[static_cast<std::size_t>(status)];
}

std::string_view word(ComplaintReason reason) noexcept {
  return reason_words[static_cast<std::size_t>(reason)];
}

std::optional<ComplaintStatus> parse_complaint_status(std::string_view word) noexcept {
  return parse_word<ComplaintStatus>(status_words, word);
}

std::optional<ComplaintReason> parse_complaint_reason(std::string_view word) noexcept {
  return parse_word<ComplaintReason>(reason_words, word);
}

std::string complaint_day_id(const Complaint& complaint) {
  constexpr std::size_t octets = 8;
  const auto day =
      std::chrono::floor<std::chrono::days>(complaint.epoch.value_or(std::chrono::sys_seconds{}));
  return short_digest(complaint.domain + "\n" + ClientNetwork::site_of(complaint.destination).format() +
                          "\n" + std::to_string(day.time_since_epoch().count()),
                      octets);
}

std::string complaint_connection_id(const Complaint& complaint) {
  const auto epoch = complaint.epoch.value_or(std::chrono::sys_seconds{}).time_since_epoch().count();
  return complaint_day_id(complaint) + short_digest(complaint.domain + "\n" + complaint.destination + "\n" +
                                                    complaint.source + "\n" + std::to_string(epoch));
}

std::string complaint_id(const Complaint& complaint, std::string_view message) {
  return complaint_connection_id(complaint) + short_digest(message);
}

std::string uncounted_complaint_id(ComplaintStatus status, std::string_view mail_digest) {
  return std::string(word(status)) + "-" + short_digest(mail_digest);
}

}  // namespace tecs
