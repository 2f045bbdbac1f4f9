#include "milter/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs::test {
namespace {

using testing::HasSubstr;
using testing::Not;

Verdict passed() {
  Verdict verdict;
  verdict.result = Result::pass;
  verdict.domain = "jgc.org";
  verdict.reputation = "good";
  verdict.reputation_source = "dns:rep.example.net";
  verdict.action = "accept";
  verdict.mode = "monitor";
  verdict.dns_time = std::chrono::milliseconds(3);
  verdict.verification_time = std::chrono::microseconds(18);
  return verdict;
}

Endpoint free_endpoint() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in any{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
  EXPECT_EQ(bind(probe.number(), reinterpret_cast<const sockaddr*>(&any), sizeof(any)), 0);
  return local_endpoint(probe.number()).value();
}

// The whole answer to GET /metrics, or nothing when nobody listens.
std::string fetch(const Endpoint& address) {
  const FileDescriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto name = SocketAddress::of(address);
  if (connect(client.number(), name.pointer(), name.length) != 0) return {};
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(send(client.number(), request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> part{};
  for (ssize_t size = 0; (size = recv(client.number(), part.data(), part.size(), 0)) > 0;)
    answer.append(part.data(), static_cast<std::size_t>(size));
  return answer;
}

TEST(Metrics, CountVerdictsByResultAndReason) {
  Metrics metrics;
  metrics.count(passed());
  metrics.count(passed());
  Verdict refused;
  refused.result = Result::fail;
  refused.reason = "signature-mismatch";
  metrics.count(refused);
  const std::string page = metrics.format();
  EXPECT_THAT(page, HasSubstr("tecs_verdicts_total{reason=\"\",result=\"pass\"} 2"));
  EXPECT_THAT(page, HasSubstr("tecs_verdicts_total{reason=\"signature-mismatch\",result=\"fail\"} 1"));
  EXPECT_THAT(page, HasSubstr("tecs_actions_total{action=\"accept\",mode=\"monitor\"} 2"));
  EXPECT_THAT(page, HasSubstr("tecs_reputation_total{reputation=\"good\",source=\"dns:rep.example.net\"} 2"));
  EXPECT_THAT(page, Not(HasSubstr("jgc.org"))) << "a stranger's word";
}

TEST(Metrics, MeasureOnlyWhatTriedToAuthenticate) {
  Metrics metrics;
  metrics.count(Verdict{});
  EXPECT_THAT(metrics.format(), HasSubstr("tecs_lookup_seconds_count 0"));
  metrics.count(passed());
  const std::string page = metrics.format();
  EXPECT_THAT(page, HasSubstr("tecs_lookup_seconds_count 1"));
  EXPECT_THAT(page, HasSubstr("tecs_lookup_seconds_bucket{le=\"0.001\"} 0"));
  EXPECT_THAT(page, HasSubstr("tecs_lookup_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_THAT(page, HasSubstr("tecs_verification_seconds_bucket{le=\"2e-05\"} 1"));
}

TEST(Metrics, AreAnsweredForOverHttpWithWhatIsAskedForOnlyThen) {
  Metrics metrics;
  metrics.count(passed());
  const Endpoint address = free_endpoint();
  double sessions = 12;
  const auto listening = metrics.listen(
      address, {{"tecs_sessions", "Open sessions", Reading::Kind::gauge, [&sessions] { return sessions; }},
                {"tecs_things_total", "Things", Reading::Kind::counter, [] { return 3.0; }}});
  ASSERT_TRUE(listening) << listening.error().sentence;
  std::string page = fetch(address);
  EXPECT_THAT(page, HasSubstr("200 OK"));
  EXPECT_THAT(page, HasSubstr("tecs_verdicts_total{reason=\"\",result=\"pass\"} 1"));
  EXPECT_THAT(page, HasSubstr("# TYPE tecs_sessions gauge\ntecs_sessions 12"));
  EXPECT_THAT(page, HasSubstr("# TYPE tecs_things_total counter\ntecs_things_total 3"));
  sessions = 13;
  EXPECT_THAT(fetch(address), HasSubstr("tecs_sessions 13"));
  metrics.close();
  EXPECT_EQ(fetch(address), "");
}

FileDescriptor connect_to(const Endpoint& address) {
  FileDescriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto name = SocketAddress::of(address);
  EXPECT_EQ(connect(client.number(), name.pointer(), name.length), 0);
  return client;
}

TEST(Metrics, AreAnsweredForWhileOthersSayNothing) {
  Metrics metrics;
  const Endpoint address = free_endpoint();
  ASSERT_TRUE(metrics.listen(address, {}));
  std::vector<FileDescriptor> silent;
  for (int i = 0; i < 6; ++i) silent.push_back(connect_to(address));
  EXPECT_THAT(fetch(address), HasSubstr("200 OK"));
}

TEST(Metrics, SayWhenTheAddressIsTaken) {
  Metrics first;
  Metrics second;
  const Endpoint address = free_endpoint();
  ASSERT_TRUE(first.listen(address, {}));
  const auto listening = second.listen(address, {});
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().reason, Reason::io_error);
  EXPECT_THAT(listening.error().sentence, HasSubstr("cannot answer for metrics at " + address.format()));
}

}  // namespace
}  // namespace tecs::test
