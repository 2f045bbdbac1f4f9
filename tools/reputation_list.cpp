#include "tools/reputation_list.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tools/csv_line.hpp"
#include "tools/plain_text.hpp"
#include "tools/protocol_options.hpp"
#include "tools/reputation_options.hpp"
#include "tools/store_option.hpp"
#include "verdicts/decimal_number.hpp"
#include "verdicts/reputation_rows.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

enum class Form : std::uint8_t { table, json, csv };

struct Selection {
  Form form = Form::table;
  std::optional<Reputation> state;
};

Outcome<Selection> read_selection(const OptionValues& values) {
  Selection selection;
  const auto form = values["format"].as<std::string>();
  if (form != "table" && form != "json" && form != "csv")
    return failed(ExitCode::usage, "--format: table, json or csv");
  selection.form = form == "table" ? Form::table : form == "json" ? Form::json : Form::csv;
  if (const auto word = option_text(values, "state")) {
    selection.state = parse_reputation(*word);
    if (!selection.state) return failed(ExitCode::usage, "--state: good, medium, bad or unknown");
  }
  return selection;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text + "  ";
}

// Columns have one width in all listings, so a domain that is longer than its column moves what stands behind
// it.
std::string table_line(std::string_view state, std::string_view number, const std::string& domain,
                       std::string_view reason) {
  constexpr std::size_t state_width = 7;
  constexpr std::size_t number_width = 6;
  constexpr std::size_t domain_width = 32;
  return padded(std::string(state), state_width) + padded(std::string(number), number_width) +
         padded(domain, domain_width) + std::string(reason) + "\n";
}

std::string json_line(const ReputationRow& row) {
  nlohmann::ordered_json object;
  object["domain"] = plain_text(row.domain);
  object["state"] = word(row.state);
  object["number"] = is_by_hand(row) ? nlohmann::ordered_json() : nlohmann::ordered_json(row.number);
  object["organizational"] = row.organizational;
  object["reason"] = plain_text(row.reason);
  return object.dump() + "\n";
}

std::string line_of(const ReputationRow& row, Form form) {
  if (form == Form::json) return json_line(row);
  // The formula's number says nothing of what somebody decided against it.
  const std::string number = is_by_hand(row) ? "-" : decimal_number(row.number, 4);
  if (form == Form::table)
    return table_line(word(row.state), number, plain_text(row.domain), plain_text(row.reason));
  return csv_line({csv_text(row.domain), std::string(word(row.state)), number,
                   row.organizational ? "true" : "false", csv_text(row.reason)});
}

Outcome<ExitCode> list(const OptionValues& given, const Environment& environment) {
  const auto selection = read_selection(given);
  if (!selection) return tl::unexpected(selection.error());
  const auto values = with_configuration(given);
  if (!values) return tl::unexpected(values.error());
  const auto database = open_database(*values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());
  if (selection->form == Form::table)
    environment.out << table_line("STATE", "NUMBER", "DOMAIN", "WHY");
  else if (selection->form == Form::csv)
    environment.out << csv_line({"domain", "state", "number", "organizational", "reason"});
  // Gathered first: whoever reads the output may take long, and nothing is to be held open for him.
  std::vector<ReputationRow> rows;
  const auto read = read_reputation(**database, [&](const ReputationRow& row) {
    if (!selection->state || row.state == *selection->state) rows.push_back(row);
    return true;
  });
  if (!read) return failed(read.error());
  for (const ReputationRow& row : rows) {
    environment.out << line_of(row, selection->form);
    if (!environment.out.good()) break;
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_list(Arguments arguments, const Environment& environment) {
  OptionTable table;
  auto add = table.add_options();
  add("state", po::value<std::string>()->value_name("STATE"), "only good, medium, bad or unknown ones");
  add("format", po::value<std::string>()->value_name("FORM")->default_value("table"), "table, json or csv");
  add_configuration_options(table);
  const ProgramText text{
      .name = "tecs reputation list",
      .usage =
          "[--state STATE] [--format table|json|csv] [--configuration FILE]\n"
          "                            [--store STORE]",
      .description =
          "Lists the domains whose reputation is known, as the last 'tecs reputation compute' left them, in\n"
          "the order of their names. Domains of which too little is known have no line; those that are\n"
          "'unknown' here were set so by hand.",
      .examples =
          "tecs reputation list --state bad\n"
          "tecs reputation list --format csv > reputation.csv"};
  return run_subcommand({text, table, list}, arguments, environment);
}

}  // namespace tecs
