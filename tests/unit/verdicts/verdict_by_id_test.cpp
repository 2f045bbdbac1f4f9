#include "verdicts/verdict_by_id.hpp"

#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

class VerdictById : public test::StoreUnderTest {
 protected:
  static Verdict with_id(const std::string& id) {
    Verdict verdict = test::full_verdict();
    verdict.id = id;
    return verdict;
  }
  std::string found(const std::string& beginning, std::size_t limit = 10) {
    const auto verdicts = find_verdicts_by_id(database(), beginning, limit);
    EXPECT_TRUE(verdicts) << verdicts.error().sentence;
    std::string ends;
    for (const Verdict& verdict : *verdicts) ends += verdict.id.back();
    return ends;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, VerdictById, test::both_engines, test::engine_name);

TEST_P(VerdictById, IsFoundByABeginning) {
  const std::vector<Verdict> written{
      with_id("0190163d-8694-739b-aea5-000000000002"), with_id("0190163d-8694-739b-aea5-000000000001"),
      with_id("0190163d-8695-739b-aea5-000000000003"), with_id("0190163f-ffff-7fff-bfff-fffffffffff4")};
  ASSERT_TRUE(verdict_store().write(written));
  EXPECT_EQ(found("0190163d-8694-739b-aea5-000000000001"), "1");
  EXPECT_EQ(found("0190163d-8694"), "12");
  EXPECT_EQ(found("0190163d"), "123");
  EXPECT_EQ(found("0190163d-"), "123");
  EXPECT_EQ(found("0190163d", 2), "12");
  EXPECT_EQ(found("0190163f-ffff-7fff-bfff-ffffffffff"), "4");
  EXPECT_EQ(found("0190163e"), "");
  EXPECT_EQ(*find_verdicts_by_id(database(), "0190163d-8695", 1), std::vector<Verdict>{written[2]});
}

TEST_P(VerdictById, KnowsWhichAreThere) {
  const Verdict first = test::numbered_verdict(1);
  const Verdict second = test::numbered_verdict(2);
  ASSERT_TRUE(verdict_store().write({&first, 1}));
  const std::vector<Verdict> asked{second, first, first};
  EXPECT_EQ(*find_known_ids(database(), asked), std::set<std::string>{first.id});
  EXPECT_EQ(*find_known_ids(database(), {}), std::set<std::string>{});
}

}  // namespace
}  // namespace tecs
