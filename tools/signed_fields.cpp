#include "tools/signed_fields.hpp"

#include <chrono>
#include <cstddef>
#include <utility>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t prefix_octets = 7;
constexpr std::size_t epoch_octets = 8;

}  // namespace

std::string hexadecimal(OctetView octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += digits[octet >> 4U];
    text += digits[octet & 0xfU];
  }
  return text;
}

std::string format_epoch(Epoch epoch) {
  std::string text = encode_field(Verdict::Time(epoch.time())).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

std::vector<SignedField> signed_fields(const ConnectionTuple& tuple, Epoch epoch) {
  const SignedOctets octets(tuple, epoch);
  OctetView rest = octets.octets();
  const std::size_t end_octets = (rest.size() - prefix_octets - epoch_octets) / 2;
  const auto take = [&](std::string name, std::size_t count, std::string meaning) {
    SignedField field{std::move(name), hexadecimal(rest.first(count)), std::move(meaning)};
    rest = rest.subspan(count);
    return field;
  };
  std::vector<SignedField> fields;
  fields.push_back(take("prefix", prefix_octets, "\"TECS-1\" and a NUL"));
  fields.push_back(take("destination", end_octets, tuple.destination().format()));
  fields.push_back(take("source", end_octets, tuple.source().format()));
  fields.push_back(take("epoch", epoch_octets, format_epoch(epoch)));
  return fields;
}

}  // namespace tecs
