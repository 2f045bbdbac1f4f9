// Holds the parsers to the grammar of the Internet-Draft: runs every case of tests/draft/abnf_cases.json, or
// of the file that TECS_ABNF_CASES names; see the README there. That the grammar answers as the cases say is
// checked by rfc-draft/abnf.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tecs/challenge.hpp"
#include "tecs/credential.hpp"
#include "tecs/domain.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/key_record.hpp"
#include "tecs/printable_text.hpp"
#include "tecs/tag_list.hpp"
#include "test_folders.hpp"

namespace tecs {
namespace {

using Accepts = std::function<bool(std::string_view)>;

// By the name of the rule in the draft.
const std::map<std::string, Accepts, std::less<>>& parsers() {
  static const std::map<std::string, Accepts, std::less<>> all{
      {"tag-list", [](std::string_view text) { return TagList::parse(text).has_value(); }},
      {"credential", [](std::string_view text) { return Credential::parse(text).has_value(); }},
      {"key-record", [](std::string_view text) { return KeyRecord::parse(text).has_value(); }},
      {"challenge", [](std::string_view text) { return Challenge::parse(text).has_value(); }},
      {"end-point", [](std::string_view text) { return Endpoint::parse(text).has_value(); }},
      {"domain", [](std::string_view text) { return Domain::parse(text).has_value(); }},
      {"selector", [](std::string_view text) { return Selector::parse(text).has_value(); }},
  };
  return all;
}

// A character of the file is one octet, U+0080 to U+00FF too, which UTF-8 writes as two.
std::string octets_of(std::string_view utf8) {
  std::string octets;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      octets.push_back(utf8[i]);
      continue;
    }
    const auto rest = static_cast<unsigned char>(utf8.at(++i));
    octets.push_back(static_cast<char>((lead & 0x03) << 6 | (rest & 0x3F)));
  }
  return octets;
}

std::string text_of_case(const nlohmann::json& text) {
  if (text.is_string()) return octets_of(text.get<std::string>());
  std::string whole;
  for (const auto& part : text) {
    const bool repeated = part.is_object();
    const std::string piece = octets_of((repeated ? part.at("text") : part).get<std::string>());
    for (int times = repeated ? part.at("times").get<int>() : 1; times > 0; --times) whole += piece;
  }
  return whole;
}

TEST(AbnfCases, ParsersAnswerAsTheDraftSays) {
  const char* named = std::getenv("TECS_ABNF_CASES");
  const std::string path = named != nullptr ? named : TECS_TEST_DATA "/../draft/abnf_cases.json";
  std::ifstream in(path);
  ASSERT_TRUE(in) << path;
  const auto cases = nlohmann::json::parse(in).at("cases");

  std::map<std::string, int> counts;
  for (const auto& one : cases) {
    const auto rule = one.at("rule").get<std::string>();
    const std::string text = text_of_case(one.at("text"));
    const bool wanted = one.value("parser", one.at("grammar").get<bool>());
    ASSERT_TRUE(parsers().contains(rule)) << rule;
    EXPECT_EQ(parsers().find(rule)->second(text), wanted)
        << rule << " \"" << printable_text(text, 200) << "\" (" << one.at("note").get<std::string>() << ")";
    ++counts[rule];
  }
  for (const auto& [rule, parser] : parsers()) EXPECT_GE(counts[rule], 10) << rule;
}

}  // namespace
}  // namespace tecs
