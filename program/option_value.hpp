// Values of options that are parsed by their own type, on the command line and in a file alike: an error says
// what is wrong, and the one who reads the options adds which option it was, or which file and line.
#pragma once

#include <boost/any.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <charconv>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "program/duration.hpp"
#include "tecs/error.hpp"

namespace tecs {

// A value that an option does not take, with the sentence that says why. On the command line it names the
// option; in a file the one who reads the file does, with the line.
class WrongValue final : public boost::program_options::error_with_option_name {
 public:
  explicit WrongValue(const Error& cause)
      : boost::program_options::error_with_option_name(cause.sentence), sentence_(cause.sentence) {}

 private:
  void substitute_placeholders(const std::string&) const override {
    m_message = m_option_style == 0 ? sentence_ : get_canonical_option_name() + ": " + sentence_;
  }
  std::string sentence_;
};

template <typename Value>
concept ParsedByItself = requires(std::string_view text) {
  { Value::parse(text) } -> std::same_as<Expected<Value>>;
};

// Boost finds validate() by argument-dependent lookup, so an option's value is parsed by its type's own
// parse().
template <ParsedByItself Value>
struct Parsed {
  Value value;
};

template <typename Value>
void validate(boost::any& target, const std::vector<std::string>& texts, Parsed<Value>*, int) {
  const auto parsed = Value::parse(texts.at(0));
  if (!parsed) throw WrongValue(parsed.error());
  target = Parsed<Value>{*parsed};
}

// For an option that may stand any number of times, each time with one value.
template <ParsedByItself Value>
struct ParsedList {
  std::vector<Value> values;
};

template <typename Value>
void validate(boost::any& target, const std::vector<std::string>& texts, ParsedList<Value>*, int) {
  ParsedList<Value> list;
  if (const auto* former = boost::any_cast<ParsedList<Value>>(&target)) list = *former;
  for (const std::string& text : texts) {
    const auto parsed = Value::parse(text);
    if (!parsed) throw WrongValue(parsed.error());
    list.values.push_back(*parsed);
  }
  target = list;
}

template <typename Value>
[[nodiscard]] auto* value_of(const char* name) {
  return boost::program_options::value<Parsed<Value>>()->value_name(name);
}

// The default is written as somebody would write it; it must be one that parse() takes.
template <typename Value>
[[nodiscard]] auto* value_of(const char* name, const std::string& standard) {
  return value_of<Value>(name)->default_value(Parsed<Value>{Value::parse(standard).value()}, standard);
}

template <typename Value>
[[nodiscard]] auto* values_of(const char* name) {
  return boost::program_options::value<ParsedList<Value>>()->composing()->value_name(name);
}

template <typename Value>
[[nodiscard]] const Value& get(const boost::program_options::variables_map& values, const char* name) {
  return values[name].as<Parsed<Value>>().value;
}

// Empty when the option was not given.
template <typename Value>
[[nodiscard]] std::optional<Value> get_optional(const boost::program_options::variables_map& values,
                                                const char* name) {
  return values.count(name) == 0 ? std::nullopt : std::optional(get<Value>(values, name));
}

// Empty when the option was not given.
template <typename Value>
[[nodiscard]] std::vector<Value> get_list(const boost::program_options::variables_map& values,
                                          const char* name) {
  return values.count(name) == 0 ? std::vector<Value>() : values[name].as<ParsedList<Value>>().values;
}

template <unsigned minimum, unsigned maximum>
struct Number {
  unsigned value;
  [[nodiscard]] static Expected<Number> parse(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < minimum || number > maximum) {
      return failure(Reason::bad_option,
                     "must be a number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    return Number{number};
  }
};

// A value that a function parses: of a type that cannot have a parse() of its own.
template <auto function>
struct ParsedBy {
  using Value = typename decltype(function(std::string_view()))::value_type;
  Value value;
  [[nodiscard]] static Expected<ParsedBy> parse(std::string_view text) {
    auto parsed = function(text);
    if (!parsed) return failure(Reason::bad_option, parsed.error().sentence);
    return ParsedBy{std::move(*parsed)};
  }
};

struct YesOrNo {
  bool value;
  [[nodiscard]] static Expected<YesOrNo> parse(std::string_view text) {
    if (text == "yes") return YesOrNo{true};
    if (text == "no") return YesOrNo{false};
    return failure(Reason::bad_option, "must be yes or no");
  }
};

template <unsigned minimum_milliseconds, unsigned long maximum_seconds>
struct Duration {
  std::chrono::milliseconds value;
  [[nodiscard]] static Expected<Duration> parse(std::string_view text) {
    constexpr std::chrono::milliseconds least{minimum_milliseconds};
    constexpr std::chrono::milliseconds most = std::chrono::seconds{maximum_seconds};
    const auto duration = parse_duration(text);
    if (!duration) return tl::unexpected(duration.error());
    if (*duration < least || *duration > most) {
      return failure(Reason::bad_option,
                     "must be from " + format_duration(least) + " to " + format_duration(most));
    }
    return Duration{*duration};
  }
};

}  // namespace tecs
