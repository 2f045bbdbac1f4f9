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
  // Of "F{Name}", the file or program that gives further words of a class. Empty when there is none.
  [[nodiscard]] std::optional<Value> class_source(const std::string& name) const;
  // The words of a class, of all lines "C{Name}words" together; line is that of the last one.
  [[nodiscard]] std::optional<Value> class_words(const std::string& name) const;
  [[nodiscard]] const std::vector<Filter>& filters() const { return filters_; }
  // Of "DZ8.17.1/Debian-2": 8 and 17. Empty when it is not said.
  [[nodiscard]] std::optional<std::pair<unsigned, unsigned>> release() const { return release_; }
  // Of "O InputMailFilters", in the order in which they are asked, on ports that have none of their own.
  [[nodiscard]] std::vector<std::string> input_filters() const;

 private:
  void take(unsigned number, std::string_view line);
  void take_release(std::string_view text);
  void take_filter(unsigned number, std::string_view line);

  std::multimap<std::string, Value> options_;
  std::map<std::string, Value> classes_;
  std::map<std::string, Value> class_sources_;
  std::vector<Filter> filters_;
  std::optional<std::pair<unsigned, unsigned>> release_;
};

// An option of a port, as in "O DaemonPortOptions=Port=smtp, Addr=192.0.2.1": Sendmail looks at the first
// letter of its name only. Empty when it is not there.
[[nodiscard]] std::string port_option(std::string_view port, char letter);
// The port with another value for an option; an empty value takes it out.
[[nodiscard]] std::string with_port_option(std::string_view port, char letter, const std::string& value);
// A port separates its InputMailFilters by semicolons, as commas separate its options.
[[nodiscard]] std::vector<std::string> port_filters(std::string_view port);

}  // namespace tecs
