#include "tools/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(ReportText, MarkupBecomesReferences) {
  EXPECT_EQ(html_text("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
}

TEST(ReportText, ControlCharactersBecomeSpaces) {
  using namespace std::string_literals;
  EXPECT_EQ(html_text("a\nb\0c\x1b[31m\x7f"s), "a b c [31m ");
}

TEST(ReportText, OwnTextKeepsItsLetters) {
  EXPECT_EQ(html_text("Bericht für März"), "Bericht für März");
}

// RIGHT-TO-LEFT OVERRIDE, an overlong "<", a CYRILLIC SMALL LETTER A, an octet that is no UTF-8.
TEST(ReportText, StrangersTextIsPrintableAscii) {
  for (const std::string octets : {"\xe2\x80\xae", "\xc0\xbc", "\xd0\xb0", "\xff", "\x1b[2J", "a\nb"}) {
    SCOPED_TRACE(html_stranger_text(octets));
    for (const char character : html_stranger_text(octets)) {
      EXPECT_GE(character, 0x20);
      EXPECT_LT(character, 0x7f);
    }
  }
  EXPECT_EQ(html_stranger_text("<\xe2\x80\xae>"), "&lt;\\xE2\\x80\\xAE&gt;");
}

TEST(ReportText, TheLongestDomainIsWhole) {
  EXPECT_EQ(html_stranger_text(std::string(253, 'a')), std::string(253, 'a'));
  EXPECT_EQ(html_stranger_text(std::string(254, 'a')), std::string(253, 'a') + "...");
}

}  // namespace
}  // namespace tecs
