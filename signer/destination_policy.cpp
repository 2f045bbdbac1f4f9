#include "signer/destination_policy.hpp"

#include "tecs/printable_text.hpp"

namespace tecs {

std::string_view word(SignatureDemand demand) noexcept {
  switch (demand) {
    case SignatureDemand::never:
      return "never";
    case SignatureDemand::may:
      return "may";
    case SignatureDemand::offered:
      return "offered";
    case SignatureDemand::always:
      break;
  }
  return "always";
}

Expected<SignatureDemand> parse_signature_demand(std::string_view text) {
  for (const SignatureDemand demand :
       {SignatureDemand::never, SignatureDemand::may, SignatureDemand::offered, SignatureDemand::always}) {
    if (text == word(demand)) return demand;
  }
  return failure(Reason::bad_option,
                 "\"" + printable_text(text, 40) + "\" is not never, may, offered or always");
}

}  // namespace tecs
