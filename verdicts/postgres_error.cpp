#include "verdicts/postgres_error.hpp"

#include <algorithm>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_sentence = 500;

void append_line(std::string& sentence, std::string_view line) {
  if (line.empty() || line.front() == '\t') return;  // libpq's advice stands indented under its message
  if (!sentence.empty()) sentence += "; ";
  // Names of tables stand between quotation marks, which printable_text() would escape.
  while (true) {
    const std::size_t mark = std::min(line.find('"'), line.size());
    sentence += printable_text(line.substr(0, mark), longest_sentence);
    if (mark == line.size()) return;
    sentence += '"';
    line.remove_prefix(mark + 1);
  }
}

}  // namespace

// SQL:2016 part 2 section 24, and PostgreSQL's own classes. 54000: a key that is too long for its index.
Reason reason_of_sqlstate(std::string_view sqlstate) noexcept {
  const bool refused = sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "54000";
  return refused ? Reason::protocol_error : Reason::io_error;
}

std::string postgres_sentence(std::string_view message) {
  message = message.substr(0, longest_sentence);
  std::string sentence;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    append_line(sentence, message.substr(0, end));
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return sentence;
}

}  // namespace tecs
