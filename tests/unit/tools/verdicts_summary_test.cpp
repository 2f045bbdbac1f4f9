#include "tools/verdicts_summary.hpp"

#include "unit/tools/verdicts_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class VerdictsSummary : public VerdictsTest {
 protected:
  Ran summary(std::vector<std::string> more) {
    more.insert(more.begin(), "summary");
    return verdicts(more);
  }
  // The first column of the CSV, the rows in their order; a hyphen for an empty one.
  std::string keys(std::vector<std::string> more) {
    more.insert(more.end(), {"--format", "csv"});
    std::istringstream lines(summary(more).out);
    std::string line;
    std::getline(lines, line);
    std::string found;
    while (std::getline(lines, line)) {
      if (!found.empty()) found += ' ';
      found += line.starts_with(',') ? "-" : line.substr(0, line.find(','));
    }
    return found;
  }
};

TEST_F(VerdictsSummary, ATableIsTheDefault) {
  const Ran ran = summary({"--by", "domain"});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "DOMAIN        CONNECTIONS  SHARE  MESSAGES    SIZE  PASS  FAIL  NONE  OTHER\n"
            "-                       1  33.3%         2  5.0 GB     0     0     1      0\n"
            "example.org             1  33.3%         2  5.0 GB     0     1     0      0\n"
            "mail.jgc.org            1  33.3%         2  5.0 GB     1     0     0      0\n"
            "\n"
            "3 rows: 3 connections, 6 messages\n");
}

TEST_F(VerdictsSummary, SharesAreThoseOfAll) {
  EXPECT_EQ(summary({"--by", "domain", "-n", "1"}).out,
            "DOMAIN  CONNECTIONS  SHARE  MESSAGES    SIZE  PASS  FAIL  NONE  OTHER\n"
            "-                 1  33.3%         2  5.0 GB     0     0     1      0\n"
            "\n"
            "3 rows: 3 connections, 6 messages (1 row is shown)\n");
}

TEST_F(VerdictsSummary, JsonHasAllCounts) {
  EXPECT_EQ(summary({"--by", "result", "--result", "fail", "--format", "json"}).out,
            "{\"result\":\"fail\",\"connections\":1,\"messages\":2,\"recipients\":3,\"bytes\":5000000000,"
            "\"none\":0,"
            "\"pass\":0,\"fail\":1,\"policy\":0,\"neutral\":0,\"temperror\":0,\"permerror\":0}\n");
}

TEST_F(VerdictsSummary, CsvHasAHeading) {
  EXPECT_EQ(summary({"--by", "network", "--result", "fail", "--format", "csv"}).out,
            "client_network,connections,messages,recipients,bytes,none,pass,fail,policy,neutral,temperror,"
            "permerror\r\n"
            "192.0.2.0/24,1,2,3,5000000000,0,0,1,0,0,0,0\r\n");
}

TEST_F(VerdictsSummary, CountsByEachProperty) {
  struct Row {
    std::string by;
    std::string want;
  };
  for (const Row& row : {
           Row{"domain", "- example.org mail.jgc.org"},
           Row{"organizational-domain", "- example.org jgc.org"},
           Row{"result", "fail none pass"},
           Row{"reason", "- signature-mismatch"},
           Row{"network", "2001:db8::/48 192.0.2.0/24"},
           Row{"receiver", "mx.example.net mx2.example.net"},
       }) {
    EXPECT_EQ(keys({"--by", row.by}), row.want) << row.by;
  }
}

TEST_F(VerdictsSummary, HoursAndDaysComeInTheirOrder) {
  EXPECT_THAT(summary({"--by", "hour"}).out, HasSubstr("\n2007-02-05 00:00            1  33.3%"));
  EXPECT_THAT(summary({"--by", "hour"}).out, StartsWith("HOUR (UTC)        CONNECTIONS"));
  EXPECT_THAT(summary({"--by", "day"}).out, HasSubstr("\n2007-02-06            2  66.7%"));
  EXPECT_EQ(keys({"--by", "hour"}),
            "2007-02-05T00:00:00.000Z 2007-02-06T22:00:00.000Z 2007-02-06T23:00:00.000Z");
}

TEST_F(VerdictsSummary, Selects) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want;
  };
  for (const Row& row : {
           Row{"since", {"--since", "1d"}, "example.org mail.jgc.org"},
           Row{"until", {"--until", "2007-02-06T00:00:00Z"}, "-"},
           Row{"domain", {"--domain", "Example.org"}, "example.org"},
           Row{"organizational domain", {"--organizational-domain", "jgc.org"}, "mail.jgc.org"},
           Row{"receiver", {"--receiver", "mx2.example.net"}, "example.org"},
           Row{"result", {"--result", "pass"}, "mail.jgc.org"},
           Row{"limit", {"--since", "1d", "-n", "1"}, "example.org"},
       }) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> options{"--by", "domain"};
    options.insert(options.end(), row.options.begin(), row.options.end());
    EXPECT_EQ(keys(options), row.want);
  }
}

TEST_F(VerdictsSummary, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want;
  };
  for (const Row& row : {
           Row{"no key", {}, "the option '--by' is required"},
           Row{"unknown key", {"--by", "helo"}, "--by: one of domain, organizational-domain,"},
           Row{"unknown form", {"--by", "day", "--format", "xml"}, "--format: table, json or csv"},
           Row{"what roll-ups do not know",
               {"--by", "day", "--reason", "x"},
               "unrecognised option '--reason'"},
           Row{"bad time", {"--by", "day", "--since", "x"}, "--since: not a time"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = summary(row.options);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verdicts summary: " + row.want));
  }
}

}  // namespace
}  // namespace tecs
