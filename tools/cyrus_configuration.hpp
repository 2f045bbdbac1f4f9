// The configuration of a program that uses Cyrus SASL: lines of "option: value" (sasl(3), options.html).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tecs {

class CyrusConfiguration {
 public:
  explicit CyrusConfiguration(std::string_view text);
  // option: in lower case; how it is written in the file does not matter. The first value if there are
  // several, as for the library; empty when the option is not there.
  [[nodiscard]] std::optional<std::string> value(const std::string& option) const;

 private:
  std::map<std::string, std::string> options_;
};

}  // namespace tecs
