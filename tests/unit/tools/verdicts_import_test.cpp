#include "tools/verdicts_import.hpp"

#include "tools/verdict_import.hpp"
#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class VerdictsImport : public VerdictsTest {
 protected:
  const std::string target_ = "sqlite:" + path("all.db");

  Ran import(std::vector<std::string> more, const std::string& input = "") {
    in_.clear();
    in_.str(input);
    more.insert(more.begin(), {"verdicts", "import"});
    more.insert(more.end(), {"--store", target_});
    return run(more);
  }
  std::string stored() { return run({"verdicts", "export", "--store", target_}).out; }

  [[nodiscard]] std::string line(unsigned number) const {
    Verdict verdict = aged(number, std::chrono::minutes{number % 60});
    verdict.epoch.reset();
    verdict.key_record.clear();
    return format_json(verdict) + "\n";
  }
  [[nodiscard]] std::string lines(unsigned first, unsigned last) const {
    std::string text;
    for (unsigned number = first; number <= last; ++number) text += line(number);
    return text;
  }
};

TEST_F(VerdictsImport, TakesWhatWasExported) {
  std::string text = lines(1, 3);
  const Ran ran = import({}, text);
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, "3 read: 3 new, 0 already there, 0 refused\n");
  const std::string once = stored();
  EXPECT_EQ(once, line(3) + line(2) + line(1));
  EXPECT_EQ(import({}, once).out, "3 read: 0 new, 3 already there, 0 refused\n");
  EXPECT_EQ(stored(), once);
}

TEST_F(VerdictsImport, WhatWasPrunedDoesNotCountAgain) {
  pause_ = [](std::chrono::milliseconds) { return true; };
  Verdict old = aged(1, std::chrono::days{3});
  old.epoch.reset();
  old.key_record.clear();
  const std::string text = format_json(old) + "\n" + line(2);
  EXPECT_EQ(import({}, text).out, "2 read: 2 new, 0 already there, 0 refused\n");
  EXPECT_EQ(run({"verdicts", "prune", "--older-than", "1d", "--store", target_}).code, ExitCode::ok);
  EXPECT_EQ(import({}, text).out,
            "2 read: 0 new, 1 already there, 1 older than what was pruned, 0 refused\n");
  EXPECT_THAT(run({"verdicts", "summary", "--by", "receiver", "--store", target_}).out,
              EndsWith("1 row: 2 connections, 4 messages\n"));
}

TEST_F(VerdictsImport, BringsTheLogsOfReceiversTogether) {
  write("mx1.jsonl", lines(1, 2));
  write("mx2.jsonl", lines(2, 4));
  const Ran ran = import({path("mx1.jsonl"), path("mx2.jsonl"), "-"}, line(4) + line(5));
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out, "7 read: 5 new, 2 already there, 0 refused\n");
  EXPECT_THAT(run({"verdicts", "summary", "--by", "domain", "--store", target_}).out,
              EndsWith("1 row: 5 connections, 10 messages\n"))
      << "each counts once";
}

TEST_F(VerdictsImport, WritesInBatches) {
  const unsigned many = VerdictImport::batch_size * 2 + 1;
  const Ran ran = import({}, lines(1, many) + lines(1, 10));
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.out, "2011 read: 2001 new, 10 already there, 0 refused\n");
}

TEST_F(VerdictsImport, ABadLineIsNamedAndDoesNotStopTheRest) {
  Verdict other = aged(2, {});
  other.id = "something else";
  const std::string text = line(1) + "\n{\"id\":1}\n" + format_json(other) + "\n" + "not JSON\n  \t\n" +
                           std::string(200'000, '[') + "\n" + line(3) + "null\n\"" + std::string(1, '\0') +
                           "\x1b\"";
  write("mx1.jsonl", text);
  const Ran ran = import({path("mx1.jsonl")});
  const std::string where = "tecs verdicts import: " + path("mx1.jsonl");
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.out, "8 read: 2 new, 0 already there, 6 refused\n");
  EXPECT_EQ(ran.err, where + ":3: the verdict cannot be read: id is not what a verdict has there\n" + where +
                         ":4: id is not a UUID\n" + where + ":5: a verdict is one JSON object\n" + where +
                         ":7: the line is too long\n" + where + ":9: a verdict is one JSON object\n" + where +
                         ":10: a verdict is one JSON object\n");
}

TEST_F(VerdictsImport, StrictStopsThere) {
  write("mx1.jsonl", line(1) + "x\n" + line(2));
  write("mx2.jsonl", line(3));
  const Ran ran = import({"--strict", path("mx1.jsonl"), path("mx2.jsonl")});
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.out, "2 read: 1 new, 0 already there, 1 refused\n");
  EXPECT_EQ(stored(), line(1));
}

