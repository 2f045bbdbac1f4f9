#include "verdicts/reputation_lookup.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "verdicts/reputation_file.hpp"
#include "verdicts/reputation_table.hpp"
#include "verdicts/reputation_zone.hpp"

namespace tecs {
namespace {

using std::chrono::milliseconds;
using SourceOrError = Expected<std::unique_ptr<ReputationSource>>;

Expected<std::string> sqlite_file(std::string_view store) {
  constexpr std::string_view prefix = "sqlite:";
  if (store.starts_with(prefix) && store.size() > prefix.size())
    return std::string(store.substr(prefix.size()));
  return failure(Reason::bad_option, "the reputation source 'store' needs a verdict store, sqlite:FILE");
}

// Makes the source that a name stands for.
struct SourceMaker {
  const ReputationLookupOptions& options;
  DnsSource& dns;

  SourceOrError operator()(const ReputationSourceName::File& file) const {
    return ReputationFile::load(file.path).map(
        [](auto loaded) -> std::unique_ptr<ReputationSource> { return loaded; });
  }
  SourceOrError operator()(const ReputationSourceName::Zone& zone) const {
    return std::make_unique<ReputationZone>(zone, dns);
  }
  SourceOrError operator()(ReputationSourceName::Store /*store*/) const {
    auto file = sqlite_file(options.store);
    if (!file) return tl::unexpected(file.error());
    return std::make_unique<ReputationTable>(std::move(*file));
  }
};

}  // namespace

struct ReputationLookup::Entry {
  Entry(Source given, const Clock& clock, const ReputationCacheOptions& cache_options)
      : source(std::move(given.source)), trouble(clock, std::chrono::minutes(1)) {
    counted.name = std::move(given.name);
    if (!source->may_wait()) return;
    auto remembering = std::make_unique<ReputationCache>(std::move(source), clock, cache_options);
    cache = remembering.get();
    source = std::move(remembering);
  }

  std::unique_ptr<ReputationSource> source;
  const ReputationCache* cache = nullptr;  // the source, if it is one
  RepeatLimit trouble;
  SourceStatistics counted;  // guarded by the mutex, but for the name
};

ReputationLookup::ReputationLookup(Parts parts, std::vector<Source> sources, milliseconds timeout,
                                   const ReputationCacheOptions& cache)
    : parts_(std::move(parts)), timeout_(timeout) {
  for (Source& source : sources)
    entries_.push_back(std::make_unique<Entry>(std::move(source), parts_.clock, cache));
}

ReputationLookup::~ReputationLookup() = default;

ReputationAnswer ReputationLookup::lookup(const Domain& domain) const {
  std::vector<std::string> names{domain.text()};
  if (auto above = parts_.suffixes.organizational_domain(domain.text()); above != domain.text())
    names.push_back(std::move(above));
  auto waiting = std::count_if(entries_.begin(), entries_.end(),
                               [](const auto& entry) { return entry->source->may_wait(); });
  const auto end = parts_.clock.steady() + timeout_;
  for (const auto& entry : entries_) {
    auto share = std::chrono::floor<milliseconds>(end - parts_.clock.steady());
    // A list that is dead leaves the others their part.
    if (entry->source->may_wait()) share /= waiting--;
    auto answer = ask(*entry, names, share);
    if (!answer.source.empty()) return answer;
  }
  return {};
}

// An answer without a source: this one does not know. Where one name cannot be asked for, neither can the
// other.
ReputationAnswer ReputationLookup::ask(Entry& entry, const std::vector<std::string>& names,
                                       milliseconds time_left) const {
  const auto end = parts_.clock.steady() + time_left;
  for (const std::string& name : names) {
    const auto left = std::chrono::floor<milliseconds>(end - parts_.clock.steady());
    const auto found = entry.source->lookup(name, std::max(left, milliseconds::zero()));
    if (!found) {
      if (entry.trouble.due()) {
        parts_.log->warn("reputation source {}: {}; what it would say counts as unknown", entry.counted.name,
                         found.error().sentence);
      }
      const std::scoped_lock lock(mutex_);
      ++entry.counted.failures;
      return {};
    }
    if (found->reputation) {
      const std::scoped_lock lock(mutex_);
      ++entry.counted.answers.at(static_cast<std::size_t>(*found->reputation));
      return {*found->reputation, entry.counted.name, name};
    }
  }
  return {};
}

bool ReputationLookup::check() const {
  bool well = true;
  for (const auto& entry : entries_) {
    const auto checked = entry->source->check(2 * timeout_);
    if (checked) continue;
    well = false;
    parts_.log->warn("reputation source {}: {}", entry->counted.name, checked.error().sentence);
  }
  return well;
}

std::vector<ReputationLookup::SourceStatistics> ReputationLookup::statistics() const {
  std::vector<SourceStatistics> now;
  for (const auto& entry : entries_) {
    {
      const std::scoped_lock lock(mutex_);
      now.push_back(entry->counted);
    }
    if (entry->cache != nullptr) now.back().cache = entry->cache->statistics();
  }
  return now;
}

Expected<std::unique_ptr<ReputationLookup>> make_reputation_lookup(const ReputationLookup::Parts& parts,
                                                                   const ReputationLookupOptions& options,
                                                                   DnsSource& dns) {
  std::vector<ReputationLookup::Source> sources;
  for (const ReputationSourceName& name : options.sources) {
    auto source = std::visit(SourceMaker{options, dns}, name.place());
    if (!source) return tl::unexpected(source.error());
    sources.push_back({name.text(), std::move(*source)});
  }
  return std::make_unique<ReputationLookup>(parts, std::move(sources), options.timeout, options.cache);
}

}  // namespace tecs
