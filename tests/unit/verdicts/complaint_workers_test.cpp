#include "verdicts/complaint_workers.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/complaint_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::complaint_about;
using Step = QueuedDecision::Step;

class ComplaintWorkersCheck : public test::ComplaintFixture {
 protected:
  void put(const std::string& mail) { ASSERT_TRUE(queue_complaint(database(), mail, now_)); }
  void put_many(int count) {
    for (int i = 0; i < count; ++i)
      put(complaint_about({.source = "198.51.100.7:" + std::to_string(1000 + i)}));
  }
  std::uint64_t waiting() { return count_queued_complaints(database()).value(); }
  std::vector<std::unique_ptr<SqlDatabase>> open(int count) {
    std::vector<std::unique_ptr<SqlDatabase>> databases;
    for (int i = 0; i < count; ++i)
      databases.push_back(open_verdict_database(name(), StoreMode::read_write).value());
    return databases;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintWorkersCheck, test::both_engines, test::engine_name);

// Every mail is decided by one of many workers that look at the same time.
TEST_P(ComplaintWorkersCheck, WorkersShareTheQueue) {
  constexpr int count = 60;
  put_many(count);
  // Two complaints about messages of one connection that carried one: whoever comes first.
  const std::string other = test::replaced(complaint_about({.source = "198.51.100.7:1000"}), "<1@", "<2@");
  put(other);
  const test::HandClock clock(std::chrono::floor<std::chrono::seconds>(now_));
  std::map<std::string, int> decided;
  {
    ComplaintWorkers workers(open(4),
                             {.clock = clock,
                              .source = dns_,
                              .suffixes = suffixes_,
                              .report =
                                  [&](const Expected<QueuedDecision>& decision) {
                                    ASSERT_TRUE(decision) << decision.error().sentence;
                                    ++decided[decision->complaint.id];
                                  }},
                             {.once = true, .limits = {.without_verdict = count}});
    ASSERT_TRUE(workers.wait(60s));
  }
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(decided.size(), std::size_t{count + 1});
  for (const auto& [id, times] : decided) EXPECT_EQ(times, 1) << id;
  const auto complaints = book();
  EXPECT_EQ(complaints.size(), std::size_t{count + 1});
  EXPECT_EQ(std::count_if(complaints.begin(), complaints.end(),
                          [](const Complaint& c) { return c.status == ComplaintStatus::counted; }),
            count);
}

// They wait for more, and end when they are told.
TEST_P(ComplaintWorkersCheck, WorkersGoOnUntilTheyAreStopped) {
  const test::HandClock clock(std::chrono::floor<std::chrono::seconds>(now_));
  std::mutex mutex;
  std::condition_variable told;
  int decided = 0;
  ComplaintWorkers workers(open(1),
                           {.clock = clock,
                            .source = dns_,
                            .suffixes = suffixes_,
                            .report =
                                [&](const Expected<QueuedDecision>& decision) {
                                  const std::scoped_lock lock(mutex);
                                  decided += decision ? 1 : 0;
                                  told.notify_all();
                                }},
                           {.idle = 1ms});
  EXPECT_FALSE(workers.wait(5ms));
  for (int i = 1; i <= 2; ++i) {
    put("complaint " + std::to_string(i));
    std::unique_lock lock(mutex);
    ASSERT_TRUE(told.wait_for(lock, 60s, [&] { return decided == i; }));
  }
  workers.stop();
  EXPECT_TRUE(workers.wait(60s));
}

// A silent name server is waited for once, and not by each mail about each of its domains.
TEST_P(ComplaintWorkersCheck, ASilentDomainIsAskedOnce) {
  for (int i = 0; i < 20; ++i) {
    const std::string domain = "host" + std::to_string(i) + ".sender.example";
    dns_.fail("_domainkey." + domain);
    put(complaint_about({.domain = domain}));
  }
  const test::HandClock clock(std::chrono::floor<std::chrono::seconds>(now_));
  int postponed = 0;
  {
    ComplaintWorkers workers(open(1),
                             {.clock = clock,
                              .source = dns_,
                              .suffixes = suffixes_,
                              .report =
                                  [&](const Expected<QueuedDecision>& decision) {
                                    postponed += decision && decision->step == Step::postponed ? 1 : 0;
                                  }},
                             {.once = true});
    ASSERT_TRUE(workers.wait(60s));
  }
  EXPECT_EQ(postponed, 20);
  EXPECT_EQ(dns_.asked, 1);
}

// With once it ends, so that whoever called it hears of it; else it waits, longer each time.
TEST_P(ComplaintWorkersCheck, AStoreThatFailsIsReported) {
  put(complaint_about({}));
  ASSERT_TRUE(database().execute("ALTER TABLE complaint_queue RENAME TO away"));
  const test::HandClock clock(std::chrono::floor<std::chrono::seconds>(now_));
  std::mutex mutex;
  std::condition_variable told;
  int failures = 0;
  int decided = 0;
  const ComplaintWorkers::Surroundings surroundings{
      .clock = clock, .source = dns_, .suffixes = suffixes_, .report = [&](const auto& decision) {
        const std::scoped_lock lock(mutex);
        ++(decision ? decided : failures);
        told.notify_all();
      }};
  {
    ComplaintWorkers workers(open(1), surroundings, {.once = true});
    ASSERT_TRUE(workers.wait(60s));
  }
  EXPECT_EQ(failures, 1);
  ComplaintWorkers workers(open(1), surroundings, {.idle = 1ms, .longest_wait = 5ms});
  const auto wait_for = [&](const int& count, int wanted) {
    std::unique_lock lock(mutex);
    return told.wait_for(lock, 60s, [&] { return count >= wanted; });
  };
  ASSERT_TRUE(wait_for(failures, 3));
  ASSERT_TRUE(database().execute("ALTER TABLE away RENAME TO complaint_queue"));
  EXPECT_TRUE(wait_for(decided, 1));
  EXPECT_EQ(book().size(), 1U);
}

}  // namespace
}  // namespace tecs
