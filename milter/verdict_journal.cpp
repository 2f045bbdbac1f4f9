#include "milter/verdict_journal.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "verdicts/client_network.hpp"
#include "verdicts/uuid.hpp"

namespace tecs {
namespace {

std::array<std::uint8_t, 10> random_octets() {
  std::array<std::uint8_t, 10> octets{};
  // So few octets come at once or not at all (getrandom(2)).
  if (getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return octets;
}

void append(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  const bool has_quotes = value.find('"') != std::string_view::npos;
  const bool quoted = has_quotes || value.find(' ') != std::string_view::npos;
  line.append(" ").append(name).append(quoted ? "=\"" : "=");
  if (has_quotes) {
    for (const char c : value) c == '"' ? line.append("\\x22") : line.append(1, c);
  } else {
    line.append(value);
  }
  if (quoted) line += '"';
}

template <typename Number>
void append_number(std::string& line, std::string_view name, Number value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  append(line, name, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

}  // namespace

void VerdictJournal::add(Verdict verdict) {
  verdict.id = make_uuid_v7(verdict.time, random_octets());
  if (!verdict.domain.empty())
    verdict.organizational_domain = suffixes_.organizational_domain(verdict.domain);
  verdict.client_network = ClientNetwork::site_of(verdict.client).format();
  metrics_.count(verdict);
  log_->info("{}", format_verdict_line(verdict));
  writer_.add(std::move(verdict));
}

std::string format_verdict_line(const Verdict& verdict) {
  constexpr std::size_t usual_length = 768;
  std::string line;
  line.reserve(usual_length);
  line = "verdict";
  append(line, "result", word(verdict.result));
  append(line, "reason", verdict.reason);
  append(line, "domain", verdict.domain);
  append(line, "selector", verdict.selector);
  append(line, "client", verdict.client);
  append(line, "server", verdict.server);
  append(line, "helo", verdict.helo);
  append(line, "tls", verdict.tls);
  append(line, "algorithm", verdict.algorithm);
  if (verdict.key_bits != 0) append_number(line, "key_bits", verdict.key_bits);
  if (verdict.dnssec) append(line, "dnssec", "true");
  if (verdict.testing) append(line, "testing", "true");
  if (verdict.epoch_offset) append_number(line, "epoch_offset", verdict.epoch_offset->count());
  append(line, "reputation", verdict.reputation);
  append(line, "reputation_source", verdict.reputation_source);
  if (verdict.score) append_number(line, "score", *verdict.score);
  append(line, "symbols", verdict.symbols);
  append(line, "action", verdict.action);
  append(line, "mode", verdict.mode);
  append_number(line, "messages", verdict.messages);
  append_number(line, "recipients", verdict.recipients);
  append_number(line, "bytes", verdict.bytes);
  append_number(line, "duration", verdict.duration.count());
  append_number(line, "dns_time", verdict.dns_time.count());
  append_number(line, "verification_time", verdict.verification_time.count());
  if (verdict.detail != word(verdict.result)) append(line, "detail", verdict.detail);
  append(line, "id", verdict.id);
  return line;
}

}  // namespace tecs
