#include "tools/sendmail_configuration.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "tools/postfix_words.hpp"
#include "tools/without_white_space.hpp"

namespace tecs {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lower;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (const std::string_view part = without_white_space(text.substr(0, end)); !part.empty())
      parts.emplace_back(part);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

}  // namespace

SendmailConfiguration::SendmailConfiguration(std::string_view text) {
  std::string logical;
  unsigned start = 0;
  unsigned number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
      logical += line;
      continue;
    }
    take(start, logical);
    logical = line;
    start = number;
  }
  take(start, logical);
}

void SendmailConfiguration::take(unsigned number, std::string_view line) {
  if (line.starts_with("O ")) {
    const NameAndValue option = parse_name_and_value(line.substr(2));
    options_.emplace(lower_case(option.name), Value{option.value, number});
  } else if (line.starts_with("C{")) {
    const std::size_t brace = line.find('}');
    if (brace == std::string_view::npos) return;
    Value& words = classes_[std::string(line.substr(2, brace - 2))];
    words.text += (words.text.empty() ? "" : " ") + std::string(without_white_space(line.substr(brace + 1)));
    words.line = number;
  } else if (line.starts_with("F{")) {
    const std::size_t brace = line.find('}');
    if (brace == std::string_view::npos) return;
    class_sources_[std::string(line.substr(2, brace - 2))] = {
        std::string(without_white_space(line.substr(brace + 1))), number};
  } else if (line.starts_with("DZ")) {
    take_release(line.substr(2));
  } else if (line.starts_with('X')) {
    take_filter(number, line.substr(1));
  }
}

void SendmailConfiguration::take_release(std::string_view text) {
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, major);
  if (error != std::errc{} || dot == end || *dot != '.') return;
  if (std::from_chars(dot + 1, end, minor).ec == std::errc{}) release_ = {major, minor};
}

void SendmailConfiguration::take_filter(unsigned number, std::string_view line) {
  const std::vector<std::string> parts = split(line, ',');
  if (parts.empty()) return;
  Filter filter{parts.front(), "", "", number};
  for (const std::string& part : parts) {
    const NameAndValue equate = parse_name_and_value(part);
    if (equate.name == "S") filter.socket = equate.value;
    if (equate.name == "F") filter.flags = equate.value;
  }
  filters_.push_back(filter);
}

std::optional<SendmailConfiguration::Value> SendmailConfiguration::option(const std::string& name) const {
  const auto all = options(name);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<SendmailConfiguration::Value> SendmailConfiguration::options(const std::string& name) const {
  std::vector<Value> values;
  const auto [first, last] = options_.equal_range(lower_case(name));
  for (auto each = first; each != last; ++each) values.push_back(each->second);
  return values;
}

std::optional<SendmailConfiguration::Value> SendmailConfiguration::class_words(
    const std::string& name) const {
  const auto found = classes_.find(name);
  return found == classes_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SendmailConfiguration::Value> SendmailConfiguration::class_source(
    const std::string& name) const {
  const auto found = class_sources_.find(name);
  return found == class_sources_.end() ? std::nullopt : std::optional(found->second);
}

// Without the option no filter is asked: INPUT_MAIL_FILTER of the .mc file writes it.
std::vector<std::string> SendmailConfiguration::input_filters() const {
  const auto list = option("InputMailFilters");
  return list ? split(list->text, ',') : std::vector<std::string>();
}

std::string port_option(std::string_view port, char letter) {
  for (const std::string& part : split(port, ',')) {
    NameAndValue option = parse_name_and_value(part);
    if (option.name.starts_with(letter)) return option.value;
  }
  return "";
}

std::string with_port_option(std::string_view port, char letter, const std::string& value) {
  std::string text;
  for (const std::string& part : split(port, ',')) {
    NameAndValue option = parse_name_and_value(part);
    if (option.name.starts_with(letter)) option.value = value;
    if (!option.value.empty()) text += (text.empty() ? "" : ", ") + option.name + "=" + option.value;
  }
  return text;
}

std::vector<std::string> port_filters(std::string_view port) {
  return split(port_option(port, 'I'), ';');
}

}  // namespace tecs
