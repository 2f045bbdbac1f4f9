#include "verdicts/reputation_table.hpp"

#include <utility>

namespace tecs {
namespace {

// Only recovery after a crash takes a lock that a reader waits for.
constexpr std::chrono::milliseconds busy_timeout{100};

Expected<ReputationFinding> read_state(SqliteStatement& select, const std::string& domain) {
  select.bind_copy(0, domain);
  const auto step = select.step();
  if (!step) return tl::unexpected(step.error());
  if (*step == SqliteStatement::Step::done) return ReputationFinding{};
  const auto reputation = parse_reputation(select.text(0));
  if (!reputation)
    return failure(Reason::io_error, "the table has a state that is none of good, medium, bad and unknown");
  return ReputationFinding{*reputation};
}

}  // namespace

Expected<ReputationTable::Opened> ReputationTable::open() const {
  auto connection = SqliteConnection::open(file_, SqliteConnection::Access::read_only, busy_timeout);
  if (!connection) return tl::unexpected(connection.error());
  auto select = connection->prepare("SELECT state FROM reputation WHERE domain = ?");
  if (!select) return tl::unexpected(select.error());
  return Opened{std::move(*connection), std::move(*select)};
}

Expected<ReputationFinding> ReputationTable::lookup(const std::string& domain,
                                                    std::chrono::milliseconds /*time_left*/) {
  const std::scoped_lock lock(mutex_);
  if (!opened_) {
    auto opened = open();
    if (!opened) return tl::unexpected(opened.error());
    opened_.emplace(std::move(*opened));
  }
  auto found = read_state(opened_->select, domain);
  opened_->select.reset();
  if (!found) opened_.reset();
  return found;
}

}  // namespace tecs
