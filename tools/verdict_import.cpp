#include "tools/verdict_import.hpp"

#include <set>
#include <utility>

#include "tools/verdict_admission.hpp"
#include "verdicts/verdict_by_id.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Expected<void> VerdictImport::add(std::uint64_t line, std::string_view text) {
  if (is_blank(text)) return {};
  ++counts_.read;
  auto verdict = parse_json(text).and_then([&](Verdict parsed) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(parts_.clock.now());
    return admit_verdict(std::move(parsed), parts_.suffixes, now);
  });
  if (!verdict) {
    count_refused(line, verdict.error().sentence);
    return {};
  }
  batch_.push_back(*std::move(verdict));
  lines_.push_back(line);
  return batch_.size() < batch_size ? Expected<void>{} : flush();
}

Expected<void> VerdictImport::flush() {
  auto known = find_known_ids(parts_.database, batch_);
  if (!known) return tl::unexpected(known.error());
  const auto pruned = read_pruned_times(parts_.database);
  if (!pruned) return tl::unexpected(pruned.error());
  auto written = parts_.store.write(batch_);
  if (!written && written.error().reason == Reason::protocol_error) return write_one_by_one();
  if (!written) return written;
  for (const Verdict& verdict : batch_) {
    const bool was_known = !known->insert(verdict.id).second;
    ++count_of(verdict, was_known, *pruned);
  }
  batch_.clear();
  lines_.clear();
  return {};
}

// The store takes all of a batch but for one or a few.
Expected<void> VerdictImport::write_one_by_one() {
  const auto pruned = read_pruned_times(parts_.database);
  if (!pruned) return tl::unexpected(pruned.error());
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const auto known = find_known_ids(parts_.database, {&batch_[i], 1});
    if (!known) return tl::unexpected(known.error());
    auto written = parts_.store.write({&batch_[i], 1});
    if (written) {
      ++count_of(batch_[i], !known->empty(), *pruned);
    } else if (written.error().reason == Reason::protocol_error) {
      count_refused(lines_[i], "the store refuses it");
    } else {
      return written;
    }
  }
  batch_.clear();
  lines_.clear();
  return {};
}

std::uint64_t& VerdictImport::count_of(const Verdict& verdict, bool known, const PrunedTimes& pruned) {
  if (pruned.verdicts && verdict.time < *pruned.verdicts) return counts_.pruned;
  return known ? counts_.known : counts_.added;
}

Expected<void> VerdictImport::refuse(std::uint64_t line, const std::string& why) {
  ++counts_.read;
  count_refused(line, why);
  return {};
}

void VerdictImport::count_refused(std::uint64_t line, const std::string& why) {
  ++counts_.refused;
  if (counts_.refused <= most_told) parts_.refused(line, why);
  if (counts_.refused == most_told + 1) parts_.refused(line, "refused, as are more; they are only counted");
}

}  // namespace tecs
