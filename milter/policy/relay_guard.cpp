#include "milter/policy/relay_guard.hpp"

#include <strings.h>

#include <algorithm>
#include <string>

namespace tecs {
namespace {

bool equal(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

// part: in lower case.
bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char of_text, char of_part) {
    return (of_text >= 'A' && of_text <= 'Z' ? of_text - 'A' + 'a' : of_text) == of_part;
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace

bool is_tecs_login(std::string_view auth_type) noexcept {
  return equal(auth_type, "TECS-1");
}

bool leads_outside(std::string_view rcpt_mailer, MtaSoftware software) {
  if (equal(rcpt_mailer, "relay")) return software != MtaSoftware::postfix;
  return contains(rcpt_mailer, "smtp") || contains(rcpt_mailer, "uucp");
}

std::optional<Domain> recipient_domain(std::string_view rcpt_addr) {
  if (rcpt_addr.ends_with('>')) rcpt_addr.remove_suffix(1);
  if (rcpt_addr.ends_with('.')) rcpt_addr.remove_suffix(1);  // of a name that is fully qualified
  const std::size_t at = rcpt_addr.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto domain = Domain::parse(rcpt_addr.substr(at + 1));
  return domain ? std::optional(*domain) : std::nullopt;
}

bool refuses_to_relay(std::string_view rcpt_mailer, std::string_view rcpt_addr, MtaSoftware software,
                      const DomainList& relay_domains) {
  if (!leads_outside(rcpt_mailer, software)) return false;
  const auto domain = recipient_domain(rcpt_addr);
  return !domain || !relay_domains.contains(*domain);
}

}  // namespace tecs
