#include "verdicts/reputation_lookup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/reputation_fakes.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Lookup : public testing::Test {
 protected:
  std::unique_ptr<ReputationLookup> lookup_of(const std::vector<test::SourceScript*>& scripts) {
    std::vector<ReputationLookup::Source> sources;
    for (test::SourceScript* script : scripts) {
      sources.push_back(
          {"source " + std::to_string(sources.size() + 1), std::make_unique<test::ScriptedSource>(*script)});
    }
    return std::make_unique<ReputationLookup>(parts, std::move(sources), 2s);
  }
  // "bad source 1 jgc.org"
  static std::string ask(ReputationLookup& lookup, const std::string& domain) {
    const ReputationAnswer answer = lookup.lookup(*Domain::parse(domain));
    std::string text(word(answer.reputation));
    if (!answer.source.empty()) text += " " + answer.source + " " + answer.domain;
    return text;
  }

  test::HandClock clock;
  const PublicSuffixList suffixes = *PublicSuffixList::load();
  const std::shared_ptr<test::LogLines> lines = std::make_shared<test::LogLines>();
  const ReputationLookup::Parts parts{clock, suffixes, std::make_shared<spdlog::logger>("test", lines)};
  test::SourceScript first, second;
};

TEST_F(Lookup, TheFirstSourceThatKnowsWins) {
  struct Row {
    std::string_view test;
    std::map<std::string, Reputation> first, second;
    std::string want;
  };
  for (const Row& row : {
           Row{"nobody knows", {}, {}, "unknown"},
           Row{"the domain",
               {{"mail.example.co.uk", Reputation::good}},
               {},
               "good source 1 mail.example.co.uk"},
           Row{"the organizational domain",
               {{"example.co.uk", Reputation::bad}},
               {},
               "bad source 1 example.co.uk"},
           Row{"the domain before the organizational",
               {{"mail.example.co.uk", Reputation::good}, {"example.co.uk", Reputation::bad}},
               {},
               "good source 1 mail.example.co.uk"},
           Row{"nothing above the organizational domain", {{"co.uk", Reputation::bad}}, {}, "unknown"},
           Row{"the second",
               {},
               {{"mail.example.co.uk", Reputation::medium}},
               "medium source 2 mail.example.co.uk"},
           Row{"the first source's organizational domain before the second's domain",
               {{"example.co.uk", Reputation::bad}},
               {{"mail.example.co.uk", Reputation::good}},
               "bad source 1 example.co.uk"},
           Row{"unknown is an answer",
               {{"mail.example.co.uk", Reputation::unknown}, {"example.co.uk", Reputation::bad}},
               {{"mail.example.co.uk", Reputation::bad}},
               "unknown source 1 mail.example.co.uk"},
       }) {
    first.known = row.first;
    second.known = row.second;
    const auto lookup = lookup_of({&first, &second});
    EXPECT_EQ(ask(*lookup, "mail.Example.co.uk"), row.want) << row.test;
  }
  EXPECT_THAT(lines->lines(), IsEmpty());
}

TEST_F(Lookup, WithoutSourcesNothingIsKnown) {
  const auto lookup = lookup_of({});
  EXPECT_EQ(ask(*lookup, "jgc.org"), "unknown");
  EXPECT_TRUE(lookup->check());
  EXPECT_THAT(lookup->statistics(), IsEmpty());
}

TEST_F(Lookup, SubdomainsShareWhatIsKnownOfTheirOrganization) {
  first.known = {{"example.org", Reputation::bad}};
  const auto lookup = lookup_of({&first});
  EXPECT_EQ(ask(*lookup, "a.example.org"), "bad source 1 example.org");
  EXPECT_EQ(ask(*lookup, "b.example.org"), "bad source 1 example.org");
  EXPECT_EQ(ask(*lookup, "a.example.org"), "bad source 1 example.org");
  EXPECT_THAT(first.asked(), ElementsAre("a.example.org", "example.org", "b.example.org"));
}

