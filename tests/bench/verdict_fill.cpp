// Makes stores of ninety days of verdicts to measure questions with.
//
//   verdict-fill bulk STORE VERDICTS [DOMAINS]
//   verdict-fill writer STORE VERDICTS
//   verdict-fill batches STORE BATCHES
//       Of 1,000 verdicts each, through the writer: their counts wait to be added.
//   verdict-fill size STORE
//       Prints how many octets it has on disk.
//   verdict-fill index STORE
//       Adds what the bare engine needs to answer "summary by domain" without the rows.
//   verdict-fill compare STORE STORE
//       All that can be asked of the two is answered alike.
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/bulk_store.hpp"
#include "verdicts/known_domain.hpp"
#include "verdicts/verdict_database.hpp"
#include "verdicts/verdict_distribution.hpp"
#include "verdicts/verdict_store_select.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs::bench {
namespace {

StoreName parse(const std::string& text) {
  auto name = StoreName::parse(text);
  if (!name) throw std::runtime_error(name.error().sentence);
  return *std::move(name);
}

template <typename Value>
Value sure(Expected<Value> value) {
  if (!value) throw std::runtime_error(value.error().sentence);
  return std::move(*value);
}

class Store {
 public:
  explicit Store(const std::string& text)
      : database_(sure(open_verdict_database(parse(text), StoreMode::read_only))) {}

  [[nodiscard]] std::vector<SummaryRow> summary(const SummaryQuery& query) {
    return sure(summarize(*database_, query));
  }
  [[nodiscard]] std::vector<DistributionBin> distribution(Measure measure) {
    return sure(read_distribution(*database_, measure, {}, {}));
  }
  [[nodiscard]] std::vector<KnownDomain> known_domains() {
    return sure(find_new_domains(*database_, {}, SIZE_MAX));
  }
  [[nodiscard]] std::vector<Verdict> verdicts() {
    std::vector<Verdict> found;
    sure(select_verdicts(*database_, {}, [&](const Verdict& verdict) {
           found.push_back(verdict);
           return true;
         }).map([] { return true; }));
    return found;
  }

 private:
  std::unique_ptr<SqlDatabase> database_;
};

void require(bool same, const std::string& what) {
  if (!same) throw std::runtime_error("the stores differ in " + what);
}

void compare(Store left, Store right) {
  using std::chrono::sys_days;
  using std::chrono::year;
  require(left.verdicts() == right.verdicts(), "their verdicts");
  require(left.known_domains() == right.known_domains(), "the known domains");
  for (const Measure measure :
       {Measure::score, Measure::duration, Measure::dns_time, Measure::verification_time})
    require(left.distribution(measure) == right.distribution(measure), std::string(word(measure)));
  const Verdict::Time in_february = sys_days{year{2026} / 2 / 10} + std::chrono::hours{5};
  for (const SummaryKey key :
       {SummaryKey::domain, SummaryKey::organizational_domain, SummaryKey::result, SummaryKey::reason,
        SummaryKey::network, SummaryKey::receiver, SummaryKey::hour, SummaryKey::day}) {
    for (const auto& since : {std::optional<Verdict::Time>{}, std::optional(in_february)}) {
      const SummaryQuery query{.by = key, .since = since};
      require(left.summary(query) == right.summary(query), "the summary by " + std::string(word(key)));
    }
  }
}

void fill_in_bulk(const std::string& store, std::uint64_t verdicts, const std::string& domains) {
  TrafficOptions traffic = ninety_days(verdicts);
  if (!domains.empty()) traffic.domains = static_cast<unsigned>(std::stoul(domains));
  fill_in_bulk(parse(store), verdicts, traffic);
}

int run(const std::vector<std::string>& words) {
  if ((words.size() == 3 || words.size() == 4) && words[0] == "bulk") {
    fill_in_bulk(words[1], std::stoull(words[2]), words.size() == 4 ? words[3] : "");
  } else if (words.size() == 3 && words[0] == "batches") {
    add_batches(parse(words[1]), std::stoull(words[2]));
  } else if (words.size() == 2 && words[0] == "size") {
    std::cout << size_on_disk(parse(words[1])) << '\n';
  } else if (words.size() == 3 && words[0] == "writer") {
    fill_by_writer(parse(words[1]), std::stoull(words[2]));
  } else if (words.size() == 2 && words[0] == "index") {
    add_covering_index(parse(words[1]));
  } else if (words.size() == 3 && words[0] == "compare") {
    compare(Store(words[1]), Store(words[2]));
  } else {
    std::cerr << "usage: verdict-fill bulk STORE VERDICTS [DOMAINS]\n"
                 "       verdict-fill writer STORE VERDICTS\n"
                 "       verdict-fill batches STORE BATCHES\n"
                 "       verdict-fill size|index STORE\n"
                 "       verdict-fill compare STORE STORE\n";
    return 64;
  }
  return 0;
}

}  // namespace
}  // namespace tecs::bench

int main(int count, char** words) {
  try {
    return tecs::bench::run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "verdict-fill: " << error.what() << '\n';
    return 1;
  }
}
