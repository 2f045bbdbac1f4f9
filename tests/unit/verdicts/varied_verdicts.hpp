// Verdicts as a busy receiver has them: of many domains, hours and outcomes.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs::test {

inline Verdict varied_verdict(unsigned number) {
  constexpr std::array results{Result::pass, Result::pass, Result::fail, Result::none, Result::pass};
  Verdict verdict = numbered_verdict(number);
  verdict.time += std::chrono::minutes{number * 7 % 300};
  verdict.result = results[number % results.size()];
  verdict.receiver = "mx" + std::to_string(number % 3) + ".example.net";
  verdict.organizational_domain = "domain" + std::to_string(number % 40) + ".example";
  verdict.domain = (number % 2 == 0 ? "" : "mail.") + verdict.organizational_domain;
  if (verdict.result != Result::fail) verdict.reason = verdict.detail = "";
  if (verdict.result == Result::none) verdict.domain = verdict.organizational_domain = "";
  verdict.duration = std::chrono::microseconds{number * 1'013};
  verdict.dns_time = std::chrono::microseconds{number % 4 == 0 ? 0 : number};
  verdict.score = number % 30;
  if (number % 10 == 0) verdict.score.reset();
  return verdict;
}

inline std::vector<Verdict> varied_verdicts(unsigned first, unsigned count) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(count);
  for (unsigned i = 0; i < count; ++i) verdicts.push_back(varied_verdict(first + i));
  return verdicts;
}

}  // namespace tecs::test
