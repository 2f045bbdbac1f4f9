#include "milter/authentication_results.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "milter/policy/folded_words.hpp"

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
  std::vector<std::string> words{authserv_id.text() + ";", "tecs=" + std::string(word(verification.result))};
  if (std::string text = comment(verification); !text.empty()) words.push_back(std::move(text));
  if (verification.error) words.push_back("reason=" + std::string(word(verification.error->reason)));
  if (verification.domain) words.push_back("smtp.auth=" + verification.domain->text());
  return fold_words("Authentication-Results", words);
}

}  // namespace tecs
