#include "milter/verdict_journal.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>
#include <string>
#include <vector>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

Verdict made() {
  Verdict verdict;
  verdict.id = "01";
  verdict.receiver = "mx.example.net";
  verdict.server = "192.0.2.25:25";
  verdict.client = "[2001:db8::7]:40213";
  verdict.helo = "client.example";
  verdict.credential = "SECRET";
  verdict.duration = 1500us;
  return verdict;
}

TEST(VerdictLine, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(
      format_verdict_line(made()),
      "verdict result=none client=[2001:db8::7]:40213 server=192.0.2.25:25 helo=client.example messages=0 "
      "recipients=0 bytes=0 duration=1500 dns_time=0 verification_time=0 id=01");
}

TEST(VerdictLine, SaysAllThatIsKnown) {
  Verdict verdict = made();
  verdict.result = Result::fail;
  verdict.reason = "signature-mismatch";
  verdict.detail = "not this one";
  verdict.domain = "jgc.org";
  verdict.selector = "s1";
  verdict.tls = "TLSv1.3";
  verdict.algorithm = "rsa-sha256";
  verdict.key_bits = 2048;
  verdict.dnssec = true;
  verdict.testing = true;
  verdict.epoch_offset = -30s;
  verdict.reputation = "bad";
  verdict.reputation_source = "dns:rep.example.net";
  verdict.score = -5.2;
  verdict.symbols = "TECS_FAIL,REP_BAD";
  verdict.action = "delay";
  verdict.mode = "monitor";
  EXPECT_EQ(
      format_verdict_line(verdict),
      "verdict result=fail reason=signature-mismatch domain=jgc.org selector=s1 client=[2001:db8::7]:40213 "
      "server=192.0.2.25:25 helo=client.example tls=TLSv1.3 algorithm=rsa-sha256 key_bits=2048 dnssec=true "
      "testing=true epoch_offset=-30 reputation=bad reputation_source=dns:rep.example.net score=-5.2 "
      "symbols=TECS_FAIL,REP_BAD action=delay mode=monitor messages=0 recipients=0 bytes=0 duration=1500 "
      "dns_time=0 "
      "verification_time=0 detail=\"not this one\" id=01");
}

TEST(VerdictLine, AStrangerCannotAddAWord) {
  Verdict verdict = made();
  verdict.helo = "a\" result=pass b";
  EXPECT_NE(format_verdict_line(verdict).find(" helo=\"a\\x22 result=pass b\" "), std::string::npos);
  verdict.helo = "a=b";
  EXPECT_NE(format_verdict_line(verdict).find(" helo=a=b "), std::string::npos);
}

class MemoryStore final : public VerdictStore {
 public:
  explicit MemoryStore(std::vector<Verdict>& verdicts) : verdicts_(verdicts) {}
  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override {
    verdicts_.insert(verdicts_.end(), verdicts.begin(), verdicts.end());
    return {};
  }
  [[nodiscard]] Expected<void> select(const VerdictQuery&,
                                      const std::function<bool(const Verdict&)>&) override {
    return {};
  }

 private:
  std::vector<Verdict>& verdicts_;
};

TEST(VerdictJournal, CompletesLogsAndWrites) {
  std::vector<Verdict> written;
  std::ostringstream log_text;
  const auto log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_text));
  const test::HandClock clock;
  VerdictWriter writer(std::make_unique<MemoryStore>(written), log, clock);
  const auto suffixes = PublicSuffixList::load();
  ASSERT_TRUE(suffixes);
  Metrics metrics;
  VerdictJournal journal(writer, *suffixes, metrics, log);
  Verdict verdict = made();
  verdict.domain = "mail.jgc.co.uk";
  journal.add(verdict);
  verdict.domain.clear();
  journal.add(verdict);
  ASSERT_TRUE(writer.stop(10s));
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].organizational_domain, "jgc.co.uk");
  EXPECT_EQ(written[1].organizational_domain, "");
  EXPECT_EQ(written[0].client_network, "2001:db8::/48");
  EXPECT_EQ(written[0].id.size(), 36U);
  EXPECT_NE(written[0].id, written[1].id);
  EXPECT_NE(log_text.str().find("domain=mail.jgc.co.uk"), std::string::npos);
  EXPECT_EQ(log_text.str().find("SECRET"), std::string::npos);
}

}  // namespace
}  // namespace tecs
