#include "signer/tls_planner.hpp"

#include <gtest/gtest.h>

#include "unit/signer/tls_planner_fixture.hpp"

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

TEST_F(TlsPlannerTest, needs_no_dns_but_for_dane) {
  EXPECT_EQ(text(plan(TlsLevel::none)), "none never [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::may)), "may opportunistic [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::may, "")), "may opportunistic [] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::encrypt, "")), "encrypt required [] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::verify)), "verify required [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::verify, "", "mx.example.net")), "verify required [mx.example.net] 0 ");
  EXPECT_TRUE(source_.questions_.empty());
}

// For a thread that others wait for.
TEST_F(TlsPlannerTest, knows_without_a_question_what_it_was_told) {
  const auto known = [&](TlsLevel level) {
    return planner_.known_plan({.tls = level}, server_, "mx.example.com");
  };
  EXPECT_EQ(text(*known(TlsLevel::verify)), "verify required [mx.example.com] 0 ");
  host(true);
  tlsa("mx.example.com", {ee_record});
  EXPECT_FALSE(known(TlsLevel::dane));
  EXPECT_TRUE(source_.questions_.empty());
  ASSERT_TRUE(plan(TlsLevel::dane));
  source_.questions_.clear();
  EXPECT_EQ(text(*known(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
  clock_.advance(1h);
  EXPECT_FALSE(known(TlsLevel::dane)) << "its time is over";
  EXPECT_TRUE(source_.questions_.empty());
}

TEST_F(TlsPlannerTest, needs_a_name_to_prove_anything) {
  for (const TlsLevel level : {TlsLevel::verify, TlsLevel::dane}) {
    const auto planned = plan(level, "");
    ASSERT_FALSE(planned) << word(level);
    EXPECT_EQ(planned.error().reason, Reason::bad_option);
  }
}

TEST_F(TlsPlannerTest, goes_by_secure_records) {
  host(true);
  tlsa("mx.example.com", {ee_record, pkix_record, {2, 0, 1, "short"}});
  const auto planned = plan(TlsLevel::dane);
  EXPECT_EQ(text(planned), "dane required [mx.example.com] 1 tlsa");
  EXPECT_EQ(planned->tlsa, std::vector{ee_record});
  EXPECT_EQ(source_.questions_,
            (std::vector<std::string>{"mx.example.com A", "_25._tcp.mx.example.com TLSA"}));
}

TEST_F(TlsPlannerTest, asks_for_the_port_and_family_of_the_server) {
  server_ = *Endpoint::parse("[2001:db8::25]:587");
  source_.hosts_.emplace("mx.example.com AAAA", HostAnswer{{}, "mx.example.com", 300s, true});
  source_.records_.emplace("_587._tcp.mx.example.com TLSA", TlsaAnswer{{ee_record}, 300s, true});
  EXPECT_EQ(text(plan(TlsLevel::dane, "", "mx.example.com")), "dane required [mx.example.com] 1 tlsa");
}

// RFC 7672 section 2.1.1 and 2.2.
TEST_F(TlsPlannerTest, encrypts_where_no_secure_record_can_be_used) {
  host(true);
  tlsa("mx.example.com", {pkix_record});
  const auto planned = plan(TlsLevel::dane);
  EXPECT_EQ(text(planned), "dane required [mx.example.com] 0 tlsa-not-usable");
  EXPECT_FALSE(planned->authenticates());
}

TEST_F(TlsPlannerTest, does_as_with_may_where_nothing_is_signed) {
  const std::string no_tlsa = "dane opportunistic [mx.example.com] 0 no-tlsa";
  host(true);
  tlsa("mx.example.com", {});
  EXPECT_EQ(text(plan(TlsLevel::dane)), no_tlsa) << "securely none";
  clock_.advance(1h);
  tlsa("mx.example.com", {ee_record}, false);
  EXPECT_EQ(text(plan(TlsLevel::dane)), no_tlsa) << "insecure records count for nothing";
  clock_.advance(1h);
  host(false);
  source_.questions_.clear();
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane opportunistic [mx.example.com] 0 host-not-signed");
  EXPECT_EQ(source_.questions_, std::vector<std::string>{"mx.example.com A"}) << "and TLSA is not asked for";
}

TEST_F(TlsPlannerTest, makes_no_plan_without_certainty) {
  EXPECT_EQ(text(plan(TlsLevel::dane)), "failure: TLSA records of mx.example.com: SERVFAIL") << "of the host";
  clock_.advance(1h);
  host(true);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "failure: TLSA records of mx.example.com: SERVFAIL")
      << "of the records";
  clock_.advance(1h);
  host(false, "mx.example.net");
  EXPECT_EQ(text(plan(TlsLevel::dane)), "failure: TLSA records of mx.example.com: SERVFAIL")
      << "of the alias";
}

// RFC 7672 section 2.2.3.
TEST_F(TlsPlannerTest, looks_first_where_an_alias_leads) {
  host(true, "mx.example.net");
  tlsa("mx.example.net", {ee_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.net or mx.example.com] 1 tlsa");
  clock_.advance(1h);
  tlsa("mx.example.net", {});
  tlsa("mx.example.com", {ee_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa") << "then at the alias";
  clock_.advance(1h);
  tlsa("mx.example.net", {pkix_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.net or mx.example.com] 0 tlsa-not-usable");
  clock_.advance(1h);
  source_.records_.erase("_25._tcp.mx.example.net TLSA");
  EXPECT_EQ(text(plan(TlsLevel::dane)), "failure: TLSA records of mx.example.com: SERVFAIL")
      << "who can stop the first answer must not choose the second";
  clock_.advance(1h);
  tlsa("mx.example.net", {ee_record}, false);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
}

TEST_F(TlsPlannerTest, looks_at_a_signed_alias_of_what_is_not_signed) {
  host(false, "mx.example.net");
  source_.aliases_.emplace("mx.example.com CNAME", true);
  tlsa("mx.example.com", {ee_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
  clock_.advance(1h);
  source_.aliases_.insert_or_assign("mx.example.com CNAME", false);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane opportunistic [mx.example.com] 0 host-not-signed");
}

TEST_F(TlsPlannerTest, asks_for_no_name_that_no_host_has) {
  host(true, R"(a\032b.example.net)");
  tlsa("mx.example.com", {ee_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
  EXPECT_EQ(source_.questions_.size(), 2U);
}

TEST_F(TlsPlannerTest, makes_no_plan_before_the_resolver_was_seen_to_validate) {
  host(true);
  tlsa("mx.example.com", {ee_record});
  source_.validates_ = failure(Reason::dns_timeout, "silence");
  EXPECT_EQ(planner_.check_resolver("example.com").error().reason, Reason::dns_timeout);
  const std::string away = "failure: it is not known whether the DNS resolver validates: silence";
  EXPECT_EQ(text(plan(TlsLevel::dane)), away);
  EXPECT_EQ(text(plan(TlsLevel::dane)), away);
  EXPECT_EQ(source_.checks_, (std::vector<std::string>{"example.com", "example.com"})) << "not for each plan";
  EXPECT_TRUE(source_.questions_.empty());
  EXPECT_EQ(text(plan(TlsLevel::may)), "may opportunistic [mx.example.com] 0 ") << "which needs no DNS";

  source_.validates_ = failure(Reason::bad_option, "no AD flag");
  clock_.advance(3s);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "failure: no AD flag");

  source_.validates_ = {};
  clock_.advance(3s);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
  source_.validates_ = failure(Reason::dns_timeout, "silence");
  clock_.advance(1h);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa") << "once seen is enough";
  EXPECT_EQ(source_.checks_.size(), 4U);
}

TEST_F(TlsPlannerTest, asks_the_resolver_again_when_it_is_told_to) {
  source_.validates_ = failure(Reason::bad_option, "no AD flag");
  EXPECT_EQ(planner_.check_resolver("example.com").error().reason, Reason::bad_option);
  source_.validates_ = {};
  EXPECT_TRUE(planner_.check_resolver("example.net"));
  host(true);
  tlsa("mx.example.com", {ee_record});
  EXPECT_TRUE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.checks_, (std::vector<std::string>{"example.com", "example.net"}));
}

}  // namespace
}  // namespace tecs::test
