#include "signer/identity_match.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

TEST(IdentityMatch, is_read_and_written_in_one_form) {
  struct Row {
    const char* text;
    const char* want;
  };
  for (const Row& row : {
           Row{"default", "default"},
           Row{"listener:127.0.0.1:10025", "listener:127.0.0.1:10025"},
           Row{"listener:0.0.0.0:25", "listener:0.0.0.0:25"},
           Row{"listener:[::1]:10025", "listener:[::1]:10025"},
           Row{"source:192.0.2.0/24", "source:192.0.2.0/24"},
           Row{"source:192.0.2.1", "source:192.0.2.1/32"},
           Row{"source:::ffff:192.0.2.1", "source:192.0.2.1/32"},
           Row{"source:2001:DB8::/32", "source:2001:db8::/32"},
           Row{"source:0.0.0.0/0", "source:0.0.0.0/0"},
           Row{"helo:Mail.Example.ORG", "helo:mail.example.org"},
           Row{"helo:localhost", "helo:localhost"},
           Row{"helo:*.example.org.", "helo:*.example.org"},
           Row{"sender:example.org", "sender:example.org"},
           Row{"sender:example.org.", "sender:example.org"},
           Row{"sender:*.Example.org", "sender:*.example.org"},
           Row{"sender:*.org", "sender:*.org"},
           Row{"sender:xn--bcher-kva.example", "sender:xn--bcher-kva.example"},
           Row{"sender:<>", "sender:<>"},
       }) {
    SCOPED_TRACE(row.text);
    const auto match = IdentityMatch::parse(row.text);
    ASSERT_TRUE(match) << match.error().sentence;
    EXPECT_EQ(match->format(), row.want);
    EXPECT_EQ(IdentityMatch::parse(match->format()).value(), *match);
  }
}

TEST(IdentityMatch, refuses_what_would_match_something_else) {
  const std::string long_label(64, 'a');
  std::string long_name = "sender:a";
  while (long_name.size() < 300) long_name += ".a";
  for (const std::string& text : {std::string(),
                                  std::string("Default"),
                                  std::string("default:"),
                                  std::string("example.org"),
                                  std::string("listener:"),
                                  std::string("listener:10025"),
                                  std::string("listener:127.0.0.1"),
                                  std::string("listener:127.0.0.1:0"),
                                  std::string("listener:::1:10025"),
                                  std::string("listener:localhost:10025"),
                                  std::string("source:"),
                                  std::string("source:192.0.2.1/24"),
                                  std::string("source:192.0.2.0/33"),
                                  std::string("source:[::1]"),
                                  std::string("source:mail.example.org"),
                                  std::string("helo:"),
                                  std::string("helo:<>"),
                                  std::string("helo:[192.0.2.1]"),
                                  std::string("helo:192.0.2.1"),
                                  std::string("sender:"),
                                  std::string("sender:."),
                                  std::string("sender:*"),
                                  std::string("sender:*."),
                                  std::string("sender:*.."),
                                  std::string("sender:*.*.org"),
                                  std::string("sender:mail.*.org"),
                                  std::string("sender:.example.org"),
                                  std::string("sender:example..org"),
                                  std::string("sender:example.org.."),
                                  std::string("sender:user@example.org"),
                                  std::string("sender:-a.org"),
                                  std::string("sender:under_score.org"),
                                  std::string("sender:b\xc3\xbc"
                                              "cher.example"),
                                  "sender:" + long_label + ".org",
                                  long_name}) {
    SCOPED_TRACE(text);
    const auto match = IdentityMatch::parse(text);
    ASSERT_FALSE(match);
    EXPECT_EQ(match.error().reason, Reason::bad_option);
  }
}

TEST(IdentityMatch, says_what_is_wrong_in_printable_octets) {
  EXPECT_EQ(IdentityMatch::parse("example.org").error().sentence,
            "\"example.org\": an entry begins with listener:, source:, helo:, sender: or default");
  EXPECT_EQ(IdentityMatch::parse("sender:a\x1b[31m").error().sentence,
            "\"a\\x1B[31m\": not a name, or *. and a name, written with A-labels");
  EXPECT_EQ(IdentityMatch::parse("source:192.0.2.1/24").error().sentence,
            "\"192.0.2.1/24\": bits are set beyond the network; did you mean 192.0.2.0/24");
}

}  // namespace
}  // namespace tecs
