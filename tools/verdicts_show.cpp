#include "tools/verdicts_show.hpp"

#include <array>
#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <chrono>
#include <iomanip>
#include <optional>
#include <ostream>
#include <string>
#include <type_traits>

#include "tools/plain_text.hpp"
#include "tools/store_option.hpp"
#include "tools/verdict_argument.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

std::string value_text(const std::string& value) {
  return value.empty() ? "-" : plain_text(value);
}
std::string value_text(bool value) {
  return value ? "yes" : "no";
}
std::string value_text(std::uint32_t value) {
  return std::to_string(value);
}
std::string value_text(std::uint64_t value) {
  return std::to_string(value);
}
std::string value_text(Result value) {
  return std::string(word(value));
}
std::string value_text(Verdict::Time value) {
  return encode_field(value);
}
std::string value_text(std::chrono::microseconds value) {
  return std::to_string(value.count()) + " us";
}
std::string value_text(std::chrono::seconds value) {
  return std::to_string(value.count()) + " s";
}
std::string value_text(std::chrono::sys_seconds value) {
  return std::to_string(value.time_since_epoch().count()) + " (" + encode_field(Verdict::Time(value)) + ")";
}
std::string value_text(double value) {
  std::array<char, 32> digits{};  // the shortest that is read as the same number takes 24 at most
  const auto written = std::to_chars(digits.begin(), digits.end(), value);
  return {digits.data(), written.ptr};
}
template <typename Value>
std::string value_text(const std::optional<Value>& value) {
  return value ? value_text(*value) : "-";
}

void print_fields(const Verdict& verdict, std::ostream& out) {
  for_each_field([&](const auto& field) {
    constexpr int width = 23;
    out << std::left << std::setw(width) << std::string(field.name) + ":"
        << value_text(verdict.*(field.member)) << '\n';
  });
}

Outcome<ExitCode> show(const OptionValues& values, const Environment& environment) {
  const auto verdict = find_verdict_argument(values);
  if (!verdict) return tl::unexpected(verdict.error());
  if (values["json"].as<bool>()) {
    environment.out << plain_text(format_json(*verdict)) << '\n';
  } else {
    print_fields(*verdict, environment.out);
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_show(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_verdict_argument(table, "which one; the name of this option may be left out");
  add_store_option(table);
  table.add_options()("json", po::bool_switch(), "print one JSON object");
  const ProgramText text{
      .name = "tecs verdicts show",
      .usage = "ID [--store STORE] [--json]",
      .description =
          "Prints all fields of one verdict. Of the ID the beginning is enough, 8 characters at least, if "
          "no\n"
          "other verdict begins so. 'tecs explain ID' says what they mean. Ends with 0 when the verdict was\n"
          "found, 65 when the store has none or several.",
      .examples =
          "tecs verdicts show 0190163d-8694-739b-aea5-966c26f8ad90\n"
          "tecs verdicts show 0190163d-8694-7 --store sqlite:/tmp/verdicts.db --json"};
  return run_subcommand({text, table, show}, name_verdict_argument(arguments), environment);
}

}  // namespace tecs
