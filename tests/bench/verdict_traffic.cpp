#include "bench/verdict_traffic.hpp"

#include <array>
#include <cmath>
#include <string>

#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/uuid.hpp"

namespace tecs::bench {
namespace {

// SplitMix64: numbers that follow each other give results that do not.
std::uint64_t scramble(std::uint64_t number) noexcept {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

Verdict unsigned_connection() {
  Verdict verdict = test::full_verdict();
  verdict.result = Result::none;
  verdict.reason = verdict.detail = verdict.domain = verdict.organizational_domain = "";
  verdict.selector = verdict.algorithm = verdict.credential = verdict.key_record = "";
  verdict.key_bits = 0;
  verdict.testing = verdict.dnssec = false;
  verdict.epoch.reset();
  verdict.epoch_offset.reset();
  verdict.reputation = "";
  verdict.score = 0.5;
  verdict.symbols = "TECS_NONE";
  verdict.action = "none";
  verdict.bytes = 12'000;
  verdict.dns_time = verdict.verification_time = std::chrono::microseconds{0};
  return verdict;
}

Verdict signed_connection(bool ed25519) {
  Verdict verdict = test::full_verdict();
  verdict.algorithm = ed25519 ? "ed25519-sha256" : "rsa-sha256";
  verdict.key_bits = ed25519 ? 256 : 2048;
  verdict.credential.assign(ed25519 ? 180 : 500, 'b');
  verdict.key_record = ed25519 ? "k=ed25519; p=" + std::string(44, 'A') : "k=rsa; p=" + std::string(392, 'A');
  verdict.reputation = "good";
  verdict.testing = false;
  verdict.score = -5;
  verdict.symbols = "TECS_PASS,REP_GOOD";
  verdict.action = "accept";
  verdict.bytes = 12'000;
  return verdict;
}

}  // namespace

TrafficOptions ninety_days(std::uint64_t connections) {
  constexpr std::chrono::microseconds period = std::chrono::days{90};
  return {.step = period / static_cast<std::int64_t>(connections), .ed25519 = true, .receivers = 2};
}

TrafficOptions last_two_hours(std::uint64_t connections) {
  constexpr std::chrono::microseconds period = std::chrono::hours{2};
  TrafficOptions options = ninety_days(1);
  options.start += std::chrono::days{90} - std::chrono::hours{2};
  options.step = period / static_cast<std::int64_t>(connections);
  return options;
}

Traffic::Traffic(const TrafficOptions& options)
    : options_(options), unsigned_(unsigned_connection()), signed_(signed_connection(options.ed25519)) {}

void Traffic::sign(Verdict& verdict, std::uint64_t random) const {
  const bool passed = random % 25 != 0;
  verdict.result = passed ? Result::pass : Result::fail;
  verdict.reason = passed ? "" : "signature-mismatch";
  verdict.detail = passed ? "" : "the signature is not by the key that was found";
  random /= 25;
  const auto domains = static_cast<double>(options_.domains);
  const double share = static_cast<double>(random % 1'000'000) / 1e6;
  const auto number =
      static_cast<unsigned>(options_.few_send_most ? std::pow(domains, share) : domains * share);
  verdict.organizational_domain = "d" + std::to_string(number) + ".example";
  verdict.domain = "mail." + verdict.organizational_domain;
  verdict.dns_time = std::chrono::microseconds(200 + random % 5000);
}

const Verdict& Traffic::verdict(std::uint64_t number) {
  std::uint64_t random = scramble(number);
  Verdict& verdict = random % 2 == 0 ? unsigned_ : signed_;
  random /= 2;
  verdict.time = options_.start + std::chrono::floor<std::chrono::milliseconds>(
                                      options_.step * static_cast<std::int64_t>(number));
  std::array<std::uint8_t, 10> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i)
    octets.at(i) = static_cast<std::uint8_t>(scramble(random + i));
  verdict.id = make_uuid_v7(verdict.time, octets);
  verdict.receiver = "mx" + std::to_string(random % options_.receivers) + ".example.net";
  random /= options_.receivers;
  verdict.client_network = "192.0." + std::to_string(random % 256) + ".0/24";
  verdict.client = "192.0." + std::to_string(random % 256) + ".7:40213";
  if (&verdict == &signed_) sign(verdict, random / 256);
  return verdict;
}

void Traffic::fill(std::span<Verdict> verdicts, std::uint64_t first) {
  for (Verdict& verdict : verdicts) verdict = this->verdict(first++);
}

}  // namespace tecs::bench
