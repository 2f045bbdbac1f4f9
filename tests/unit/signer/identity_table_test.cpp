#include "signer/identity_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace tecs {
namespace {

// Each entry gets an identity of its own, which is called by its match.
class Identities : public testing::Test {
 protected:
  void add(const std::string& match) {
    ASSERT_TRUE(table_.add(IdentityMatch::parse(match).value(), make(match))) << match;
  }
  void add_all(const std::vector<std::string>& matches) {
    for (const std::string& match : matches) add(match);
  }
  Identity make(const std::string& match) {
    auto identity = std::make_shared<const Signer>(domain_, std::nullopt, key_);
    names_[identity.get()] = match;
    return identity;
  }
  void add_unsigned(const std::string& match) {
    ASSERT_TRUE(table_.add(IdentityMatch::parse(match).value(), nullptr));
  }

  // The match of the entry that was found; "unsigned" for an empty identity.
  [[nodiscard]] std::string name(const Identity& identity) const {
    return identity ? names_.at(identity.get()) : "unsigned";
  }
  [[nodiscard]] std::string name(const std::optional<Identity>& identity) const {
    return identity ? name(*identity) : "nothing";
  }
  [[nodiscard]] std::string of_connection(const std::string& listener, const std::string& source) const {
    return name(
        table_.of_connection(ListenAddress::parse(listener).value(), IpAddress::parse(source).value()));
  }

  IdentityTable table_;