TEST_F(Lookup, ASourceThatNeedNotWaitIsAskedEachTime) {
  first.waits = false;
  const auto lookup = lookup_of({&first});
  EXPECT_EQ(ask(*lookup, "example.org"), "unknown");
  first.known = {{"example.org", Reputation::bad}};
  EXPECT_EQ(ask(*lookup, "example.org"), "bad source 1 example.org");
}

TEST_F(Lookup, ASourceThatFailsCountsAsOneThatDoesNotKnow) {
  first.trouble = Error{Reason::dns_timeout, "nobody answers"};
  second.known = {{"example.org", Reputation::good}};
  const auto lookup = lookup_of({&first, &second});
  EXPECT_EQ(ask(*lookup, "mail.example.org"), "good source 2 example.org");
  EXPECT_THAT(first.asked(), ElementsAre("mail.example.org")) << "the other name would fail as well";
  EXPECT_THAT(lines->lines(),
              ElementsAre("reputation source source 1: nobody answers; what it would say counts as unknown"));
}

TEST_F(Lookup, TroubleIsLoggedOnceAMinute) {
  first.trouble = Error{Reason::dns_timeout, "nobody answers"};
  second.trouble = Error{Reason::dns_error, "REFUSED"};
  const auto lookup = lookup_of({&first, &second});
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(ask(*lookup, std::to_string(i) + ".example"), "unknown");
    clock.advance(1s);
  }
  EXPECT_EQ(lines->lines().size(), 2U) << "one a source";
  EXPECT_EQ(ask(*lookup, "example.org"), "unknown");
  EXPECT_EQ(lines->lines().size(), 4U);
}

TEST_F(Lookup, DeadSourcesTakeNoMoreThanTheTime) {
  test::SourceScript third, last;
  for (test::SourceScript* dead : {&first, &second, &third}) {
    dead->trouble = Error{Reason::dns_timeout, "nobody answers"};
    // As a resolver does that nobody answers.
    dead->meanwhile = [this, dead] { clock.advance(dead->questions.back().time_left); };
  }
  last.waits = false;
  last.known = {{"jgc.org", Reputation::good}};
  const auto lookup = lookup_of({&first, &second, &third, &last});
  const auto begin = clock.steady();
  EXPECT_EQ(ask(*lookup, "jgc.org"), "good source 4 jgc.org") << "what needs no time is asked all the same";
  EXPECT_LE(clock.steady() - begin, 2s);
  EXPECT_EQ(first.questions.front().time_left, 666ms);
  EXPECT_EQ(second.questions.front().time_left, 667ms);
  EXPECT_EQ(third.questions.front().time_left, 667ms);
}

TEST_F(Lookup, ASlowAnswerLeavesTheNextNameLess) {
  first.meanwhile = [&] { clock.advance(1500ms); };
  const auto lookup = lookup_of({&first});
  EXPECT_EQ(ask(*lookup, "mail.example.org"), "unknown");
  ASSERT_EQ(first.questions.size(), 2U);
  EXPECT_EQ(first.questions[1].time_left, 500ms);
}

