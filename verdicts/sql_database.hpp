// The seam between what is asked of a verdict store and the engine that keeps it: the same statements go to
// SQLite and to PostgreSQL.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "tecs/error.hpp"

namespace tecs {

// A parameter of a statement: null, a number, a text. Texts are UTF-8 without NUL; an engine that is given
// other octets gets U+FFFD in their place.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

// One row of an answer, as long as visit() runs. Columns count from 0. A number may be read from a column of
// numbers only.
class SqlRow {
 public:
  SqlRow() = default;
  SqlRow(const SqlRow&) = delete;
  SqlRow& operator=(const SqlRow&) = delete;
  virtual ~SqlRow() = default;

  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;  // empty for null
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;   // 0 for null
  [[nodiscard]] virtual double real(int column) const = 0;            // 0 for null
};

enum class SqlDialect : std::uint8_t { sqlite, postgresql };

// A connection to an engine. One thread at a time; any number of connections to one place.
//
// Statements name their parameters $1, $2, ...; each stands for values[0], values[1], ... and may stand more
// than once. They keep to what both engines understand; where that is not possible, dialect() tells.
// Statements are prepared once and kept, so a text is best a constant.
class SqlDatabase {
 public:
  SqlDatabase() = default;
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;
  virtual ~SqlDatabase() = default;

  [[nodiscard]] virtual SqlDialect dialect() const noexcept = 0;

  // Any number of statements without parameters, whose rows do not matter. All of these fail with io_error,
  // and after a lost connection they connect again with the next call, unless a transaction was open. A row
  // that is refused for what stands in it fails with protocol_error on PostgreSQL.
  [[nodiscard]] virtual Expected<void> execute(const std::string& sql) = 0;

  // One statement that changes rows. Returns how many.
  [[nodiscard]] virtual Expected<std::uint64_t> change(const std::string& sql,
                                                       std::span<const SqlValue> values = {}) = 0;

  // Calls visit for each row as it comes, and stops early when it returns false. visit must not use this
  // database. Rows are not gathered in memory.
  [[nodiscard]] virtual Expected<void> query(const std::string& sql, std::span<const SqlValue> values,
                                             const std::function<bool(const SqlRow&)>& visit) = 0;

  // All that the body does, or nothing: rolled back when it fails. Does not nest. On SQLite the lock for
  // writing is taken at once, on PostgreSQL the isolation is READ COMMITTED.
  [[nodiscard]] virtual Expected<void> transaction(const std::function<Expected<void>()>& body) = 0;
};

}  // namespace tecs
