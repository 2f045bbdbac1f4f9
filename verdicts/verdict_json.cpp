#include "verdicts/verdict_json.hpp"

#include <nlohmann/json.hpp>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;

constexpr bool required(std::string_view name) {
  return name == "id" || name == "time" || name == "result";
}

// False: the member is there and holds something else than its field does.
template <typename Member>
bool decode_member(const Json& value, const VerdictField<Member>& field, Verdict& verdict) {
  Member& member = verdict.*(field.member);
  using Field = VerdictField<Member>;
  if constexpr (Field::type() == FieldType::text) {
    return value.is_string() && decode_field(value.get_ref<const std::string&>(), member);
  } else if constexpr (Field::type() == FieldType::boolean) {
    if (value.is_boolean()) member = value.get<bool>();
    return value.is_boolean();
  } else if constexpr (Field::type() == FieldType::real) {
    if (value.is_null()) return true;
    return value.is_number() && decode_field(value.get<double>(), member);
  } else {
    if (Field::can_be_absent && value.is_null()) return true;
    // Above the range of int64 the library would wrap the number round.
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
      return false;
    return value.is_number_integer() && decode_field(value.get<std::int64_t>(), member);
  }
}

}  // namespace

std::string format_json(const Verdict& verdict) {
  Json object = Json::object();
  for_each_field([&](const auto& field) {
    const auto& value = encode_field(verdict.*(field.member));
    if constexpr (std::decay_t<decltype(field)>::can_be_absent) {
      object[std::string(field.name)] = value ? Json(*value) : Json(nullptr);
    } else {
      object[std::string(field.name)] = value;
    }
  });
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<Verdict> parse_json(std::string_view text) {
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return failure(Reason::protocol_error, "a verdict is one JSON object");
  Verdict verdict;
  std::string wrong;
  for_each_field([&](const auto& field) {
    if (!wrong.empty()) return;
    const auto found = object.find(field.name);
    if (found == object.end()) {
      if (required(field.name)) wrong = std::string(field.name) + " is missing";
    } else if (!decode_member(*found, field, verdict)) {
      wrong = std::string(field.name) + " is not what a verdict has there";
    }
  });
  if (!wrong.empty()) return failure(Reason::protocol_error, "the verdict cannot be read: " + wrong);
  return verdict;
}

}  // namespace tecs
