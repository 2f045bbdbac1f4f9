#include "verdicts/complaint_silence.hpp"

namespace tecs {

bool ComplaintSilence::is_silent(const std::string& domain) {
  const Time now = clock_.steady();
  const std::scoped_lock lock(mutex_);
  while (!oldest_first_.empty() && oldest_first_.front()->second <= now) {
    until_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return until_.contains(domain);
}

void ComplaintSilence::remember(const std::string& domain) {
  const Time until = clock_.steady() + options_.memory;
  const std::scoped_lock lock(mutex_);
  // Several may have asked at the same time.
  const auto [place, added] = until_.emplace(domain, until);
  if (!added) return;
  oldest_first_.push_back(place);
  if (until_.size() <= options_.maximum_domains) return;
  until_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

Expected<TxtAnswer> ComplaintSilence::lookup(const std::string& name) {
  const std::string domain = suffixes_.organizational_domain(name);
  if (is_silent(domain))
    return failure(Reason::dns_timeout,
                   "the name servers of " + domain + " did not answer a short time ago, and are left alone");
  auto answer = source_.lookup(name);
  if (!answer && result_of(answer.error().reason) == Result::temperror) remember(domain);
  return answer;
}

}  // namespace tecs
