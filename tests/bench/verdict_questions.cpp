#include "bench/verdict_questions.hpp"

#include <chrono>
#include <utility>

#include "bench/verdict_traffic.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_store_select.hpp"
#include "verdicts/verdict_summary.hpp"
#include "verdicts/verdict_tail.hpp"

namespace tecs::bench {
namespace {

constexpr const char* domain_that_sends_much = "mail.d7.example";

Verdict::Time day(int number) {
  return TrafficOptions{}.start + std::chrono::days{number};
}

std::string moment(int number) {
  return encode_field(day(number));
}

Expected<std::size_t> summarized(SqlDatabase& database, const SummaryQuery& query) {
  return summarize(database, query).map([](const auto& rows) { return rows.size(); });
}

Expected<std::size_t> selected(SqlDatabase& database, const VerdictQuery& query) {
  std::size_t count = 0;
  return select_verdicts(database, query, [&](const Verdict&) { return ++count > 0; }).map([&] {
    return count;
  });
}

Expected<std::size_t> tail(SqlDatabase& database, std::uint64_t) {
  std::size_t count = 0;
  VerdictTail of(database);
  return of.visit_last(10, [&](const Verdict&) { return ++count > 0; }).map([&] { return count; });
}

// One in the middle.
std::string id_of_one(std::uint64_t verdicts) {
  return Traffic(ninety_days(verdicts)).verdict(verdicts / 2).id;
}

}  // namespace

std::vector<Question> questions(std::uint64_t verdicts) {
  const std::string sums = "COUNT(*), SUM(messages), SUM(recipients), SUM(bytes) FROM verdicts ";
  const std::string all = "SELECT " + verdict_columns() + " FROM verdicts ";
  return {
      {"summary by domain",
       [](SqlDatabase& database, std::uint64_t) { return summarized(database, {.by = SummaryKey::domain}); },
       "SELECT domain, result, " + sums + "GROUP BY domain, result",
       {}},
      {"summary by organizational domain",
       [](SqlDatabase& database, std::uint64_t) {
         return summarized(database, {.by = SummaryKey::organizational_domain});
       },
       "SELECT organizational_domain, result, " + sums + "GROUP BY organizational_domain, result",
       {}},
      {"hours of a week",
       [](SqlDatabase& database, std::uint64_t) {
         return summarized(database, {.by = SummaryKey::hour, .since = day(60), .until = day(67)});
       },
       "SELECT substr(time, 1, 13), result, " + sums +
           "WHERE time >= $1 AND time < $2 GROUP BY substr(time, 1, 13), result",
       {moment(60), moment(67)}},
      {"one domain by day",
       [](SqlDatabase& database, std::uint64_t) {
         return summarized(database, {.by = SummaryKey::day, .domain = domain_that_sends_much});
       },
       "SELECT substr(time, 1, 10), result, " + sums +
           "WHERE domain = $1 AND domain <> '' GROUP BY substr(time, 1, 10), result",
       {std::string(domain_that_sends_much)}},
      {"top domains of a week",
       [](SqlDatabase& database, std::uint64_t) {
         return summarized(database, {.since = day(83), .limit = 20});
       },
       "SELECT domain, " + sums + "WHERE time >= $1 GROUP BY domain ORDER BY COUNT(*) DESC LIMIT 20",
       {moment(83)}},
      {"newest 100 that failed",
       [](SqlDatabase& database, std::uint64_t) {
         return selected(database, {.result = Result::fail, .limit = 100});
       },
       all + "WHERE result = 'fail' ORDER BY time DESC, id DESC LIMIT 100",
       {}},
      {"one verdict by id",
       [](SqlDatabase& database, std::uint64_t count) {
         return selected(database, {.id = id_of_one(count)});
       },
       all + "WHERE id = $1",
       {id_of_one(verdicts)}},
      {"last ten that arrived", tail, all + "ORDER BY time DESC LIMIT 10", {}},
  };
}

}  // namespace tecs::bench
