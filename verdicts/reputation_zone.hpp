// Reputation from a zone in DNS: what stands at <domain>.<zone>.
#pragma once

#include <atomic>
#include <string>

#include "tecs/dns_source.hpp"
#include "verdicts/reputation_source.hpp"
#include "verdicts/reputation_source_name.hpp"

namespace tecs {

// Thread safe. The DNS source must outlive this.
//
// Without a map of addresses the word is asked for as TXT. With one it is asked for as A, as lists of domains
// are (RFC 5782 section 2.2); of several addresses in the map the worst reputation counts, and one that is
// not in it is as good as none. An address that no list uses for a listing (is_list_error) is an error,
// whatever stands beside it.
class ReputationZone final : public ReputationSource {
 public:
  ReputationZone(ReputationSourceName::Zone zone, DnsSource& dns) noexcept
      : zone_(std::move(zone)), dns_(dns) {}

  // A name that would be longer than DNS has names is not known, and nobody is asked.
  [[nodiscard]] Expected<ReputationFinding> lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) override;

  [[nodiscard]] bool may_wait() const noexcept override { return true; }

  // Whether TEST is in the list and INVALID is not (RFC 5782 section 5). A list that has INVALID may have
  // everything, as an abandoned zone does: from then on lookup() fails, until another check() finds it well.
  [[nodiscard]] Expected<void> check(std::chrono::milliseconds time_left) override;

 private:
  [[nodiscard]] Expected<ReputationFinding> ask_text(const std::string& name,
                                                     std::chrono::milliseconds time_left);
  [[nodiscard]] Expected<ReputationFinding> ask_address(const std::string& name,
                                                        std::chrono::milliseconds time_left);
  // Any listing, also one that the map does not have.
  [[nodiscard]] Expected<bool> lists(const std::string& domain, std::chrono::milliseconds time_left);

  ReputationSourceName::Zone zone_;
  DnsSource& dns_;
  std::atomic<bool> lists_everything_ = false;
};

}  // namespace tecs
