#include "milter/policy/greylist_entry.hpp"

namespace tecs {

GreylistStep greylist_step(const std::optional<GreylistEntry>& former, std::chrono::sys_seconds now,
                           const GreylistLimits& limits) noexcept {
  // An entry of the future is one of a clock that was wrong: nobody is to wait for that day.
  if (!former || former->expires <= now || former->since > now) {
    return {GreylistAnswer::wait, GreylistEntry{now, now + limits.window, false}};
  }
  if (!former->known && now - former->since < limits.delay) return {GreylistAnswer::wait, *former};
  return {GreylistAnswer::pass, GreylistEntry{former->since, now + limits.lifetime, true}};
}

std::string greylist_name(const Domain& domain) {
  return "domain:" + domain.text();
}

std::string greylist_name(const Network& network) {
  return "network:" + network.format();
}

}  // namespace tecs
