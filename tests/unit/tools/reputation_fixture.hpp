// Runs `tecs reputation` on a store that is made for the test, with the clock of CommandTest.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "unit/tools/command_run.hpp"
#include "verdicts/verdict_database.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {

class ReputationCommandTest : public CommandTest {
 protected:
  ReputationCommandTest() {
    auto opened = open_verdict_database(*StoreName::parse(store_), StoreMode::read_write);
    EXPECT_TRUE(opened);
    database_ = std::move(*opened);
  }

  // `tecs reputation WORDS --store ...`
  Ran reputation(std::vector<std::string> words) {
    words.insert(words.begin(), "reputation");
    words.insert(words.end(), {"--store", store_});
    return run(words);
  }

  void change(const std::string& sql, const std::vector<SqlValue>& values = {}) {
    const auto done = database_->change(sql, values);
    EXPECT_TRUE(done) << done.error().sentence;
  }

  [[nodiscard]] std::string moment(int days_ago) const {
    return encode_field(std::chrono::floor<std::chrono::milliseconds>(clock_.now()) -
                        std::chrono::days{days_ago});
  }

  // So many messages today, one a connection, of a domain that first passed a hundred days ago.
  void known(const std::string& domain, std::int64_t messages,
             const std::string& organizational_domain = "") {
    const std::string owner = organizational_domain.empty() ? domain : organizational_domain;
    change("INSERT INTO known_domains (domain, organizational_domain, first, last) VALUES ($1, $2, $3, $3)",
           {domain, owner, moment(100)});
    change(
        "INSERT INTO verdicts_daily (start, receiver, domain, organizational_domain, result, reason, "
        "connections, messages, recipients, bytes, duration, dns_time, verification_time) "
        "VALUES ($1, 'mx.example.net', $2, $3, 'pass', '', $4, $4, 0, 0, 0, 0, 0)",
        {moment(0).substr(0, 10) + "T00:00:00.000Z", domain, owner, messages});
  }

  // Without verdicts: about mail to two networks in turn.
  void complained(const std::string& domain, int count, const std::string& organizational_domain = "",
                  const std::vector<std::string>& verdicts = {}) {
    for (int i = 0; i < count; ++i) {
      const std::string verdict = verdicts.empty() ? "" : verdicts.at(static_cast<std::size_t>(i));
      change(
          "INSERT INTO complaints (id, time, status, reason, detail, verdict, domain, organizational_domain, "
          "selector, reporter, feedback_type, source, destination, epoch, connection_time, key_source) "
          "VALUES ($1, $2, 'counted', '', '', $3, $4, $5, '', '', 'abuse', '', $7, $6, '', '')",
          {"complaint-" + std::to_string(++complaints_), moment(0), verdict, domain,
           organizational_domain.empty() ? domain : organizational_domain, std::monostate(),
           i % 2 == 0 ? "192.0.2.25:25" : "198.51.100.25:25"});
    }
  }

  void three_domains() {
    known("good.example", 1000);
    known("bad.example", 100);
    complained("bad.example", 20);
    known("few.example", 3);
  }

  const std::string store_ = "sqlite:" + path("verdicts.db");
  std::unique_ptr<SqlDatabase> database_;

 private:
  int complaints_ = 0;
};

}  // namespace tecs
