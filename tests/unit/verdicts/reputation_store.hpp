// A store with what the formula looks at, written as the roll-ups and the complaints would write it.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/verdicts/store_under_test.hpp"
#include "verdicts/reputation_rows.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs::test {

class ReputationStore : public StoreUnderTest {
 protected:
  using days = std::chrono::days;

  static constexpr std::chrono::sys_days today{std::chrono::year{2026} / 7 / 1};
  static constexpr Verdict::Time now = today + std::chrono::hours{13};

  static std::string moment(days age) { return encode_field(Verdict::Time(today - age)); }

  void change(const std::string& sql, std::vector<SqlValue> values = {}) {
    const auto done = database().change(sql, values);
    if (!done) throw std::runtime_error(done.error().sentence);
  }

  void known(const std::string& domain, const std::string& organizational_domain, days age = days{100}) {
    change("INSERT INTO known_domains (domain, organizational_domain, first, last) VALUES ($1, $2, $3, $3)",
           {domain, organizational_domain, moment(age)});
  }

  struct Counted {
    std::string domain, organizational_domain;
    std::string result = "pass";
    std::string reason{};
    std::int64_t connections = 1;
    std::int64_t messages = 0;
    days age{0};
    std::string receiver = "mx.example.net";
  };

  void daily(const Counted& of) {
    change(
        "INSERT INTO verdicts_daily (start, receiver, domain, organizational_domain, result, reason, "
        "connections, messages, recipients, bytes, duration, dns_time, verification_time) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0)",
        {moment(of.age), of.receiver, of.domain, of.organizational_domain, of.result, of.reason,
         of.connections, of.messages});
  }

  // Without verdicts: about mail to two networks in turn.
  void complaints(const std::string& domain, const std::string& organizational_domain, int count,
                  days age = days{0}, const std::string& status = "counted") {
    for (int i = 0; i < count; ++i) {
      complaint({.domain = domain,
                 .organizational_domain = organizational_domain,
                 .age = age,
                 .status = status,
                 .destination = i % 2 == 0 ? "192.0.2.25:25" : "198.51.100.25:25"});
    }
  }

  struct Complained {
    std::string domain, organizational_domain;
    days age{0};
    std::string status = "counted";
    std::string destination = "192.0.2.25:25";
    std::string verdict{};
    std::string connection_time{};
  };

  void complaint(const Complained& of) {
    change(
        "INSERT INTO complaints (id, time, status, reason, detail, verdict, domain, organizational_domain, "
        "selector, reporter, feedback_type, source, destination, epoch, connection_time, key_source) "
        "VALUES ($1, $2, $3, '', '', $7, $4, $5, '', 'reporter.example', 'abuse', '', $8, $6, $9, 'store')",
        {"complaint-" + std::to_string(++complaints_), moment(of.age), of.status, of.domain,
         of.organizational_domain, std::monostate(), of.verdict, of.destination, of.connection_time});
  }

  // A domain of its own with so many clean messages, long known.
  void clean(const std::string& domain, std::int64_t messages) {
    known(domain, domain);
    daily({.domain = domain, .organizational_domain = domain, .connections = messages, .messages = messages});
  }

  // "example.org good, example.com bad"
  std::string table() {
    std::string rows;
    const auto read = read_reputation(database(), [&](const ReputationRow& row) {
      rows += (rows.empty() ? "" : ", ") + row.domain + " " + std::string(word(row.state));
      return true;
    });
    return read ? rows : read.error().sentence;
  }

 private:
  int complaints_ = 0;
};

}  // namespace tecs::test
