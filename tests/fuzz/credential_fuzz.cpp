// A credential as it comes in SMTP AUTH, from base64 or as text. What is read must be written and read again
// as the same.
#include <cstdlib>

#include "tecs/credential.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  const std::string_view text = text_of({input, size});
  for (const auto& credential : {Credential::parse(text), Credential::parse_base64(text)}) {
    if (!credential) {
      if (result_of(credential.error().reason) != Result::permerror) std::abort();
      continue;
    }
    const auto again = Credential::parse(credential->format(Credential::Defaults::left_out));
    // Writing can only make it shorter, but for "; " where the sender left the space out.
    if (again ? again->domain != credential->domain || again->signature != credential->signature
              : again.error().reason != Reason::credential_too_long) {
      std::abort();
    }
  }
  return 0;
}
