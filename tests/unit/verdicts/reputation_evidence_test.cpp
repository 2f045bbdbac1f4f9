#include "verdicts/reputation_evidence.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/reputation_store.hpp"

namespace tecs {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::IsEmpty;

class ReputationEvidenceInStore : public test::ReputationStore {
 protected:
  ReputationEvidence of(const std::string& domain, EvidenceScope scope = EvidenceScope::domain) {
    return read_evidence(database(), domain, scope, today - days{30}).value();
  }

  std::vector<std::pair<std::string, ReputationEvidence>> all(EvidenceScope scope) {
    std::vector<std::pair<std::string, ReputationEvidence>> found;
    EXPECT_TRUE(read_all_evidence(database(), scope, today - days{30},
                                  [&](const std::string& domain, ReputationEvidence evidence) {
                                    found.emplace_back(domain, std::move(evidence));
                                    return true;
                                  }));
    return found;
  }

  std::string names(EvidenceScope scope) {
    std::string names;
    for (const auto& [domain, evidence] : all(scope)) names += domain + " ";
    return names;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ReputationEvidenceInStore, test::both_engines, test::engine_name);

TEST_P(ReputationEvidenceInStore, IsNothingInAnEmptyStore) {
  EXPECT_EQ(of("example.org"), ReputationEvidence{});
  EXPECT_THAT(all(EvidenceScope::domain), IsEmpty());
  EXPECT_THAT(all(EvidenceScope::organizational_domain), IsEmpty());
}

TEST_P(ReputationEvidenceInStore, IsAddedUpByDay) {
  known("a.example", "a.example", days{70});
  daily({.domain = "a.example", .organizational_domain = "a.example", .connections = 3, .messages = 4});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .connections = 2,
         .messages = 2,
         .receiver = "mx2.example.net"});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .result = "fail",
         .reason = "signature-mismatch",
         .connections = 5,
         .messages = 9});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .result = "fail",
         .reason = "key-revoked",
         .connections = 1});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .result = "fail",
         .reason = "replay",
         .connections = 7});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .result = "permerror",
         .reason = "no-key",
         .connections = 99});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .connections = 10,
         .messages = 20,
         .age = days{30}});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .connections = 1000,
         .messages = 1000,
         .age = days{31}});
  complaints("a.example", "a.example", 2);
  complaints("a.example", "a.example", 3, days{4});
  complaints("a.example", "a.example", 50, days{31});
  for (const std::string status : {"duplicate", "forged", "unverified", "malformed"})
    complaints("a.example", "a.example", 9, days{0}, status);
  const ReputationEvidence want{.first_pass = today - days{70},
                                .days = {{today - days{30}, 10, 20, 0, 0, 0},
                                         {today - days{4}, 0, 0, 0, 0, 3, 3},
                                         {today, 5, 6, 6, 7, 2, 2}},
                                .destinations = 2};
  EXPECT_EQ(of("a.example"), want);
  EXPECT_EQ(of("a.example", EvidenceScope::organizational_domain), want);
  EXPECT_THAT(all(EvidenceScope::organizational_domain), ElementsAre(std::pair("a.example", want)));
}

TEST_P(ReputationEvidenceInStore, OfAnOrganizationalDomainIsThatOfAllItsDomains) {
  known("a.example", "a.example", days{10});
  known("mail.a.example", "a.example", days{20});
  known("b.example", "b.example");
  daily({.domain = "a.example", .organizational_domain = "a.example", .messages = 1});
  daily({.domain = "mail.a.example", .organizational_domain = "a.example", .messages = 2});
  daily({.domain = "b.example", .organizational_domain = "b.example", .messages = 4});
  complaints("mail.a.example", "a.example", 1);
  complaints("never.a.example", "a.example", 1);
  EXPECT_EQ(of("a.example", EvidenceScope::organizational_domain),
            (ReputationEvidence{
                .first_pass = today - days{20}, .days = {{today, 2, 3, 0, 0, 2, 2}}, .destinations = 1}));
  EXPECT_EQ(of("a.example"),
            (ReputationEvidence{.first_pass = today - days{10}, .days = {{today, 1, 1, 0, 0, 0}}}));
  EXPECT_EQ(names(EvidenceScope::organizational_domain), "a.example b.example ");
  EXPECT_EQ(names(EvidenceScope::domain), "mail.a.example never.a.example ");
  EXPECT_THAT(all(EvidenceScope::organizational_domain),
              ElementsAre(std::pair("a.example", of("a.example", EvidenceScope::organizational_domain)),
                          std::pair("b.example", of("b.example", EvidenceScope::organizational_domain))));
}

