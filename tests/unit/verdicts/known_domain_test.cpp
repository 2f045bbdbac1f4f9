#include "verdicts/known_domain.hpp"

#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class KnownDomains : public test::StoreUnderTest {
 protected:
  Verdict pass(const std::string& domain, unsigned seconds) {
    Verdict verdict = test::numbered_verdict(++number_);
    verdict.time = start + std::chrono::seconds(seconds);
    verdict.result = Result::pass;
    verdict.domain = domain;
    return verdict;
  }
  void write(const Verdict& verdict) { ASSERT_TRUE(verdict_store().write({&verdict, 1})); }

  std::vector<std::string> new_since(unsigned seconds, std::size_t limit) {
    std::vector<std::string> names;
    const auto found = find_new_domains(database(), start + std::chrono::seconds(seconds), limit);
    EXPECT_TRUE(found) << found.error().sentence;
    for (const KnownDomain& domain : found.value_or(std::vector<KnownDomain>{}))
      names.push_back(domain.domain);
    return names;
  }

  const Verdict::Time start = test::full_verdict().time;

 private:
  unsigned number_ = 0;
};

TEST_P(KnownDomains, TellFirstAndLastPassWhateverTheOrder) {
  write(pass("jgc.org", 20));
  write(pass("jgc.org", 10));
  write(pass("jgc.org", 30));
  Verdict failed = pass("jgc.org", 40);
  failed.result = Result::fail;
  write(failed);
  const auto found = find_known_domain(database(), "jgc.org");
  ASSERT_TRUE(found) << found.error().sentence;
  EXPECT_EQ(*found,
            (KnownDomain{"jgc.org", "jgc.org", start + 10s, std::chrono::floor<std::chrono::days>(start)}));
  EXPECT_EQ(find_known_domain(database(), "org"), std::nullopt);
  EXPECT_EQ(find_known_domain(database(), ""), std::nullopt);
}

TEST_P(KnownDomains, TakeTheOrganizationalDomainOfTheNewestDay) {
  constexpr unsigned day = 24 * 3600;
  Verdict newer = pass("a.jgc.org", 2 * day), older = pass("a.jgc.org", day);
  older.organizational_domain = "org";
  write(newer);
  write(older);
  EXPECT_EQ(find_known_domain(database(), "a.jgc.org").value()->organizational_domain, "jgc.org");
  Verdict newest = pass("a.jgc.org", 3 * day);
  newest.organizational_domain = "a.jgc.org";
  write(newest);
  EXPECT_EQ(find_known_domain(database(), "a.jgc.org").value()->organizational_domain, "a.jgc.org");
}

TEST_P(KnownDomains, AreListedNewestFirst) {
  for (const auto& [domain, seconds] : {std::pair{"c.example", 10U}, {"b.example", 20U}, {"a.example", 20U}})
    write(pass(domain, seconds));
  write(pass("c.example", 30));  // it was known by then
  using Names = std::vector<std::string>;
  EXPECT_EQ(new_since(0, 100), (Names{"a.example", "b.example", "c.example"}));
  EXPECT_EQ(new_since(11, 100), (Names{"a.example", "b.example"}));
  EXPECT_EQ(new_since(20, 1), (Names{"a.example"}));
  EXPECT_EQ(new_since(21, 100), Names{});
  EXPECT_EQ(new_since(0, 0), Names{});
  EXPECT_EQ(new_since(0, SIZE_MAX).size(), 3U);
}

TEST_P(KnownDomains, SayThatATimeCannotBeRead) {
  ASSERT_TRUE(database().execute("INSERT INTO known_domains VALUES ('jgc.org', '', 'yesterday', 'today')"));
  const auto found = find_known_domain(database(), "jgc.org");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().sentence, "a known domain in the store has a time that cannot be read");
}

INSTANTIATE_TEST_SUITE_P(Engines, KnownDomains, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
