#include "c_api/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "c_api/call.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

using std::chrono::milliseconds;

// Digits and nothing else, within the limits.
Expected<std::uint32_t> parse_number(std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc{} && rest == end && number >= least && number <= most) return number;
  return failure(Reason::bad_option,
                 "not a number from " + std::to_string(least) + " to " + std::to_string(most));
}

Expected<milliseconds> parse_dns_timeout(std::string_view text) {
  constexpr milliseconds most{4000};
  for (const auto& [unit, length] :
       {std::pair<std::string_view, milliseconds>{"ms", milliseconds{1}}, {"s", std::chrono::seconds{1}}}) {
    if (!text.ends_with(unit)) continue;
    const auto count =
        parse_number(text.substr(0, text.size() - unit.size()), 1, static_cast<std::uint32_t>(most / length));
    if (count) return *count * length;
    if (unit == "ms") break;  // it ends with "s" as well
  }
  return failure(Reason::bad_option, "not a time from 1ms to 4s, such as 500ms or 2s");
}

Expected<bool> parse_yes_or_no(std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return failure(Reason::bad_option, "neither yes nor no");
}

// The names and values are those of tecs-milter.conf(5), where it has them.
struct Option {
  std::string_view name;
  Expected<void> (*set)(tecs_options& options, std::string_view value);
};

constexpr std::array table{
    Option{
        "epoch-tolerance",
        [](tecs_options& options, std::string_view value) {
          return parse_number(value, 0, VerifierOptions::maximum_epoch_tolerance).map([&](std::uint32_t n) {
            options.verifier.epoch_tolerance = static_cast<int>(n);
          });
        }},
    Option{"minimum-key-bits",
           [](tecs_options& options, std::string_view value) {
             return parse_number(value, 1024, 4096).map([&](std::uint32_t bits) {
               options.verifier.minimum_rsa_bits = bits;
             });
           }},
    Option{"maximum-key-bits",
           [](tecs_options& options, std::string_view value) {
             return parse_number(value, 1024, 16384).map([&](std::uint32_t bits) {
               options.key_limits.maximum_rsa_bits = bits;
             });
           }},
    Option{"require-dnssec",
           [](tecs_options& options, std::string_view value) {
             return parse_yes_or_no(value).map([&](bool yes) { options.verifier.require_dnssec = yes; });
           }},
    Option{"resolver",
           [](tecs_options& options, std::string_view value) -> Expected<void> {
             const auto endpoint = Endpoint::parse(value);
             if (!endpoint) return failure(Reason::bad_option, endpoint.error().sentence);
             options.dns.resolver = *endpoint;
             return {};
           }},
    Option{"dns-timeout",
           [](tecs_options& options, std::string_view value) {
             return parse_dns_timeout(value).map([&](milliseconds time) { options.dns.timeout = time; });
           }},
    Option{"key-cache-size", [](tecs_options& options, std::string_view value) {
             return parse_number(value, 0, 10'000'000).map([&](std::uint32_t n) {
               options.key_cache_size = n;
             });
           }}};

Expected<void> set_option(tecs_options& options, std::string_view name, std::string_view value) {
  const auto* const option =
      std::find_if(table.begin(), table.end(), [&](const Option& o) { return o.name == name; });
  if (option == table.end()) {
    constexpr std::size_t longest_shown = 64;
    return failure(Reason::bad_option, "there is no option " + printable_text(name, longest_shown));
  }
  const auto set = option->set(options, value);
  if (!set) return failure(Reason::bad_option, std::string(name) + ": " + set.error().sentence);
  return {};
}

}  // namespace

// They are set one after the other, so only now is it known.
Expected<tecs_options> consistent_options(const tecs_options* options) {
  const tecs_options wanted = options_or_default(options);
  if (wanted.verifier.minimum_rsa_bits > wanted.key_limits.maximum_rsa_bits)
    return failure(Reason::bad_option, "minimum-key-bits is more than maximum-key-bits");
  return wanted;
}

}  // namespace tecs

tecs_options* tecs_options_new(tecs_error** error) {
  return tecs::made<tecs_options>(error, []() -> tecs::Expected<std::unique_ptr<tecs_options>> {
    return std::make_unique<tecs_options>();
  });
}

int tecs_options_set(tecs_options* options, const char* name, const char* value, tecs_error** error) {
  return tecs::done(error, [&]() -> tecs::Expected<void> {
    if (options == nullptr) return tecs::missing("options");
    if (name == nullptr) return tecs::missing("name");
    if (value == nullptr) return tecs::missing("value");
    return tecs::set_option(*options, name, value);
  });
}

void tecs_options_free(tecs_options* options) {
  tecs::free_object(options);
}
