#include "tools/postfix_words.hpp"

#include <strings.h>

#include "tools/without_white_space.hpp"

namespace tecs {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::size_t end_of_word(std::string_view text, std::size_t start, std::string_view separators) {
  std::size_t depth = 0;
  for (std::size_t i = start; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && depth > 0) --depth;
    if (depth == 0 && separators.find(text[i]) != std::string_view::npos) return i;
  }
  return text.size();
}

bool is_same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), b.size()) == 0;
}

}  // namespace

std::vector<std::string> postfix_words(std::string_view text, Separators separators) {
  const std::string_view set = separators == Separators::white_space ? white_space : ", \t\r\n";
  std::vector<std::string> words;
  for (std::size_t start = text.find_first_not_of(set); start != std::string_view::npos;) {
    const std::size_t end = end_of_word(text, start, set);
    words.emplace_back(text.substr(start, end - start));
    start = text.find_first_not_of(set, end);
  }
  return words;
}

std::vector<std::string> postfix_list(std::string_view text) {
  return postfix_words(text, Separators::white_space_and_commas);
}

std::string_view without_braces(std::string_view text) {
  text = without_white_space(text);
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}')
    return without_white_space(text.substr(1, text.size() - 2));
  return text;
}

NameAndValue parse_name_and_value(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {std::string(without_white_space(text)), ""};
  return {std::string(without_white_space(text.substr(0, equals))),
          std::string(without_white_space(text.substr(equals + 1)))};
}

bool is_yes(std::string_view value) {
  return is_same_word(without_white_space(value), "yes");
}

bool is_no(std::string_view value) {
  return is_same_word(without_white_space(value), "no");
}

std::vector<PostfixMilter> parse_postfix_milters(std::string_view text) {
  std::vector<PostfixMilter> milters;
  for (const std::string& word : postfix_list(text)) {
    const std::vector<std::string> parts = postfix_list(without_braces(word));
    if (parts.empty()) continue;
    PostfixMilter milter{parts.front(), {}, word};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const NameAndValue setting = parse_name_and_value(without_braces(parts[i]));
      milter.settings[setting.name] = setting.value;
    }
    milters.push_back(milter);
  }
  return milters;
}

PostfixSocket parse_postfix_socket(std::string_view text) {
  text = without_white_space(text);
  for (const std::string_view prefix : {"unix:", "local:"}) {
    if (text.starts_with(prefix)) return {true, std::string(text.substr(prefix.size()))};
  }
  if (text.empty() || text.find(':') != std::string_view::npos) return {false, ""};
  return {true, std::string(text)};
}

std::string file_of_socket(const std::string& path, const std::string& queue_directory, bool chrooted) {
  if (path.starts_with('/') && !chrooted) return path;
  return queue_directory + (path.starts_with('/') ? "" : "/") + path;
}

}  // namespace tecs