TEST_F(Lookup, CountsWhatItDid) {
  first.known = {{"a.example", Reputation::bad}, {"b.example", Reputation::good}};
  second.waits = false;
  second.known = {{"c.example", Reputation::unknown}};
  const auto lookup = lookup_of({&first, &second});
  for (const std::string domain : {"a.example", "a.example", "b.example", "c.example", "d.example"})
    (void)ask(*lookup, domain);
  first.trouble = Error{Reason::dns_timeout, "nobody answers"};
  (void)ask(*lookup, "e.example");
  const auto statistics = lookup->statistics();
  ASSERT_EQ(statistics.size(), 2U);
  EXPECT_EQ(statistics[0].name, "source 1");
  EXPECT_THAT(statistics[0].answers, ElementsAre(0, 1, 0, 2));
  EXPECT_EQ(statistics[0].failures, 1U);
  EXPECT_EQ(statistics[0].cache.hits, 1U);
  EXPECT_EQ(statistics[0].cache.misses, 5U);
  EXPECT_THAT(statistics[1].answers, ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(statistics[1].failures, 0U);
}

TEST_F(Lookup, WarnsOfWhatIsWrongWithASource) {
  second.flaw = Error{Reason::dns_error, "it does not list TEST"};
  const auto lookup = lookup_of({&first, &second});
  EXPECT_FALSE(lookup->check());
  EXPECT_THAT(lines->lines(), ElementsAre("reputation source source 2: it does not list TEST"));
}

TEST_F(Lookup, ServesManyThreadsAtOnce) {
  first.known = {{"example.org", Reputation::good}};
  const auto lookup = lookup_of({&first, &second});
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(ask(*lookup, std::to_string(i % 7) + ".example.org"), "good source 1 example.org");
        EXPECT_EQ(ask(*lookup, "t" + std::to_string(thread) + ".example"), "unknown");
      }
    });
  }
}

class MadeLookup : public Lookup {
 protected:
  static std::vector<ReputationSourceName> names(const std::vector<std::string>& texts) {
    std::vector<ReputationSourceName> parsed;
    for (const std::string& text : texts) parsed.push_back(*ReputationSourceName::parse(text));
    return parsed;
  }

  test::TemporaryDirectory directory;
  test::FakeList dns;
};

TEST_F(MadeLookup, HasASourceForEachName) {
  const std::string file = directory.file("reputation.list");
  const std::string store = directory.file("verdicts.db");
  test::write_file(file, "file.example good\n");
  const auto verdicts =
      open_verdict_store(StoreName::parse("sqlite:" + store).value(), StoreMode::read_write);
  ASSERT_TRUE(verdicts);
  test::SqliteFile(store).execute(
      "INSERT INTO reputation (domain, state, reason, time) VALUES ('table.example', 'medium', '', '')");
  dns.txt.emplace("text.example.rep.example.net", std::vector<std::string>{"bad"});
  dns.a.emplace("listed.example.list.example.net", std::vector<std::string>{"127.0.0.2"});

  const auto lookup = make_reputation_lookup(
      parts,
      {.sources =
           names({"file:" + file, "store", "dns:rep.example.net", "dns:list.example.net?127.0.0.2=bad"}),
       .store = "sqlite:" + store},
      dns);
  ASSERT_TRUE(lookup) << lookup.error().sentence;
  EXPECT_THAT(dns.asked, IsEmpty()) << "a start does not wait for DNS";
  EXPECT_EQ(ask(**lookup, "mail.file.example"), "good file:" + file + " file.example");
  EXPECT_EQ(ask(**lookup, "table.example"), "medium store table.example");
  EXPECT_EQ(ask(**lookup, "text.example"), "bad dns:rep.example.net text.example");
  EXPECT_EQ(ask(**lookup, "listed.example"), "bad dns:list.example.net listed.example");
  EXPECT_EQ(ask(**lookup, "other.example"), "unknown");
}

TEST_F(MadeLookup, SaysWhatCannotBeMade) {
  const std::string file = directory.file("reputation.list");
  test::write_file(file, "file.example good\nfile.example perhaps\n");
  struct Row {
    std::string source, store, want;
  };
  for (const Row& row :
       {Row{"file:" + file, "", file + ":2: "}, Row{"file:" + file + "x", "", file + "x cannot be read: "},
        Row{"store", "", "the reputation source 'store' needs a verdict store"},
        Row{"store", "postgresql://x", "the reputation source 'store' needs a verdict store"}}) {
    const auto lookup =
        make_reputation_lookup(parts, {.sources = names({row.source}), .store = row.store}, dns);
    ASSERT_FALSE(lookup) << row.source;
    EXPECT_EQ(lookup.error().reason, Reason::bad_option);
    EXPECT_THAT(lookup.error().sentence, StartsWith(row.want));
  }
}

}  // namespace
}  // namespace tecs
