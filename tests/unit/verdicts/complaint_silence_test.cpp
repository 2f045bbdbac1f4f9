#include "verdicts/complaint_silence.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/complaint_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class ComplaintSilenceCheck : public testing::Test {
 protected:
  ComplaintSilenceCheck() {
    for (const std::string name : {"_domainkey.silent.example", "s._domainkey.mail.silent.example",
                                   "_domainkey.a.example", "_domainkey.b.example", "_domainkey.c.example"})
      dns_.fail(name);
    dns_.publish("_domainkey.good.example", "x");
  }
  // How often DNS was asked for it.
  int asked(ComplaintSilence& silence, const std::string& name) {
    const int before = dns_.asked;
    const auto answer = silence.lookup(name);
    if (!answer) {
      EXPECT_EQ(answer.error().reason, Reason::dns_timeout);
    }
    return dns_.asked - before;
  }

  test::HandClock clock_;
  const PublicSuffixList suffixes_ = PublicSuffixList::load().value();
  test::ComplaintDns dns_;
};

TEST_F(ComplaintSilenceCheck, ASilentDomainIsNotAskedAgainForSomeTime) {
  ComplaintSilence silence(dns_, clock_, suffixes_, {.memory = 10min});
  EXPECT_EQ(asked(silence, "s._domainkey.mail.silent.example"), 1);
  EXPECT_EQ(asked(silence, "_domainkey.silent.example"), 0);  // of the same organizational domain
  EXPECT_FALSE(silence.lookup("_domainkey.silent.example"));
  EXPECT_EQ(asked(silence, "_domainkey.a.example"), 1);
  clock_.advance(10min - 1us);
  EXPECT_EQ(asked(silence, "_domainkey.silent.example"), 0);
  clock_.advance(1us);
  dns_.publish("_domainkey.silent.example", "x");
  EXPECT_EQ(asked(silence, "_domainkey.silent.example"), 1);
  EXPECT_EQ(asked(silence, "_domainkey.silent.example"), 1);  // it answers again
}

TEST_F(ComplaintSilenceCheck, AnAnswerIsPassedOnEachTime) {
  ComplaintSilence silence(dns_, clock_, suffixes_);
  for (int i = 0; i < 2; ++i) {
    const auto answer = silence.lookup("_domainkey.good.example");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->texts, std::vector<std::string>{"x"});
    EXPECT_TRUE(silence.lookup("_domainkey.nothing.example"));  // that there is nothing is an answer too
  }
  EXPECT_EQ(dns_.asked, 4);
}

TEST_F(ComplaintSilenceCheck, StrangersCannotMakeItGrow) {
  ComplaintSilence silence(dns_, clock_, suffixes_, {.maximum_domains = 2});
  for (const std::string domain : {"a", "b", "c"})
    EXPECT_EQ(asked(silence, "_domainkey." + domain + ".example"), 1);
  EXPECT_EQ(asked(silence, "_domainkey.b.example"), 0);
  EXPECT_EQ(asked(silence, "_domainkey.c.example"), 0);
  EXPECT_EQ(asked(silence, "_domainkey.a.example"), 1);
}

TEST_F(ComplaintSilenceCheck, ManyThreadsMayAsk) {
  ComplaintSilence silence(dns_, clock_, suffixes_, {.maximum_domains = 2});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        for (const std::string domain : {"a", "b", "c"})
          EXPECT_FALSE(silence.lookup("_domainkey." + domain + ".example"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tecs
