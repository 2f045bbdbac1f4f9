#include "smtp/ehlo_capabilities.hpp"

#include <algorithm>
#include <optional>

#include "smtp/auth_command.hpp"

namespace tecs {
namespace {

constexpr std::string_view blanks = " \t";

bool same_word(std::string_view one, std::string_view other) noexcept {
  constexpr auto lower = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  };
  return std::ranges::equal(one, other, {}, lower, lower);
}

// Takes the next word off the front of the text; empty at its end.
std::string_view take_word(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

bool is_starttls(std::string_view line) noexcept {
  return same_word(take_word(line), "STARTTLS");
}

// What stands after AUTH; nothing when the line is another capability. Servers before RFC 2554 wrote "AUTH=",
// and some still say it beside the new form for the sake of old clients.
std::optional<std::string_view> auth_mechanisms(std::string_view line) noexcept {
  static constexpr std::string_view keyword = "AUTH";
  if (!same_word(line.substr(0, keyword.size()), keyword)) return std::nullopt;
  line.remove_prefix(keyword.size());
  if (!line.empty() && line.front() != '=' && blanks.find(line.front()) == std::string_view::npos) {
    return std::nullopt;
  }
  if (line.starts_with('=')) line.remove_prefix(1);
  return line;
}

bool lists(std::string_view mechanisms, std::string_view name) noexcept {
  for (;;) {
    const std::string_view word = take_word(mechanisms);
    if (word.empty()) return false;
    if (same_word(word, name)) return true;
  }
}

// The line with all its mechanisms but TECS-1; empty when there is no other.
std::string without_tecs(std::string_view line, std::string_view mechanisms) {
  std::string left;
  while (!mechanisms.empty()) {
    const std::string_view word = take_word(mechanisms);
    if (word.empty() || same_word(word, mechanism_name)) continue;
    if (!left.empty()) left.push_back(' ');
    left.append(word);
  }
  if (left.empty()) return left;
  const bool old_form = line.size() > 4 && line[4] == '=';
  return std::string(line.substr(0, 4)).append(old_form ? "=" : " ").append(left);
}

}  // namespace

EhloCapabilities::EhloCapabilities(const SmtpReply& reply)
    : greeting_(reply.lines.front()), lines_(reply.lines.begin() + 1, reply.lines.end()) {}

bool EhloCapabilities::starttls() const noexcept {
  return std::ranges::any_of(lines_, is_starttls);
}

bool EhloCapabilities::mechanism(std::string_view name) const noexcept {
  return std::ranges::any_of(lines_, [name](std::string_view line) {
    const auto mechanisms = auth_mechanisms(line);
    return mechanisms && lists(*mechanisms, name);
  });
}

std::string EhloCapabilities::format(Login login) const {
  std::vector<std::string> shown{greeting_};
  for (const std::string& line : lines_) {
    if (is_starttls(line)) continue;
    const auto mechanisms = auth_mechanisms(line);
    if (!mechanisms) {
      shown.push_back(line);
    } else if (login == Login::open) {
      std::string left = lists(*mechanisms, mechanism_name) ? without_tecs(line, *mechanisms) : line;
      if (!left.empty()) shown.push_back(std::move(left));
    }
  }
  std::string reply;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    reply.append(i + 1 < shown.size() ? "250-" : "250 ").append(shown[i]).append("\r\n");
  }
  return reply;
}

}  // namespace tecs
