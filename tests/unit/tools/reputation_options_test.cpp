#include "tools/reputation_options.hpp"

#include "unit/tools/reputation_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;

class ReputationOptions : public ReputationCommandTest {
 protected:
  Ran with_file(const std::string& text, std::vector<std::string> words) {
    words.insert(words.begin(), "reputation");
    words.insert(words.end(), {"--configuration", write("reputation.conf", text)});
    return run(words);
  }
};

TEST_F(ReputationOptions, ComeFromAFileForAllSubcommands) {
  three_domains();
  const std::string file = "store = " + store_ +
                           "\nminimum-volume = 3\nzone = rep.example.net\nout = " + path("rep.zone") +
                           "\nns = ns1.example.net\nns = ns2.example.net\nrater = op.example\n";
  EXPECT_EQ(with_file(file, {"compute"}).out,
            "bad.example unknown bad\nfew.example unknown medium\ngood.example unknown good\n");
  EXPECT_THAT(with_file(file, {"show", "few.example"}).out, HasSubstr("state:        medium\n"));
  EXPECT_THAT(with_file(file, {"show", "few.example", "--format", "reputon"}).out,
              HasSubstr("\"rater\":\"op.example\""));
  EXPECT_EQ(with_file(file, {"publish"}).code, ExitCode::ok);
  EXPECT_THAT(read(path("rep.zone")), HasSubstr("@ IN NS ns1.example.net.\n@ IN NS ns2.example.net.\n"));
  EXPECT_THAT(with_file(file, {"list"}).out, HasSubstr("few.example"));
}

TEST_F(ReputationOptions, OfTheCommandLineWin) {
  three_domains();
  EXPECT_EQ(with_file("store = sqlite:/nowhere\nminimum-volume = 3\nbad-rate = 0.2\n",
                      {"compute", "--store", store_, "--bad-rate", "0.03", "--dry-run"})
                .out,
            "bad.example unknown bad\nfew.example unknown medium\ngood.example unknown good\n");
}

TEST_F(ReputationOptions, AreRefusedWithTheirLine) {
  struct Row {
    std::string test, file, want;
  };
  for (const Row& row : {
           Row{"no such option", "\nzones = rep.example.net\n", ":2: zones: there is no such option"},
           Row{"bad value of what another subcommand takes", "ttl = soon\n", ":1: ttl: not a duration"},
           Row{"no share", "bad-rate = 3\n", ":1: bad-rate: must be a number from 0 to 1"},
           Row{"no number", "bad-rate = nan\n", ":1: bad-rate: must be a number from 0 to 1"},
           Row{"no network", "minimum-destinations = 0\n",
               ":1: minimum-destinations: must be a number from 1 to 100"},
           Row{"twice", "ttl = 5m\nttl = 6m\n", ":2: ttl: already set in line 1"},
           Row{"a map with a refusal", "listed = 127.255.255.254=bad\n",
               ":1: listed: 127.255.255.254 cannot"},
       }) {
    const Ran ran = with_file(row.file, {"compute", "--store", store_});
    EXPECT_EQ(ran.code, ExitCode::configuration) << row.test;
    EXPECT_THAT(ran.err, HasSubstr(path("reputation.conf") + row.want)) << row.test;
  }
}

TEST_F(ReputationOptions, MustBeThereWhenAFileIsNamed) {
  const Ran ran = reputation({"compute", "--configuration", path("none.conf")});
  EXPECT_EQ(ran.code, ExitCode::configuration);
  EXPECT_THAT(ran.err, HasSubstr(path("none.conf")));
}

TEST_F(ReputationOptions, MustNotContradictEachOther) {
  struct Row {
    std::vector<std::string> options;
    std::string want;
  };
  for (const Row& row : {
           Row{{"--good-rate", "0.03"}, "good-rate must be less than bad-rate"},
           Row{{"--bad-rate", "0"}, "good-rate must be less than bad-rate"},
           Row{{"--minimum-complaints", "0"}, "minimum-complaints must be 1 at least"},
           Row{{"--bad-rate", "1.01"}, "must be a number from 0 to 1"},
           Row{{"--half-life", "1h"}, "must be from 1d to 3650d"},
           Row{{"--zone", "rep.example.net"}, "unrecognised option '--zone'"},
       }) {
    std::vector<std::string> words{"compute"};
    words.insert(words.end(), row.options.begin(), row.options.end());
    const Ran ran = reputation(words);
    EXPECT_EQ(ran.code, ExitCode::usage) << row.want;
    EXPECT_THAT(ran.err, HasSubstr(row.want));
  }
}

}  // namespace
}  // namespace tecs
