// What sendmail.cf says, as far as TECS is concerned.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tecs {

class SendmailConfiguration {
 public:
  struct Value {
    std::string text;
    unsigned line = 0;  // from 1
  };
  struct Filter {  // a line that begins with X
    std::string name;
    std::string socket;  // S=
    std::string flags;   // F=
    unsigned line = 0;
  };

  // Lines that begin with white space continue the one before. What is not understood is passed over.
  explicit SendmailConfiguration(std::string_view text);

  // "O Name=value"; names are compared without regard to case, the last one holds. Empty when it is not set.
  [[nodiscard]] std::optional<Value> option(const std::string& name) const;
  // All "O Name=value" of that name.
  [[nodiscard]] std::vector<Value> options(const std::string& name) const;
  // The words of a class, of all lines "C{Name}words" together; line is that of the last one.
  [[nodiscard]] std::optional<Value> class_words(const std::string& name) const;
  [[nodiscard]] const std::vector<Filter>& filters() const { return filters_; }
  // Of "DZ8.17.1/Debian-2": 8 and 17. Empty when it is not said.
  [[nodiscard]] std::optional<std::pair<unsigned, unsigned>> release() const { return release_; }
  // Of "O InputMailFilters", in the order in which they are asked.
  [[nodiscard]] std::vector<std::string> input_filters() const;

 private:
  void take(unsigned number, std::string_view line);
  void take_release(std::string_view text);
  void take_filter(unsigned number, std::string_view line);

  std::multimap<std::string, Value> options_;
  std::map<std::string, Value> classes_;
  std::vector<Filter> filters_;
  std::optional<std::pair<unsigned, unsigned>> release_;
};

}  // namespace tecs
