// A challenge as it comes in a 334, from base64 or as text. What is read must be written and read again as
// the same.
#include <cstdlib>

#include "tecs/challenge.hpp"
#include "tecs/octets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  const std::string_view text = text_of({input, size});
  for (const auto& challenge : {Challenge::parse(text), Challenge::parse_base64(text)}) {
    if (!challenge) {
      if (challenge.error().reason != Reason::bad_challenge) std::abort();
      continue;
    }
    if (!*challenge) {
      if (!text.empty()) std::abort();  // only nothing is the empty challenge
      continue;
    }
    const std::string again = (*challenge)->format();
    if (again.size() > Challenge::maximum_octets || Challenge::parse(again).value() != *challenge)
      std::abort();
  }
  return 0;
}
