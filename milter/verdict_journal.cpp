#include "milter/verdict_journal.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

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
  const bool quoted = value.find_first_of(" \"") != std::string_view::npos;
  line.append(" ").append(name).append(quoted ? "=\"" : "=");
  for (const char c : value) c == '"' ? line.append("\\x22") : line.append(1, c);
  if (quoted) line += '"';
}

void append(std::string& line, std::string_view name, std::uint64_t value) {
  append(line, name, std::to_string(value));
}

}  // namespace

void VerdictJournal::add(Verdict verdict) {
  verdict.id = make_uuid_v7(verdict.time, random_octets());
  if (!verdict.domain.empty())
    verdict.organizational_domain = suffixes_.organizational_domain(verdict.domain);
  metrics_.count(verdict);
  log_->info("{}", format_verdict_line(verdict));
  writer_.add(std::move(verdict));
}

std::string format_verdict_line(const Verdict& verdict) {
  std::string line = "verdict";
  append(line, "result", word(verdict.result));
  append(line, "reason", verdict.reason);
  append(line, "domain", verdict.domain);
  append(line, "selector", verdict.selector);
  append(line, "client", verdict.client);
  append(line, "server", verdict.server);
  append(line, "helo", verdict.helo);
  append(line, "tls", verdict.tls);
  append(line, "algorithm", verdict.algorithm);
  if (verdict.key_bits != 0) append(line, "key_bits", verdict.key_bits);
  if (verdict.dnssec) append(line, "dnssec", "true");
  if (verdict.testing) append(line, "testing", "true");
  if (verdict.epoch_offset) append(line, "epoch_offset", std::to_string(verdict.epoch_offset->count()));
  append(line, "reputation", verdict.reputation);
  append(line, "reputation_source", verdict.reputation_source);
  if (verdict.score) append(line, "score", fmt::format("{:g}", *verdict.score));
  append(line, "symbols", verdict.symbols);
  append(line, "action", verdict.action);
  append(line, "mode", verdict.mode);
  append(line, "messages", verdict.messages);
  append(line, "recipients", verdict.recipients);
  append(line, "bytes", verdict.bytes);
  append(line, "duration", std::to_string(verdict.duration.count()));
  append(line, "dns_time", std::to_string(verdict.dns_time.count()));
  append(line, "verification_time", std::to_string(verdict.verification_time.count()));
  if (verdict.detail != word(verdict.result)) append(line, "detail", verdict.detail);
  append(line, "id", verdict.id);
  return line;
}

}  // namespace tecs
