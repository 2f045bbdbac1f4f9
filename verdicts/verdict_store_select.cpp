#include "verdicts/verdict_store_select.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <type_traits>
#include <vector>

#include "verdicts/sql_statement.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// What stands for each field in a statement.
using Columns = std::set<std::string, std::less<>>;

template <typename Format>
std::string join_fields(Format&& format) {
  std::string text;
  for_each_field([&](const auto& field) {
    if (!text.empty()) text += ", ";
    text += format(field);
  });
  return text;
}

// An SQLite store that an older version made, and that is only read, lacks columns.
Expected<std::optional<Columns>> present_columns(SqlDatabase& database) {
  if (database.dialect() != SqlDialect::sqlite) return std::optional<Columns>{};
  Columns columns;
  return database
      .query("SELECT name FROM pragma_table_info('verdicts')", {},
             [&](const SqlRow& row) { return columns.emplace(row.text(0)).second; })
      .map([&] { return std::optional(std::move(columns)); });
}

// "Not known" stands for a column that is not there. Those of the first version always are.
std::string select_list(const std::optional<Columns>& columns) {
  return join_fields([&](const auto& field) {
    if (!columns || columns->contains(field.name)) return std::string(field.name);
    return std::string(field.can_be_absent ? "NULL" : field.type() == FieldType::text ? "''" : "0");
  });
}

// Where a page ends, as it stands in the store.
struct Place {
  std::string time;
  std::string id;
};

// What the pages of one answer have in common.
struct Selection {
  std::optional<Columns> columns;
  const VerdictQuery& query;
  std::string newest{};  // time of the newest verdict when it began; asked for if oldest_first
};

// The time is always asked for, if only for any: without it SQLite reads and sorts the whole table for the
// newest few of a result. It has one lower bound and one upper bound, which for all pages but the first is
// where the last one ended: of two, an engine might take the one that has it read all former pages again.
void require_time(SqlStatement& statement, const Selection& selection, const std::optional<Place>& after) {
  const VerdictQuery& query = selection.query;
  const auto place = [&](const char* comparison) {
    const std::string time = statement.add(after->time);
    return "(time, id) " + std::string(comparison) + " (" + time + ", " + statement.add(after->id) + ")";
  };
  if (after && query.oldest_first) {
    statement.text += place(">");
  } else {
    statement.text += "time >= " + statement.add(query.since ? encode_field(*query.since) : std::string());
  }
  if (after && !query.oldest_first) {
    statement.text += " AND " + place("<");
  } else if (query.until) {
    statement.text += " AND time < " + statement.add(encode_field(*query.until));
  }
  if (query.oldest_first) statement.text += " AND time <= " + statement.add(selection.newest);
}

// "domain <> ''" is what lets SQLite use the index that leaves out connections without a domain. The limit is
// a literal: of a parameter PostgreSQL assumes that it asks for a tenth of the table.
SqlStatement select_statement(const Selection& selection, const std::optional<Place>& after,
                              std::size_t maximum) {
  const VerdictQuery& query = selection.query;
  SqlStatement statement;
  statement.text = "SELECT " + select_list(selection.columns) + " FROM verdicts WHERE ";
  require_time(statement, selection, after);
  statement.require("id", query.id);
  statement.require_domain("domain", query.domain);
  statement.require_domain("organizational_domain", query.organizational_domain);
  if (query.result) statement.require("result", std::string(encode_field(*query.result)));
  statement.require("reason", query.reason);
  statement.require("receiver", query.receiver);
  const bool has_network = !selection.columns || selection.columns->contains("client_network");
  statement.require(has_network ? "client_network" : "''", query.network);
  statement.text += query.oldest_first ? " ORDER BY time, id" : " ORDER BY time DESC, id DESC";
  statement.text += " LIMIT " + std::to_string(maximum);
  return statement;
}

Expected<std::string> newest_time(SqlDatabase& database) {
  std::string newest;
  return database
      .query("SELECT max(time) FROM verdicts", {},
             [&](const SqlRow& row) {
               newest = row.text(0);
               return true;
             })
      .map([&] { return std::move(newest); });
}

struct Page {
  std::vector<Verdict> verdicts;
  std::optional<Place> end;  // absent: it is empty
  Expected<void> outcome;    // a verdict that cannot be read ends the page
};

Expected<Page> read_page(SqlDatabase& database, const SqlStatement& statement) {
  constexpr int id_column = 0, time_column = 1;  // as verdict_columns() says
  Page page;
  return database
      .query(statement.text, statement.values,
             [&](const SqlRow& row) {
               auto verdict = read_verdict(row);
               if (!verdict) {
                 page.outcome = tl::unexpected(verdict.error());
                 return false;
               }
               page.verdicts.push_back(*std::move(verdict));
               page.end = Place{std::string(row.text(time_column)), std::string(row.text(id_column))};
               return true;
             })
      .map([&] { return std::move(page); });
}

}  // namespace

const std::string& verdict_columns() {
  static const std::string columns = select_list(std::nullopt);
  return columns;
}

Expected<Verdict> read_verdict(const SqlRow& row) {
  Verdict verdict;
  std::string_view wrong;
  int column = 0;
  for_each_field([&](const auto& field) {
    using Field = std::decay_t<decltype(field)>;
    auto& member = verdict.*(field.member);
    bool good = true;
    if constexpr (Field::type() == FieldType::text) {
      good = decode_field(row.text(column), member);
    } else if constexpr (Field::type() == FieldType::boolean) {
      member = row.integer(column) != 0;
    } else if constexpr (Field::type() == FieldType::real) {
      good = row.is_null(column) || decode_field(row.real(column), member);
    } else {
      good = (Field::can_be_absent && row.is_null(column)) || decode_field(row.integer(column), member);
    }
    if (!good && wrong.empty()) wrong = field.name;
    ++column;
  });
  if (wrong.empty()) return verdict;
  return failure(Reason::io_error,
                 "a verdict in the store has a " + std::string(wrong) + " that cannot be read");
}

// No statement is open while something is visited: a reader that takes its time would keep the log of what is
// written meanwhile from being taken back into the store, and PostgreSQL from clearing away what is deleted.
Expected<void> select_verdicts(SqlDatabase& database, const VerdictQuery& query,
                               const std::function<bool(const Verdict&)>& visit) {
  auto columns = present_columns(database);
  if (!columns) return tl::unexpected(columns.error());
  Selection selection{*std::move(columns), query};
  if (query.oldest_first) {
    auto newest = newest_time(database);
    if (!newest) return tl::unexpected(newest.error());
    selection.newest = *std::move(newest);
  }
  std::size_t left = query.limit.value_or(SIZE_MAX);
  std::optional<Place> after;
  while (left != 0) {
    const std::size_t maximum = std::min(left, verdict_page_size);
    auto page = read_page(database, select_statement(selection, after, maximum));
    if (!page) return tl::unexpected(page.error());
    for (const Verdict& verdict : page->verdicts) {
      if (!visit(verdict)) return {};
    }
    if (!page->outcome || page->verdicts.size() < maximum) return page->outcome;
    left -= page->verdicts.size();
    after = std::move(page->end);
  }
  return {};
}

}  // namespace tecs