// A stored verdict vouches for its complaint; without one the networks that the mail went to are counted.
TEST_P(ReputationEvidenceInStore, TellsWhatConfirmsComplaints) {
  known("a.example", "a.example");
  const auto complain = [&](const std::string& destination, const std::string& verdict = "") {
    complaint({.domain = "a.example",
               .organizational_domain = "a.example",
               .destination = destination,
               .verdict = verdict});
  };
  for (const std::string destination : {"192.0.2.25:25", "192.0.2.26:25", "192.0.2.25:587"})
    complain(destination);
  complain("198.51.100.25:25", "a verdict's id");
  complain("no address");
  complain("");
  EXPECT_EQ(of("a.example").destinations, 1U);
  EXPECT_THAT(of("a.example").days, ElementsAre(DailyEvidence{today, 0, 0, 0, 0, 6, 5}));
  complain("[2001:db8:1::25]:25");
  complain("[2001:db8:1:2::25]:25");
  complain("198.51.100.25:25");
  EXPECT_EQ(of("a.example").destinations, 3U);
  EXPECT_THAT(all(EvidenceScope::organizational_domain),
              ElementsAre(std::pair("a.example", of("a.example"))));
}

// Else a complaint that comes late would weigh more than the mail.
TEST_P(ReputationEvidenceInStore, HasAComplaintOnTheDayOfItsConnection) {
  known("a.example", "a.example");
  complaint({.domain = "a.example",
             .organizational_domain = "a.example",
             .verdict = "1",
             .connection_time = moment(days{9})});
  complaint({.domain = "a.example",
             .organizational_domain = "a.example",
             .verdict = "2",
             .connection_time = moment(days{31})});
  EXPECT_THAT(of("a.example").days, ElementsAre(DailyEvidence{today - days{9}, 0, 0, 0, 0, 1}));
}

// Mail to oneself is cheap, connections are a little dearer.
TEST_P(ReputationEvidenceInStore, CountsAHundredMessagesOfAConnection) {
  known("a.example", "a.example");
  daily({.domain = "a.example", .organizational_domain = "a.example", .connections = 2, .messages = 4000});
  daily({.domain = "a.example",
         .organizational_domain = "a.example",
         .connections = 50,
         .messages = 60,
         .receiver = "mx2.example.net"});
  EXPECT_THAT(of("a.example").days, ElementsAre(DailyEvidence{today, 52, 260, 0, 0, 0}));
}

// Anybody can sign badly in the name of any domain, and of domains that there are not.
TEST_P(ReputationEvidenceInStore, HasNoDomainThatOnlyFailed) {
  daily({.domain = "made.up.example",
         .organizational_domain = "up.example",
         .result = "fail",
         .reason = "signature-mismatch",
         .connections = 5});
  EXPECT_EQ(of("made.up.example"), ReputationEvidence{});
  EXPECT_EQ(names(EvidenceScope::domain), "");
  EXPECT_EQ(names(EvidenceScope::organizational_domain), "");
}

TEST_P(ReputationEvidenceInStore, OfConnectionsWithoutADomainIsNobodys) {
  daily({.domain = "", .organizational_domain = "", .result = "none", .connections = 5, .messages = 5});
  complaints("", "", 3);
  EXPECT_EQ(names(EvidenceScope::domain), "");
  EXPECT_EQ(names(EvidenceScope::organizational_domain), "");
}

TEST_P(ReputationEvidenceInStore, IsVisitedUntilSomebodyHasEnough) {
  for (const std::string name : {"a", "b", "c", "d"}) known(name + ".example", name + ".example");
  for (const std::size_t enough : {1U, 3U, 4U, 9U}) {
    std::size_t visited = 0;
    EXPECT_TRUE(
        read_all_evidence(database(), EvidenceScope::organizational_domain, today,
                          [&](const std::string&, const ReputationEvidence&) { return ++visited < enough; }));
    EXPECT_EQ(visited, std::min<std::size_t>(enough, 4));
  }
}

TEST_P(ReputationEvidenceInStore, TellsForWhomANameStands) {
  known("a.example", "a.example");
  known("mail.b.example", "b.example");
  complaints("mail.c.example", "c.example", 1);
  complaints("mail.d.example", "d.example", 1, days{0}, "forged");
  for (const std::string name : {"a.example", "b.example", "c.example"})
    EXPECT_EQ(scope_of(database(), name), EvidenceScope::organizational_domain) << name;
  for (const std::string name : {"mail.b.example", "mail.c.example", "d.example", "e.example"})
    EXPECT_EQ(scope_of(database(), name), EvidenceScope::domain) << name;
}

}  // namespace
}  // namespace tecs