TEST_F(VerdictsImport, AFloodOfBadLinesIsCounted) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "x\n";
  const Ran ran = import({}, text);
  EXPECT_EQ(ran.out, "1000 read: 0 new, 0 already there, 1000 refused\n");
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 101);
  EXPECT_THAT(ran.err, EndsWith("-:101: refused, as are more; they are only counted\n"));
}

TEST_F(VerdictsImport, AStrangersTextIsMadePrintable) {
  Verdict hostile = aged(1, {});
  hostile.epoch.reset();
  hostile.key_record.clear();
  hostile.helo = "\x1b]0;title\x07\xc3\xa9";
  EXPECT_EQ(import({}, format_json(hostile)).code, ExitCode::ok);
  EXPECT_EQ(parse_json(stored())->helo, "\\x1b]0;title\\x07\\xc3\\xa9");
}

TEST_F(VerdictsImport, OpensAllFilesBeforeItBegins) {
  write("mx1.jsonl", line(1));
  for (const std::string& file : {path("missing.jsonl"), path(".")}) {
    const Ran ran = import({path("mx1.jsonl"), file});
    EXPECT_EQ(ran.code, ExitCode::no_input) << file;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "tecs verdicts import: " + file + ": cannot be read\n");
    EXPECT_FALSE(std::filesystem::exists(path("all.db")));
  }
}

TEST_F(VerdictsImport, AnEmptyFileIsNoFailure) {
  write("empty.jsonl", "");
  EXPECT_EQ(import({path("empty.jsonl")}).out, "0 read: 0 new, 0 already there, 0 refused\n");
  EXPECT_EQ(import({}, "").out, "0 read: 0 new, 0 already there, 0 refused\n");
}

TEST_F(VerdictsImport, ShowsProgressAtATerminal) {
  err_is_terminal_ = true;
  const Ran ran = import({}, line(1) + "x\n");
  EXPECT_EQ(ran.err, "\r\x1b[K-: 1 lines\r\x1b[Ktecs verdicts import: -:2: a verdict is one JSON object\n");
}

// A store that fails in between.
class FailingStore final : public VerdictStore {
 public:
  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override {
    for (const Verdict& verdict : verdicts) {
      if (verdict.id == refused_id) return failure(Reason::protocol_error, "no such octet");
    }
    if (away) return failure(Reason::io_error, "the database is away");
    written += verdicts.size();
    return {};
  }
  [[nodiscard]] Expected<void> select(const VerdictQuery&,
                                      const std::function<bool(const Verdict&)>&) override {
    return {};
  }

  std::string refused_id;
  bool away = false;
  std::size_t written = 0;
};

class VerdictImportTest : public VerdictsImport {
 protected:
  FailingStore store_;
  std::unique_ptr<SqlDatabase> database_ =
      open_verdict_database(StoreName::parse(target_).value(), StoreMode::read_write).value();
  const PublicSuffixList suffixes_ = PublicSuffixList::load().value();
  std::string refused_;
  VerdictImport import_{{.store = store_,
                         .database = *database_,
                         .suffixes = suffixes_,
                         .clock = clock_,
                         .refused = [this](std::uint64_t line, const std::string& why) {
                           refused_ += std::to_string(line) + ": " + why + "\n";
                         }}};
};

TEST_F(VerdictImportTest, WhatTheStoreNeverTakesDoesNotStopTheRest) {
  store_.refused_id = aged(2, {}).id;
  for (unsigned number = 1; number <= 3; ++number) ASSERT_TRUE(import_.add(number * 10, line(number)));
  ASSERT_TRUE(import_.flush());
  EXPECT_EQ(store_.written, 2U);
  EXPECT_EQ(refused_, "20: the store refuses it\n");
  EXPECT_EQ(import_.counts().added, 2U);
  EXPECT_EQ(import_.counts().refused, 1U);
}

TEST_F(VerdictImportTest, AStoreThatIsAwayEndsIt) {
  store_.away = true;
  ASSERT_TRUE(import_.add(1, line(1)));
  const auto flushed = import_.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().sentence, "the database is away");
  EXPECT_EQ(import_.counts().added, 0U);
}

}  // namespace
}  // namespace tecs
