// A MAIL command from a stranger. What is read of it must be what stands there, whatever parameters follow.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "smtp/reverse_path.hpp"
#include "tecs/octets.hpp"

namespace {

using namespace tecs;

bool may_stand_in_a_domain(char c) {
  static constexpr std::string_view others = "-_.:[]";
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         others.find(c) != std::string_view::npos;
}

void check(const std::string& line) {
  const auto path = ReversePath::of_mail(line);
  if (!path) return;
  if (path->domain.size() > ReversePath::maximum_domain) std::abort();
  if (!std::ranges::all_of(path->domain, may_stand_in_a_domain)) std::abort();
  const std::string end = path->domain.empty() ? "<>" : "@" + path->domain + ">";
  if (line.find(end) == std::string::npos) std::abort();
  const auto with_parameter = ReversePath::of_mail(line + " SIZE=1");
  if (!with_parameter || with_parameter->domain != path->domain) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string text(text_of({input, size}));
  check(text);
  check("MAIL FROM:" + text);
  check("MAIL FROM:<" + text + ">");
  return 0;
}
