#include "milter/authentication_results.hpp"

#include <string_view>
#include <vector>

namespace tecs {
namespace {

std::string comment(const Verification& verification) {
  std::string text;
  const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  // With a mismatch the algorithm says nothing of the key.
  const bool mismatch = verification.error && verification.error->reason == Reason::key_type_mismatch;
  if (verification.key_bits != 0 && verification.algorithm && !mismatch) {
    const std::string_view type = format(key_type_of(*verification.algorithm));
    add(std::to_string(verification.key_bits) + "-bit " + std::string(type));
  }
  if (verification.dnssec) add("dnssec");
  if (verification.testing) add("testing");
  return text.empty() ? text : "(" + text + ")";
}

}  // namespace

std::string format_authentication_results(const AuthservId& authserv_id, const Verification& verification) {
  constexpr std::size_t longest_line = 78;  // RFC 5322 section 2.1.1
  std::vector<std::string> words{"tecs=" + std::string(word(verification.result))};
  if (std::string text = comment(verification); !text.empty()) words.push_back(std::move(text));
  if (verification.error) words.push_back("reason=" + std::string(word(verification.error->reason)));
  if (verification.domain) words.push_back("smtp.auth=" + verification.domain->text());

  std::string body = authserv_id.text() + ";";
  std::size_t column = std::string_view("Authentication-Results: ").size() + body.size();
  for (const std::string& next : words) {
    const bool fold = column + 1 + next.size() > longest_line;
    body += fold ? "\n\t" : " ";
    body += next;
    column = fold ? 1 + next.size() : column + 1 + next.size();
  }
  return body;
}

}  // namespace tecs
