#include "smtp/ehlo_capabilities.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include "smtp/auth_command.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t maximum_keyword = 60;  // of a stranger's, in a sentence

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

bool is_among(std::string_view line, std::initializer_list<std::string_view> keywords) noexcept {
  const std::string_view keyword = take_word(line);
  return std::ranges::any_of(keywords, [keyword](std::string_view one) { return same_word(keyword, one); });
}

bool is_starttls(std::string_view line) noexcept {
  return is_among(line, {"STARTTLS"});
}

// What the signer does itself; and what lets a client of Exim say EHLO and MAIL of its next session in one
// go, before there is a reply to EHLO, to which the signer has to do its own things first.
bool is_of_the_signer(std::string_view line) noexcept {
  return is_starttls(line) || is_among(line, {"PIPECONNECT", "X_PIPE_CONNECT"});
}

// The first two leave a state behind that a fresh connection would not have. With PRDR a message has as many
// replies as the server likes, so that it is not known which is the last.
bool is_for_one_party(std::string_view line) noexcept {
  return is_among(line, {"XCLIENT", "XFORWARD", "PRDR"});
}

// RFC 1870 section 4: no number, or 0, is no limit that is known. What cannot be read is none either.
std::uint64_t size_limit(std::string_view parameters) noexcept {
  const std::string_view word = take_word(parameters);
  std::uint64_t limit = 0;
  (void)std::from_chars(word.data(), word.data() + word.size(), limit);
  return limit == 0 ? std::numeric_limits<std::uint64_t>::max() : limit;
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

// The line with all its mechanisms but TECS-1; empty when there is no other. As it came when it is not there.
std::string without_tecs(std::string_view line, std::string_view mechanisms) {
  if (!lists(mechanisms, mechanism_name)) return std::string(line);
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

void EhloCapabilities::withdraw_tecs() {
  std::vector<std::string> left;
  for (std::string& line : lines_) {
    if (const auto mechanisms = auth_mechanisms(line)) {
      line = without_tecs(line, *mechanisms);
      if (line.empty()) continue;
    }
    left.push_back(std::move(line));
  }
  lines_ = std::move(left);
}

EhloCapabilities EhloCapabilities::shown(Login login, Forwarding forwarding) const {
  std::vector<std::string> left;
  for (const std::string& line : lines_) {
    if (is_of_the_signer(line) || (forwarding == Forwarding::hidden && is_for_one_party(line))) continue;
    const auto mechanisms = auth_mechanisms(line);
    if (!mechanisms) {
      left.push_back(line);
    } else if (login == Login::open) {
      std::string others = without_tecs(line, *mechanisms);
      if (!others.empty()) left.push_back(std::move(others));
    }
  }
  return {greeting_, std::move(left)};
}

EhloCapabilities EhloCapabilities::greeting_alone() const {
  return {greeting_, {}};
}

std::string EhloCapabilities::format() const {
  std::string reply = (lines_.empty() ? "250 " : "250-") + greeting_ + "\r\n";
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    reply.append(i + 1 < lines_.size() ? "250-" : "250 ").append(lines_[i]).append("\r\n");
  }
  return reply;
}

std::optional<std::string> EhloCapabilities::lacks(const EhloCapabilities& told) const {
  for (const std::string& line : told.lines_) {
    if (auth_mechanisms(line)) continue;
    std::string_view wanted = line;
    const std::string_view keyword = take_word(wanted);
    const auto found = std::ranges::find_if(
        lines_, [keyword](std::string_view here) { return same_word(take_word(here), keyword); });
    if (found == lines_.end()) return printable_text(keyword, maximum_keyword);
    std::string_view offered = *found;
    take_word(offered);
    if (same_word(keyword, "SIZE") && size_limit(offered) < size_limit(wanted)) {
      return printable_text(line, maximum_keyword);
    }
  }
  return std::nullopt;
}

}  // namespace tecs
