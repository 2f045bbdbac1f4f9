#include "verdicts/forward_queue.hpp"

#include <array>
#include <tuple>
#include <utility>

#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

constexpr int field_count = static_cast<int>(std::tuple_size_v<decltype(verdict_fields)>);

class SqlForwardQueue final : public ForwardQueue {
 public:
  explicit SqlForwardQueue(std::unique_ptr<SqlDatabase> database) noexcept : database_(std::move(database)) {}

  [[nodiscard]] Expected<std::vector<QueuedVerdict>> front(std::size_t maximum) override {
    const std::array<SqlValue, 1> values{static_cast<std::int64_t>(maximum)};
    std::vector<QueuedVerdict> found;
    return database_
        ->query(front_, values,
                [&](const SqlRow& row) {
                  found.push_back(read(row));
                  return true;
                })
        .map([&] { return std::move(found); });
  }

  [[nodiscard]] Expected<void> remove_to(std::int64_t sequence) override {
    const std::array<SqlValue, 1> values{sequence};
    return database_->change("DELETE FROM forward_queue WHERE sequence <= $1", values).map([](std::uint64_t) {
    });
  }

  // Numbers are given out one by one by the one writer that SQLite allows, and taken out from below, so there
  // are no gaps but what was taken out by hand. To count them would take as long as there are many.
  [[nodiscard]] Expected<std::size_t> length() override {
    std::int64_t length = 0;
    return database_
        ->query(
            "SELECT coalesce((SELECT max(sequence) FROM forward_queue) - "
            "(SELECT min(sequence) FROM forward_queue) + 1, 0)",
            {},
            [&](const SqlRow& row) {
              length = row.integer(0);
              return true;
            })
        .map([&] { return static_cast<std::size_t>(length); });
  }

 private:
  [[nodiscard]] static QueuedVerdict read(const SqlRow& row) {
    QueuedVerdict queued{row.integer(field_count), std::string(row.text(field_count + 1)), Verdict{}};
    if (row.is_null(0)) {
      queued.verdict = failure(Reason::protocol_error, "it is not in the store any more");
    } else if (auto verdict = read_verdict(row)) {
      queued.verdict = *std::move(verdict);
    } else {
      queued.verdict = failure(Reason::protocol_error, verdict.error().sentence);
    }
    return queued;
  }

  const std::unique_ptr<SqlDatabase> database_;
  const std::string front_ =
      "SELECT " + verdict_columns() +
      ", sequence, queued_id FROM (SELECT sequence, id AS queued_id FROM forward_queue ORDER BY sequence "
      "LIMIT $1) LEFT JOIN verdicts ON verdicts.id = queued_id ORDER BY sequence";
};

}  // namespace

std::unique_ptr<ForwardQueue> make_forward_queue(std::unique_ptr<SqlDatabase> database) {
  return std::make_unique<SqlForwardQueue>(std::move(database));
}

}  // namespace tecs
