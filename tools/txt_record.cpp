#include "tools/txt_record.hpp"

#include <algorithm>

#include "tecs/key_record.hpp"

namespace tecs {
namespace {

// A quote or a backslash would end or change the string (RFC 1035 section 5.1).
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

}  // namespace

std::string format_txt_record(std::string_view name, std::string_view text) {
  constexpr std::size_t longest_string = 255;
  std::string record = std::string(name) + ". 3600 IN TXT (";
  do {
    record += ' ' + quoted(text.substr(0, longest_string));
    text.remove_prefix(std::min(text.size(), longest_string));
  } while (!text.empty());
  return record + " )\n";
}

std::string format_key_txt_record(const SigningKey& key, const Domain& domain,
                                  const std::optional<Selector>& selector) {
  return format_txt_record(key_names(domain, selector).front(), format_key_record(key));
}

}  // namespace tecs
