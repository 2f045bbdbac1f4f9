#include "signer/mta_command.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "smtp/line_reader.hpp"
#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

constexpr std::array<std::pair<std::string_view, MtaCommand>, 18> meanings{{
    {"EHLO", MtaCommand::hello},
    {"HELO", MtaCommand::hello},
    {"QUIT", MtaCommand::quit},
    {"MAIL", MtaCommand::mail},
    {"AUTH", MtaCommand::login},
    {"BDAT", MtaCommand::chunk},
    {"RCPT", MtaCommand::out_of_place},
    {"DATA", MtaCommand::out_of_place},
    {"BURL", MtaCommand::out_of_place},  // RFC 4468
    // RFC 821: these begin transactions as MAIL does.
    {"SEND", MtaCommand::out_of_place},
    {"SOML", MtaCommand::out_of_place},
    {"SAML", MtaCommand::out_of_place},
    // These change who is the client (RFC 821, RFC 2645), or what protocol it is (RFC 2033).
    {"TURN", MtaCommand::out_of_place},
    {"ATRN", MtaCommand::out_of_place},
    {"LHLO", MtaCommand::out_of_place},
    {"STARTTLS", MtaCommand::out_of_place},  // the signer's to say
    // A fresh connection would not know of these.
    {"XCLIENT", MtaCommand::out_of_place},
    {"XFORWARD", MtaCommand::out_of_place},
}};

bool is_word(std::string_view verb) noexcept {
  return !verb.empty() && std::ranges::all_of(verb, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

MtaCommand mta_command(std::string_view line) {
  const std::string verb = verb_of(line);
  if (changes_nothing(verb)) return MtaCommand::changes_nothing;
  const auto* const found =
      std::ranges::find(meanings, verb, &std::pair<std::string_view, MtaCommand>::first);
  if (found != meanings.end()) return found->second;
  return is_word(verb) ? MtaCommand::other : MtaCommand::unreadable;
}

std::size_t maximum_size_of_command(std::string_view begin) {
  static constexpr std::size_t verb_and_blank = 5;
  const bool is_login = verb_of(begin.substr(0, verb_and_blank)) == "AUTH";
  return is_login ? LineReader::maximum_auth_line : LineReader::maximum_line;
}

}  // namespace tecs
