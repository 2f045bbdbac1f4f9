#include "smtp/a_labels.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

namespace tecs {

std::optional<std::string> with_a_labels(std::string_view domain) {
  const auto is_ascii = [](char octet) { return static_cast<unsigned char>(octet) < 0x80; };
  std::string name(domain);
  if (std::ranges::all_of(name, is_ascii)) return name;
  char* converted = nullptr;
  const int result = idn2_to_ascii_8z(name.c_str(), &converted, IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(converted, idn2_free);
  if (result != IDN2_OK || converted == nullptr || *converted == '\0') return std::nullopt;
  return std::string(converted);
}

}  // namespace tecs
