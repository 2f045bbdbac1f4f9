// A store with three verdicts, for the subcommands of tecs verdicts.
#pragma once

#include <string>
#include <vector>

#include "unit/tools/command_run.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// Three verdicts: a pass a minute ago, a failure two hours ago, an unsigned connection two days ago. The
// stopped clock says 2007-02-07T00:00:10Z.
class VerdictsTest : public CommandTest {
 protected:
  VerdictsTest() {
    Verdict pass = aged(1, std::chrono::minutes{1});
    pass.result = Result::pass;
    pass.reason.clear();
    Verdict fail = aged(2, std::chrono::hours{2});
    fail.domain = fail.organizational_domain = "example.org";
    fail.receiver = "mx2.example.net";
    fail.client_network = "192.0.2.0/24";
    Verdict none = aged(3, std::chrono::days{2});
    none.result = Result::none;
    none.reason.clear();
    none.domain.clear();
    none.organizational_domain.clear();
    write({pass, fail, none});
  }

  // Like numbered_verdict(), but so long before the clock's time.
  [[nodiscard]] Verdict aged(unsigned number, std::chrono::seconds age) const {
    Verdict verdict = test::numbered_verdict(number);
    verdict.time = std::chrono::floor<std::chrono::milliseconds>(clock_.now()) - age;
    return verdict;
  }

  void write(const std::vector<Verdict>& verdicts) const {
    const auto opened = open_verdict_store(StoreName::parse(store_).value(), StoreMode::read_write);
    ASSERT_TRUE(opened);
    ASSERT_TRUE((*opened)->write(verdicts));
  }
  using CommandTest::write;

  // "tecs verdicts" with these words, and the store.
  Ran verdicts(std::vector<std::string> words) {
    words.insert(words.begin(), "verdicts");
    words.insert(words.end(), {"--store", store_});
    return run(words);
  }

  const std::string store_ = "sqlite:" + path("verdicts.db");
};

}  // namespace tecs
