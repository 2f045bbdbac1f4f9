#include "signer/tls_planner.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/hand_clock.hpp"

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

const std::string d32(32, 'x');
const TlsaRecord ee_record{3, 1, 1, d32};
const TlsaRecord pkix_record{1, 1, 1, d32};

// Answers as a test wants, and remembers what it was asked.
class ScriptedSource final : public TlsaSource {
 public:
  explicit ScriptedSource(HandClock& clock) : clock_(clock) {}

  Expected<HostAnswer> host(const std::string& name, AddressFamily family,
                            std::chrono::milliseconds time_left) override {
    return asked(name + (family == AddressFamily::ipv4 ? " A" : " AAAA"), time_left, hosts_);
  }
  Expected<bool> validated_alias(const std::string& name, std::chrono::milliseconds time_left) override {
    return asked(name + " CNAME", time_left, aliases_);
  }
  Expected<TlsaAnswer> tlsa_records(const std::string& name, std::chrono::milliseconds time_left) override {
    return asked(name + " TLSA", time_left, records_);
  }

  std::map<std::string, Expected<HostAnswer>> hosts_;
  std::map<std::string, Expected<bool>> aliases_;
  std::map<std::string, Expected<TlsaAnswer>> records_;
  std::chrono::milliseconds slowness_{0};
  std::vector<std::string> questions_;
  std::vector<std::chrono::milliseconds> times_;

 private:
  template <typename Answers>
  typename Answers::mapped_type asked(const std::string& question, std::chrono::milliseconds time_left,
                                      const Answers& answers) {
    questions_.push_back(question);
    times_.push_back(time_left);
    clock_.advance(slowness_);
    const auto answer = answers.find(question);
    if (answer == answers.end()) return failure(Reason::dns_error, "SERVFAIL");
    return answer->second;
  }

  HandClock& clock_;
};

class TlsPlannerTest : public testing::Test {
 protected:
  Expected<TlsPlan> plan(TlsLevel level, const std::string& host = "mx.example.com",
                         const std::string& name = "") {
    return planner_.plan({.tls = level, .name = name}, server_, host);
  }
  void host(bool dnssec, const std::string& target = "mx.example.com") {
    source_.hosts_.insert_or_assign("mx.example.com A", HostAnswer{{}, target, 300s, dnssec});
  }
  void tlsa(const std::string& name, std::vector<TlsaRecord> records, bool dnssec = true,
            std::chrono::seconds ttl = 300s) {
    source_.records_.insert_or_assign("_25._tcp." + name + " TLSA",
                                      TlsaAnswer{std::move(records), ttl, dnssec});
  }
  // All that a plan has, in one line.
  static std::string text(const Expected<TlsPlan>& plan) {
    if (!plan) return "failure: " + plan.error().sentence;
    static constexpr const char* demands[] = {"never", "opportunistic", "required"};
    return std::string(word(plan->level)) + " " + demands[static_cast<int>(plan->demand)] + " [" +
           plan->server_name + "] " + std::to_string(plan->tlsa.size()) + " " + std::string(plan->reason);
  }

  HandClock clock_;
  ScriptedSource source_{clock_};
  TlsPlanner planner_{source_, clock_};
  Endpoint server_ = *Endpoint::parse("192.0.2.25:25");
};

