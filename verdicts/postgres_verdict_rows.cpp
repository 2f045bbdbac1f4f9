#include "verdicts/postgres_verdict_rows.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>

#include "verdicts/postgres_parameter.hpp"
#include "verdicts/postgres_text.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t verdicts_of_piece = 100;

template <typename Value>
void append_column(std::string& row, const Value& value) {
  if constexpr (is_optional<Value>) {
    if (value) {
      append_column(row, *value);
    } else {
      row += "\\N";
    }
  } else if constexpr (std::is_convertible_v<Value, std::string_view>) {
    append_copy_text(row, value);
  } else if constexpr (std::is_same_v<Value, double>) {
    row += encode_parameter(SqlValue(value)).text.value_or("\\N");
  } else {
    row += std::to_string(static_cast<std::int64_t>(value));
  }
}

}  // namespace

std::string copy_rows(std::span<const Verdict* const> verdicts) {
  std::string rows;
  rows.reserve(verdicts.size() * 1024);
  for (const Verdict* verdict : verdicts) {
    for_each_field([&](const auto& field) {
      append_column(rows, encode_field(verdict->*(field.member)));
      rows += '\t';
    });
    rows.back() = '\n';
  }
  return rows;
}

std::string CopyRows::operator()() {
  const auto piece = left_.first(std::min(left_.size(), verdicts_of_piece));
  left_ = left_.subspan(piece.size());
  return copy_rows(piece);
}

}  // namespace tecs
