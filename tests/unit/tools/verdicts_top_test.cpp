#include "tools/verdicts_top.hpp"

#include "unit/tools/verdicts_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class VerdictsTop : public VerdictsTest {
 protected:
  Ran top(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "top");
    return verdicts(more);
  }
  void rate(const std::string& domain, const std::string& state) const {
    const auto database = open_verdict_database(StoreName::parse(store_).value(), StoreMode::read_write);
    ASSERT_TRUE(database);
    const std::vector<SqlValue> values{domain, state};
    ASSERT_TRUE(
        (*database)->change("INSERT INTO reputation (domain, state, reason, time, number, organizational) "
                            "VALUES ($1, $2, '', '', 0, 0)",
                            values));
  }
};

TEST_F(VerdictsTop, ListsDomainsWithWhatTheyAreWorth) {
  Verdict more = aged(4, std::chrono::minutes{2});
  more.domain = more.organizational_domain = "example.org";
  more.result = Result::temperror;
  write({more});
  rate("jgc.org", "good");
  const Ran ran = top();
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(
      ran.out,
      "DOMAIN        CONNECTIONS  SHARE  MESSAGES  PASS  PASSED  FAIL  OTHER  REPUTATION  FIRST SEEN\n"
      "example.org             2  50.0%         4     0    0.0%     1      1  -           -\n"
      "mail.jgc.org            1  25.0%         2     1  100.0%     0      0  good        2007-02-06\n");
}

TEST_F(VerdictsTop, ADomainsOwnReputationGoesBeforeThatOfItsOrganization) {
  rate("jgc.org", "good");
  rate("mail.jgc.org", "bad");
  EXPECT_THAT(
      top({"--format", "json"}).out,
      HasSubstr(
          "{\"domain\":\"mail.jgc.org\",\"connections\":1,\"messages\":2,\"pass\":1,\"fail\":0,\"other\":0,"
          "\"reputation\":\"bad\",\"first_seen\":\"2007-02-06T23:59:10.000Z\"}\n"));
}

TEST_F(VerdictsTop, AsManyAsAskedFor) {
  EXPECT_EQ(top({"-n", "1", "--format", "csv"}).out,
            "domain,connections,messages,pass,fail,other,reputation,first_seen\r\n"
            "example.org,1,2,0,1,0,,\r\n");
  EXPECT_THAT(top({"--since", "1h"}).out, Not(HasSubstr("example.org")));
}

TEST_F(VerdictsTop, SaysWhenTheTableHoldsNoReputation) {
  rate("example.org", "splendid");
  const Ran ran = top();
  EXPECT_EQ(ran.code, ExitCode::io_error);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, StartsWith("tecs verdicts top: the table reputation has a state"));
}

}  // namespace
}  // namespace tecs
