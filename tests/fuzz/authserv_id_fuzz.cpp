// An Authentication-Results field of a message from outside. What bears our name in the plain must always be
// found out.
#include <cstdlib>
#include <string>

#include "milter/authserv_id.hpp"
#include "tecs/octets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  const AuthservId ours = AuthservId::parse("mx.example.net").value();
  const std::string_view field = text_of({input, size});
  const auto found = read_authserv_id(field);
  if (!found && !is_forged(field, ours)) std::abort();
  if (found && ours.equals(*found) != is_forged(field, ours)) std::abort();
  const std::string rest(field);
  for (const char* const forged :
       {"mx.example.net; ", " (comment) MX.Example.Net ; ", "\"mx.example.net\"; "}) {
    if (!is_forged(forged + rest, ours)) std::abort();
  }
  return 0;
}
