#include "tools/reputation_calibrate.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tools/calibration_chart.hpp"
#include "tools/csv_line.hpp"
#include "tools/protocol_options.hpp"
#include "tools/replaced_file.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "tools/time_option.hpp"
#include "verdicts/decimal_number.hpp"
#include "verdicts/score_calibration.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

double share_of(const CalibrationBin& bin) noexcept {
  return static_cast<double>(bin.complained) / static_cast<double>(bin.connections);
}

std::string right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

// Of the largest share.
std::string bar(double share, double largest) {
  constexpr double longest = 20;
  return std::string(largest > 0 ? static_cast<std::size_t>(std::lround(share / largest * longest)) : 0, '#');
}

std::string table_line(std::string_view score, std::string_view connections, std::string_view complained,
                       std::string_view share, std::string_view interval, std::string_view caught,
                       std::string_view others) {
  return right(std::string(score), 6) + right(std::string(connections), 13) +
         right(std::string(complained), 12) + right(std::string(share), 10) +
         right(std::string(interval), 16) + right(std::string(caught), 10) + right(std::string(others), 10);
}

void print_table(const ScoreCalibration& calibration, std::ostream& out) {
  out << table_line("", "", "", "", "", "CAUGHT FROM", "HERE ON") << '\n'
      << table_line("SCORE", "CONNECTIONS", "COMPLAINED", "SHARE", "AT 95 %", "COMPL.", "OTHERS") << '\n';
  double largest = 0;
  for (const CalibrationBin& bin : calibration.bins) largest = std::max(largest, share_of(bin));
  for (const CalibrationBin& bin : calibration.bins) {
    const std::string interval =
        decimal_number(bin.share.lower * 100, 2) + "-" + decimal_percent(bin.share.upper);
    out << table_line(decimal_number(bin.from, 0), std::to_string(bin.connections),
                      std::to_string(bin.complained), decimal_percent(share_of(bin)), interval,
                      decimal_number(bin.complained_caught * 100, 1) + " %",
                      decimal_number(bin.others_caught * 100, 1) + " %")
        << "  " << bar(share_of(bin), largest) << '\n';
  }
  out << '\n'
      << calibration.connections << " connections with mail, " << calibration.complained
      << " of them complained about\n";
}

void print_json(const ScoreCalibration& calibration, std::ostream& out) {
  nlohmann::ordered_json bins = nlohmann::ordered_json::array();
  for (const CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"score", bin.from},
                    {"connections", bin.connections},
                    {"complained", bin.complained},
                    {"share", share_of(bin)},
                    {"share_lower", bin.share.lower},
                    {"share_upper", bin.share.upper},
                    {"complained_caught", bin.complained_caught},
                    {"others_caught", bin.others_caught}});
  }
  out << nlohmann::ordered_json{{"connections", calibration.connections},
                                {"complained", calibration.complained},
                                {"bins", bins}}
             .dump()
      << '\n';
}

void print_csv(const ScoreCalibration& calibration, std::ostream& out) {
  out << csv_line({"score", "connections", "complained", "share", "share_lower", "share_upper",
                   "complained_caught", "others_caught"});
  constexpr int digits = 6;
  for (const CalibrationBin& bin : calibration.bins) {
    out << csv_line({decimal_number(bin.from, 0), std::to_string(bin.connections),
                     std::to_string(bin.complained), decimal_number(share_of(bin), digits),
                     decimal_number(bin.share.lower, digits), decimal_number(bin.share.upper, digits),
                     decimal_number(bin.complained_caught, digits),
                     decimal_number(bin.others_caught, digits)});
  }
}

using Print = void (*)(const ScoreCalibration& calibration, std::ostream& out);

Outcome<Print> read_form(const OptionValues& given) {
  const auto form = given["format"].as<std::string>();
  if (form == "table") return &print_table;
  if (form == "json") return &print_json;
  if (form == "csv") return &print_csv;
  return failed(ExitCode::usage, "--format: table, json or csv");
}

Outcome<ExitCode> calibrate(const OptionValues& given, const Environment& environment) {
  const auto print = read_form(given);
  if (!print) return tl::unexpected(print.error());
  const auto period = read_period(given, environment.clock);
  if (!period) return tl::unexpected(period.error());
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto database = open_database(*values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());
  const auto calibration = calibrate_scores(**database, period->since, period->until);
  if (!calibration) return failed(calibration.error());
  (*print)(*calibration, environment.out);
  if (const auto file = option_text(given, "svg")) {
    const auto replaced = replace_file(*file, draw_calibration(*calibration));
    if (!replaced) return tl::unexpected(replaced.error());
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_calibrate(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_period_options(table);
  auto add = table.add_options();
  add("format", po::value<std::string>()->value_name("FORM")->default_value("table"), "table, json or csv");
  add("svg", po::value<std::string>()->value_name("FILE"), "draw a picture of it too");
  add_configuration_options(table);
  const ProgramText text{
      .name = "tecs reputation calibrate",
      .usage =
          "[--since TIME] [--until TIME] [--format table|json|csv] [--svg FILE]\n"
          "                                 [--configuration FILE] [--store STORE]",
      .description =
          "Compares scores with what became of the mail: of the connections that brought mail with a score\n"
          "from N to N+1, how many were complained about, and between which bounds their true share lies\n"
          "(Wilson interval). The last two columns say what a threshold of that score would catch: of all\n"
          "complained connections, and of all others. A good threshold catches most of the first and next\n"
          "to nothing of the second. What a receiver rejects cannot be complained about, so it is best\n"
          "measured where 'mode = monitor'. People complain late: leave the last days out with --until, or "
          "the\n"
          "shares come out too small.",
      .examples =
          "tecs reputation calibrate --since 30d --until 3d\n"
          "tecs reputation calibrate --svg calibration.svg --format csv > calibration.csv"};
  return run_subcommand({text, table, calibrate}, arguments, environment);
}

}  // namespace tecs
