#include "smtp/tls_plan.hpp"

#include "tecs/printable_text.hpp"

namespace tecs {

std::string_view word(TlsLevel level) noexcept {
  switch (level) {
    case TlsLevel::none:
      return "none";
    case TlsLevel::may:
      return "may";
    case TlsLevel::encrypt:
      return "encrypt";
    case TlsLevel::verify:
      return "verify";
    case TlsLevel::dane:
      break;
  }
  return "dane";
}

Expected<TlsLevel> parse_tls_level(std::string_view text) {
  for (const TlsLevel level :
       {TlsLevel::none, TlsLevel::may, TlsLevel::encrypt, TlsLevel::verify, TlsLevel::dane}) {
    if (text == word(level)) return level;
  }
  return failure(Reason::bad_option,
                 "\"" + printable_text(text, 40) + "\" is not none, may, encrypt, verify or dane");
}

std::string_view word(TlsResult result) noexcept {
  switch (result) {
    case TlsResult::clear:
      return "clear";
    case TlsResult::encrypted:
      return "encrypted";
    case TlsResult::verified:
      return "verified";
    case TlsResult::dane:
      return "dane";
    case TlsResult::failed:
      break;
  }
  return "failed";
}

}  // namespace tecs
