#include "verdicts/batch_counts_text.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "unit/verdicts/varied_verdicts.hpp"

namespace tecs {
namespace {

VerdictRollup rollup_of(const std::vector<Verdict>& verdicts) {
  std::vector<const Verdict*> all;
  all.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts) all.push_back(&verdict);
  return roll_up(all);
}

void expect_as_it_was(const VerdictRollup& rollup) {
  const std::string text = encode_batch_counts(rollup).value();
  VerdictRollup decoded;
  ASSERT_TRUE(decode_batch_counts(text, decoded));
  EXPECT_EQ(decoded.hours, rollup.hours);
  EXPECT_EQ(decoded.distributions, rollup.distributions);
}

TEST(BatchCountsText, ReadsWhatItWrote) {
  expect_as_it_was({});
  const auto verdicts = test::varied_verdicts(0, 500);
  expect_as_it_was(rollup_of(verdicts));
}

TEST(BatchCountsText, KeepsAnyOctetsAndTheLargestNumbers) {
  std::vector<Verdict> verdicts = test::varied_verdicts(0, 4);
  verdicts[0].domain = std::string("=\0;:\n\t\xff\xfe", 8);
  verdicts[1].domain = "";
  verdicts[2].domain = std::string(most_octets_of_a_batch_key - 100, '7');
  verdicts[3].time = Verdict::Time{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
  VerdictRollup rollup = rollup_of(verdicts);
  rollup.hours.resize(2);
  rollup.hours[0].counts = {.bytes = most_of_a_batch - 1};
  rollup.hours[1].counts = {.connections = 1};
  rollup.distributions.resize(1);
  rollup.distributions[0].connections = 0;
  rollup.distributions[0].key.bin = -furthest_score_bin;
  expect_as_it_was(rollup);
  rollup.hours[1].counts.connections = 2;
  EXPECT_EQ(encode_batch_counts(rollup), std::nullopt) << "one more than all together may be";
}

TEST(BatchCountsText, LeavesOutWhatItCouldNotRead) {
  const auto verdicts = test::varied_verdicts(0, 4);
  const auto with = [&](auto change) {
    VerdictRollup rollup = rollup_of(verdicts);
    change(rollup);
    return encode_batch_counts(rollup);
  };
  const std::string long_text(most_octets_of_a_batch_key + 1, '7');
  EXPECT_TRUE(with([](VerdictRollup&) {}));
  EXPECT_FALSE(with([&](VerdictRollup& rollup) { rollup.hours[0].key.reason = long_text; }));
  EXPECT_FALSE(with([&](VerdictRollup& rollup) { rollup.distributions[0].key.receiver = long_text; }));
  EXPECT_FALSE(with([](VerdictRollup& rollup) { rollup.hours[0].key.domain = "\xa9tude.example"; }));
  EXPECT_FALSE(with([](VerdictRollup& rollup) { rollup.hours[0].counts.bytes = UINT64_MAX; }));
  EXPECT_FALSE(
      with([](VerdictRollup& rollup) { rollup.hours[0].counts.duration = -std::chrono::seconds{1}; }));
  EXPECT_FALSE(with([](VerdictRollup& rollup) {
    rollup.hours[0].key.start = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};
  }));
  EXPECT_FALSE(with(
      [](VerdictRollup& rollup) { rollup.hours.resize(most_octets_of_batch_counts / 20, rollup.hours[0]); }));
}

TEST(BatchCountsText, IsAppendedToWhatIsThere) {
  const auto verdicts = test::varied_verdicts(0, 10);
  const std::string text = encode_batch_counts(rollup_of(verdicts)).value();
  VerdictRollup decoded;
  ASSERT_TRUE(decode_batch_counts(text, decoded));
  const std::size_t once = decoded.hours.size();
  ASSERT_TRUE(decode_batch_counts(text, decoded));
  EXPECT_EQ(decoded.hours.size(), 2 * once);
}

TEST(BatchCountsText, RefusesWhatItDidNotWrite) {
  struct Row {
    std::string_view name;
    std::string_view text;
  };
  const std::string_view good = "h0;1:a1:b0;1:c1:d1;1;1;1;1;1;1;d0;0;0;1:a1;";
  VerdictRollup rollup;
  ASSERT_TRUE(decode_batch_counts(good, rollup));
  const std::string too_long = "d0;0;0;1001:" + std::string(1001, 'a') + "1;";
  std::string too_many;
  while (too_many.size() <= most_octets_of_batch_counts) too_many += "d0;0;0;=0;";
  for (const Row& row : {
           Row{"another kind of row", "x0;"},
           Row{"a text without its end", "h0;5:a"},
           Row{"a length that is no number", "h0;a:b"},
           Row{"a length below none", "h0;-1:b"},
           Row{"a length beyond all", "h0;99999999999999999999:b"},
           Row{"a result that is none", "h0;1:a1:b7;1:c1:d1;1;1;1;1;1;1;"},
           Row{"fewer connections than none", "h0;1:a1:b0;1:c1:d-1;1;1;1;1;1;1;"},
           Row{"a measure that is none", "d0;4;0;1:a1;"},
           Row{"a time beyond all", "d9999999999999999;0;0;1:a1;"},
           Row{"a time that four digits do not hold", "d70389528;0;0;1:a1;"},
           Row{"a bin beyond all", "d0;0;101;1:a1;"},
           Row{"a bin below all", "d0;0;-51;1:a1;"},
           Row{"more than all batches have", "h0;1:a1:b0;1:c1:d9223372036854775807;1;1;1;1;1;1;"},
           Row{"more than a batch has", "h0;1:a1:b0;1:c1:d4503599627370496;1;0;0;0;0;0;"},
           Row{"more than a batch has, in two rows", "d0;0;0;1:a4503599627370496;d0;0;0;1:b1;"},
           Row{"a text that begins within a character",
               "h0;1:\xa9"
               "1:b0;1:c1:d1;1;1;1;1;1;1;"},
           Row{"a text that ends within a character",
               "h0;1:\xc3\xa9"
               "1:b0;1:c1:d1;1;1;1;1;1;1;"},
           Row{"a text longer than a key", too_long},
           Row{"more than a row may hold", too_many},
           Row{"a number without its end", "d0;0;0;1:a1"},
       }) {
    VerdictRollup decoded;
    const auto outcome = decode_batch_counts(row.text, decoded);
    ASSERT_FALSE(outcome) << row.name;
    EXPECT_EQ(outcome.error().reason, Reason::io_error) << row.name;
    EXPECT_TRUE(decoded.hours.empty() && decoded.distributions.empty()) << row.name;
  }
  EXPECT_FALSE(decode_batch_counts(std::string(good) + "x", rollup));
  EXPECT_EQ(rollup.hours.size(), 1U) << "what was there stays, and nothing comes to it";
  for (std::size_t size = 1; size < good.size(); ++size) {
    VerdictRollup decoded;
    // Between its two rows it may end.
    if (good.substr(size).starts_with("d0;0;0;")) continue;
    EXPECT_FALSE(decode_batch_counts(good.substr(0, size), decoded)) << size;
  }
}

}  // namespace
}  // namespace tecs
