#include "verdicts/sqlite_verdict_row.hpp"

#include <type_traits>

#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {

std::string insert_verdict_statement() {
  std::string places;
  for_each_field([&](const auto&) { places += places.empty() ? "?" : ", ?"; });
  return "INSERT INTO verdicts (" + verdict_columns() + ") VALUES (" + places +
         ") ON CONFLICT (id) DO NOTHING";
}

void bind_verdict(SqliteStatement& insert, const Verdict& verdict) {
  int parameter = 0;
  for_each_field([&](const auto& field) {
    using Field = std::decay_t<decltype(field)>;
    const auto& value = encode_field(verdict.*(field.member));
    if constexpr (Field::can_be_absent) {
      if (value) {
        insert.bind(parameter, *value);
      } else {
        insert.bind_null(parameter);
      }
    } else if constexpr (std::is_same_v<std::decay_t<decltype(verdict.*(field.member))>, Verdict::Time>) {
      insert.bind_copy(parameter, value);  // made for this call, unlike the other texts
    } else if constexpr (Field::type() == FieldType::text) {
      insert.bind(parameter, value);
    } else {
      insert.bind(parameter, static_cast<std::int64_t>(value));
    }
    ++parameter;
  });
}

}  // namespace tecs
