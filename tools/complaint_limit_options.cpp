#include "tools/complaint_limit_options.hpp"

#include "program/option_value.hpp"

namespace tecs {
namespace {

using Age = Duration<1000, 100UL * 365 * 24 * 60 * 60>;
using WithoutVerdict = Number<0, 1'000'000'000>;

}  // namespace

void add_complaint_limit_options(OptionTable& options) {
  auto add = options.add_options();
  add("maximum-age", value_of<Age>("AGE", "30d"), "a complaint about an older connection is unverified");
  add("without-verdict", value_of<WithoutVerdict>("NUMBER", "10"),
      "so many count, of those about a domain's mail to one network on one day, for whose connections the "
      "store has no verdict");
}

ComplaintLimits complaint_limits(const OptionValues& values) {
  return {.maximum_age = get<Age>(values, "maximum-age").value,
          .without_verdict = get<WithoutVerdict>(values, "without-verdict").value};
}

}  // namespace tecs