 private:
  const Domain domain_ = Domain::parse("example.org").value();
  const SigningKey key_ = SigningKey::generate(KeyType::ed25519, 0).value();
  std::map<const Signer*, std::string> names_;
};

TEST_F(Identities, of_an_empty_table_are_unsigned) {
  EXPECT_EQ(of_connection("127.0.0.1:10025", "192.0.2.1"), "nothing");
  EXPECT_EQ(name(table_.of_hello("mail.example.org")), "nothing");
  EXPECT_EQ(name(table_.of_sender("example.org")), "unsigned");
  EXPECT_EQ(name(table_.of_sender("")), "unsigned");
  EXPECT_EQ(name(table_.standard()), "unsigned");
  EXPECT_FALSE(table_.asks_for_hello());
  EXPECT_FALSE(table_.asks_for_sender());
  EXPECT_EQ(table_.size(), 0U);
}

TEST_F(Identities, can_be_one_for_all) {
  table_ = IdentityTable(make("one"));
  EXPECT_EQ(of_connection("127.0.0.1:10025", "192.0.2.1"), "nothing") << "the default comes last";
  EXPECT_EQ(name(table_.of_sender("example.org")), "one");
  EXPECT_EQ(name(table_.of_sender("")), "one");
  EXPECT_EQ(name(table_.standard()), "one");
  EXPECT_FALSE(table_.asks_for_sender());
  EXPECT_EQ(table_.size(), 1U);
  EXPECT_FALSE(table_.add(IdentityMatch::parse("default").value(), nullptr));
  EXPECT_EQ(name(table_.standard()), "one");
}

TEST_F(Identities, of_a_connection_are_those_of_the_listener_then_of_the_narrowest_network) {
  add_all({"listener:127.0.0.1:10026", "listener:[::1]:10026", "source:0.0.0.0/0", "source:192.0.2.0/24",
           "source:192.0.2.128/25", "source:192.0.2.129", "source:2001:db8::/32", "source:2001:db8:1::/48"});
  struct Row {
    const char* listener;
    const char* source;
    const char* want;
  };
  for (const Row& row : {
           Row{"127.0.0.1:10026", "192.0.2.129", "listener:127.0.0.1:10026"},
           Row{"[::1]:10026", "::1", "listener:[::1]:10026"},
           Row{"127.0.0.1:10025", "192.0.2.129", "source:192.0.2.129"},
           Row{"127.0.0.2:10026", "192.0.2.129", "source:192.0.2.129"},
           Row{"0.0.0.0:10026", "192.0.2.130", "source:192.0.2.128/25"},
           Row{"127.0.0.1:10025", "192.0.2.127", "source:192.0.2.0/24"},
           Row{"127.0.0.1:10025", "192.0.3.1", "source:0.0.0.0/0"},
           Row{"127.0.0.1:10025", "::ffff:192.0.2.127", "source:192.0.2.0/24"},
           Row{"127.0.0.1:10025", "2001:db8:1::5", "source:2001:db8:1::/48"},
           Row{"127.0.0.1:10025", "2001:db8:2::5", "source:2001:db8::/32"},
           Row{"127.0.0.1:10025", "2001:db9::5", "nothing"},
       }) {
    EXPECT_EQ(of_connection(row.listener, row.source), row.want) << row.listener << ' ' << row.source;
  }
}

// helo and sender are looked up alike.
TEST_F(Identities, of_a_name_are_those_of_the_name_itself_then_of_its_longest_parent) {
  struct Row {
    const char* name;
    const char* want;  // behind "helo:" and "sender:"; empty: no entry
  };
  for (const std::string kind : {"helo:", "sender:"}) {
    add_all({kind + "example.org", kind + "*.example.org", kind + "*.mail.example.org",
             kind + "one.mail.example.org", kind + "localhost", kind + "*.test"});
  }
  add("default");
  std::string long_name(253 - 12, 'x');
  for (std::size_t i = 60; i < long_name.size(); i += 61) long_name[i] = '.';
  const std::string longest = long_name + ".example.org";
  const std::string too_long = "x" + longest;
  const std::string many_dots(100'000, '.');
  for (const Row& row : {
           Row{"example.org", "example.org"},
           Row{"EXAMPLE.Org", "example.org"},
           Row{"example.org.", "example.org"},
           Row{"a.example.org", "*.example.org"},
           Row{"a.b.c.example.org.", "*.example.org"},
           Row{"mail.example.org", "*.example.org"},
           Row{"two.mail.example.org", "*.mail.example.org"},
           Row{"one.mail.example.org", "one.mail.example.org"},
           Row{"One.Mail.Example.Org", "one.mail.example.org"},
           Row{"x.one.mail.example.org", "*.mail.example.org"},
           Row{"localhost", "localhost"},
           Row{"x.test", "*.test"},
           Row{longest.c_str(), "*.example.org"},
           Row{"test", ""},
           Row{"anexample.org", ""},
           Row{"example.org..", ""},
           Row{"example.org.com", ""},
           Row{".", ""},
           Row{"..", ""},
           Row{"*.mail.example.com", ""},
           Row{"[192.0.2.1]", ""},
           Row{"b\xc3\xbc"
               "cher.example",
               ""},
           Row{too_long.c_str(), ""},
           Row{many_dots.c_str(), ""},
       }) {
    SCOPED_TRACE(row.name);
    const std::string want = row.want;
    EXPECT_EQ(name(table_.of_hello(row.name)), want.empty() ? "nothing" : "helo:" + want);
    EXPECT_EQ(name(table_.of_sender(row.name)), want.empty() ? "default" : "sender:" + want);
  }
  EXPECT_EQ(name(table_.of_hello("")), "nothing");
  EXPECT_EQ(name(table_.of_hello(std::string_view("example.org\0x", 13))), "nothing");
}

TEST_F(Identities, of_the_null_reverse_path_are_the_default_unless_it_has_an_entry) {
  add("default");
  EXPECT_EQ(name(table_.of_sender("")), "default");
  EXPECT_FALSE(table_.asks_for_sender());
  add("sender:<>");
  EXPECT_EQ(name(table_.of_sender("")), "sender:<>");
  EXPECT_EQ(name(table_.of_sender(".")), "default");
  EXPECT_TRUE(table_.asks_for_sender());
}

TEST_F(Identities, can_be_unsigned_where_others_are_signed) {
  add_all({"default", "source:192.0.2.0/24", "helo:*.example.org", "sender:*.example.org"});
  add_unsigned("source:192.0.2.1");
  add_unsigned("helo:internal.example.org");
  add_unsigned("sender:internal.example.org");
  add_unsigned("sender:<>");
  EXPECT_EQ(of_connection("127.0.0.1:10025", "192.0.2.1"), "unsigned");
  EXPECT_EQ(name(table_.of_hello("internal.example.org")), "unsigned");
  EXPECT_EQ(name(table_.of_sender("internal.example.org")), "unsigned");
  EXPECT_EQ(name(table_.of_sender("")), "unsigned");
}

TEST_F(Identities, are_added_once) {
  const std::vector<std::string> matches{
      "listener:127.0.0.1:10026", "source:192.0.2.0/24",  "helo:example.org", "helo:*.example.org",
      "sender:example.org",       "sender:*.example.org", "sender:<>",        "default"};
  add_all(matches);
  EXPECT_EQ(table_.size(), matches.size());
  for (const std::string& match : matches) {
    EXPECT_FALSE(table_.add(IdentityMatch::parse(match).value(), nullptr)) << match;
  }
  EXPECT_EQ(table_.size(), matches.size());
  EXPECT_EQ(name(table_.of_sender("example.org")), "sender:example.org");
  EXPECT_TRUE(table_.asks_for_hello());
  EXPECT_TRUE(table_.asks_for_sender());
  EXPECT_EQ(table_.listeners(), std::vector{ListenAddress::parse("127.0.0.1:10026").value()});
}

}  // namespace
}  // namespace tecs
