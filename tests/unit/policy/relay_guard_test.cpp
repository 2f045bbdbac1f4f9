#include "milter/policy/relay_guard.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

TEST(RelayGuard, knows_a_login_by_TECS_1) {
  for (const char* const type : {"TECS-1", "tecs-1"}) EXPECT_TRUE(is_tecs_login(type)) << type;
  for (const char* const type : {"", "PLAIN", "TECS-10", "TECS"}) EXPECT_FALSE(is_tecs_login(type)) << type;
}

struct MailerRow {
  const char* mailer;
  bool postfix;
  bool other;
};

TEST(RelayGuard, knows_what_leads_outside) {
  for (const auto& [mailer, postfix, other] : {MailerRow{"smtp", true, true},
                                               {"SMTP", true, true},
                                               {"outgoing-smtp", true, true},
                                               {"uucp", true, true},
                                               {"esmtp", true, true},
                                               {"smtp8", true, true},
                                               {"dsmtp", true, true},
                                               {"uucp-uudom", true, true},
                                               {"relay", false, true},
                                               {"local", false, false},
                                               {"virtual", false, false},
                                               {"lmtp", false, false},
                                               {"dovecot", false, false},
                                               {"error", false, false},
                                               {"*file*", false, false},
                                               {"", false, false}}) {
    EXPECT_EQ(leads_outside(mailer, MtaSoftware::postfix), postfix) << mailer;
    EXPECT_EQ(leads_outside(mailer, MtaSoftware::sendmail), other) << mailer;
  }
}

struct RecipientRow {
  const char* address;
  const char* domain;  // empty: none
};

TEST(RelayGuard, reads_the_domain_of_a_recipient) {
  for (const auto& [address, domain] : {RecipientRow{"a@Example.org", "example.org"},
                                        {"<a@example.org>", "example.org"},
                                        {"a@example.org.", "example.org"},
                                        {"\"x@y\"@example.org", "example.org"},
                                        {"postmaster", ""},
                                        {"example.org", ""},  // a user here, whatever the name
                                        {"a@[192.0.2.1]", ""},
                                        {"a@localhost", ""},
                                        {"a@", ""},
                                        {"", ""},
                                        {"a@example.org\r\nX: y", ""}}) {
    const auto found = recipient_domain(address);
    EXPECT_EQ(found ? found->text() : "", domain) << address;
  }
}

TEST(RelayGuard, knows_whom_it_guards) {
  EXPECT_TRUE(guards(RelayGuard::postfix, MtaSoftware::postfix));
  EXPECT_FALSE(guards(RelayGuard::postfix, MtaSoftware::sendmail));
  EXPECT_TRUE(guards(RelayGuard::all, MtaSoftware::postfix));
  EXPECT_TRUE(guards(RelayGuard::all, MtaSoftware::sendmail));
  EXPECT_FALSE(guards(RelayGuard::none, MtaSoftware::postfix));
  EXPECT_FALSE(guards(RelayGuard::none, MtaSoftware::sendmail));
}

TEST(RelayGuard, spares_the_domains_that_are_relayed_for) {
  DomainList relayed;
  ASSERT_TRUE(relayed.add("relayed.example"));
  const auto refuses = [&](const char* mailer, const char* address) {
    return refuses_to_relay(mailer, address, MtaSoftware::postfix, relayed);
  };
  EXPECT_TRUE(refuses("smtp", "a@elsewhere.example"));
  EXPECT_FALSE(refuses("smtp", "a@relayed.example"));
  EXPECT_TRUE(refuses("smtp", "a@sub.relayed.example"));
  EXPECT_TRUE(refuses("smtp", "a@[192.0.2.1]")) << "an address literal is in no list";
  EXPECT_TRUE(refuses("smtp", "nonsense"));
  EXPECT_FALSE(refuses("local", "a@elsewhere.example"));
  EXPECT_FALSE(refuses("", "a@elsewhere.example")) << "an MTA that does not say";
}

}  // namespace
}  // namespace tecs::test