TEST_F(TlsPlannerTest, needs_no_dns_but_for_dane) {
  EXPECT_EQ(text(plan(TlsLevel::none)), "none never [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::may)), "may opportunistic [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::may, "")), "may opportunistic [] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::encrypt, "")), "encrypt required [] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::verify)), "verify required [mx.example.com] 0 ");
  EXPECT_EQ(text(plan(TlsLevel::verify, "", "mx.example.net")), "verify required [mx.example.net] 0 ");
  EXPECT_TRUE(source_.questions_.empty());
  for (const TlsLevel level :
       {TlsLevel::none, TlsLevel::may, TlsLevel::encrypt, TlsLevel::verify, TlsLevel::dane}) {
    EXPECT_EQ(TlsPlanner::asks_dns({.tls = level}), level == TlsLevel::dane) << word(level);
  }
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
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.net] 1 tlsa");
  clock_.advance(1h);
  tlsa("mx.example.net", {});
  tlsa("mx.example.com", {ee_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa") << "then at the alias";
  clock_.advance(1h);
  tlsa("mx.example.net", {pkix_record});
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.net] 0 tlsa-not-usable");
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

TEST_F(TlsPlannerTest, keeps_answers_as_long_as_they_say) {
  struct Row {
    const char* name;
    std::chrono::seconds ttl, want;
  };
  for (const Row& row :
       {Row{"as told", 200s, 200s}, Row{"the host's is shorter", 400s, 300s}, Row{"at least", 1s, 5s}}) {
    TlsPlanner planner(source_, clock_);
    host(true);
    tlsa("mx.example.com", {ee_record}, true, row.ttl);
    const auto asks = [&] {
      source_.questions_.clear();
      EXPECT_TRUE(planner.plan({.tls = TlsLevel::dane}, server_, "mx.example.com"));
      return !source_.questions_.empty();
    };
    EXPECT_TRUE(asks()) << row.name;
    clock_.advance(row.want - 1ms);
    EXPECT_FALSE(asks()) << row.name;
    clock_.advance(1ms);
    EXPECT_TRUE(asks()) << row.name;
  }
}

TEST_F(TlsPlannerTest, keeps_an_answer_without_a_time_for_a_minute_and_none_for_more_than_an_hour) {
  const auto kept_for = [this](std::chrono::seconds ttl) {
    TlsPlanner planner(source_, clock_);
    source_.hosts_.insert_or_assign("mx.example.com A", HostAnswer{{}, "mx.example.com", ttl, true});
    tlsa("mx.example.com", {}, true, ttl);
    source_.questions_.clear();
    std::chrono::seconds passed{0};
    for (; source_.questions_.size() <= 2; passed += 1s) {
      EXPECT_TRUE(planner.plan({.tls = TlsLevel::dane}, server_, "mx.example.com"));
      clock_.advance(1s);
    }
    return passed - 1s;
  };
  EXPECT_EQ(kept_for(0s), 60s);
  EXPECT_EQ(kept_for(86'400s), 3600s);
}

TEST_F(TlsPlannerTest, keeps_a_failure_for_seconds) {
  EXPECT_FALSE(plan(TlsLevel::dane));
  EXPECT_FALSE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.questions_.size(), 1U);
  host(true);
  tlsa("mx.example.com", {ee_record});
  clock_.advance(3s);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
}

TEST_F(TlsPlannerTest, keeps_a_bounded_number_of_answers) {
  TlsPlanner planner(source_, clock_, {.answers = 2});
  host(true);
  tlsa("mx.example.com", {ee_record});
  const auto questions_for = [&](const std::string& host) {
    source_.questions_.clear();
    (void)planner.plan({.tls = TlsLevel::dane}, server_, host);
    return source_.questions_.size();
  };
  EXPECT_EQ(questions_for("mx.example.com"), 2U);
  EXPECT_EQ(questions_for("a.example.com"), 1U);
  EXPECT_EQ(questions_for("b.example.com"), 1U);
  EXPECT_EQ(questions_for("mx.example.com"), 0U) << "it stays longer than failures";
  EXPECT_EQ(questions_for("a.example.com"), 1U) << "it made room";
}

TEST_F(TlsPlannerTest, takes_no_longer_than_its_time) {
  source_.slowness_ = 4s;
  host(true, "mx.example.net");
  tlsa("mx.example.net", {});
  tlsa("mx.example.com", {ee_record});
  EXPECT_TRUE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.times_, (std::vector<std::chrono::milliseconds>{10s, 6s, 2s}));
  clock_.advance(1h);
  source_.times_.clear();
  source_.slowness_ = 8s;
  EXPECT_TRUE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.times_, (std::vector<std::chrono::milliseconds>{10s, 2s, 0s}));
}

}  // namespace
}  // namespace tecs::test
