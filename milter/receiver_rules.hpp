// All that SIGHUP may replace of a receiver. What is made is whole: every file that the options name was
// read.
#pragma once

#include <cstddef>
#include <memory>

#include "milter/exchange_rules.hpp"
#include "milter/options.hpp"
#include "milter/policy/reception_rules.hpp"
#include "tecs/dns_source.hpp"
#include "tecs/error.hpp"
#include "verdicts/reputation_lookup.hpp"

namespace tecs {

struct ReceiverRules {
  std::shared_ptr<const ExchangeRules> exchange;
  std::shared_ptr<const ReceptionRules> reception;
  std::shared_ptr<ReputationLookup> reputation;  // null: no source is configured
  std::size_t maximum_sessions;

  // Asks nobody; dns is for later and must outlive the result, as must what parts refers to. Fails with
  // bad_option: the sentence names file and line.
  [[nodiscard]] static Expected<ReceiverRules> load(const MilterOptions& options,
                                                    const ReputationLookup::Parts& parts, DnsSource& dns);
};

}  // namespace tecs
