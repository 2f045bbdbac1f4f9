#include "tools/reputation_complaints.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tools/complaint_line.hpp"
#include "tools/plain_text.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"
#include "tools/time_option.hpp"
#include "verdicts/complaint_book.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

Outcome<ComplaintQuery> read_query(const OptionValues& values, const Clock& clock) {
  const auto period = read_period(values, clock);
  if (!period) return tl::unexpected(period.error());
  ComplaintQuery query{.since = period->since, .until = period->until};
  if (const auto text = option_text(values, "domain")) {
    const auto domain = Domain::parse(*text);
    if (!domain) return failed(domain.error(), "--domain");
    query.domain = domain->text();
  }
  if (const auto text = option_text(values, "status")) {
    query.status = parse_complaint_status(*text);
    if (!query.status)
      return failed(ExitCode::usage, "--status: counted, duplicate, forged, unverified or malformed");
  }
  return query;
}

std::string cell(std::string_view octets, std::size_t width) {
  std::string text = octets.empty() ? "-" : plain_text(octets);
  // The registered domain stands at the end.
  if (text.size() > width) text = "~" + text.substr(text.size() - width + 1);
  text.resize(width, ' ');
  return text + " ";
}

// 100 columns for a terminal.
std::string row(std::string_view time, std::string_view status, std::string_view domain,
                std::string_view reporter, std::string_view key_source, std::string_view reason) {
  constexpr std::size_t time_width = 19;
  constexpr std::size_t status_width = 10;
  constexpr std::size_t domain_width = 22;
  constexpr std::size_t reporter_width = 20;
  constexpr std::size_t key_width = 7;
  return cell(time, time_width) + cell(status, status_width) + cell(domain, domain_width) +
         cell(reporter, reporter_width) + cell(key_source, key_width) +
         (reason.empty() ? "-" : plain_text(reason)) + "\n";
}

void print_row(const Complaint& complaint, std::ostream& out) {
  constexpr std::size_t without_milliseconds = 19;
  std::string time = encode_field(complaint.time).substr(0, without_milliseconds);
  time.replace(time.find('T'), 1, " ");
  out << row(time, word(complaint.status), complaint.domain, complaint.reporter, complaint.key_source,
             word(complaint.reason));
}

Outcome<ExitCode> complaints(const OptionValues& values, const Environment& environment) {
  const auto format = values["format"].as<std::string>();
  if (format != "table" && format != "json") return failed(ExitCode::usage, "--format: table or json");
  const auto query = read_query(values, environment.clock);
  if (!query) return tl::unexpected(query.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());
  if (format == "table") environment.out << row("TIME", "STATUS", "DOMAIN", "REPORTER", "KEY", "REASON");
  // Gathered first: whoever reads the output may take long, and nothing is to be held open for him.
  std::vector<Complaint> found;
  const auto read = select_complaints(**database, *query, [&](const Complaint& complaint) {
    found.push_back(complaint);
    return true;
  });
  if (!read) return failed(read.error());
  for (const Complaint& complaint : found) {
    if (format == "table") {
      print_row(complaint, environment.out);
    } else {
      environment.out << complaint_json(complaint, "") << '\n';
    }
    if (!environment.out.good()) break;
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_complaints(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_store_option(table);
  add_period_options(table);
  auto add = table.add_options();
  add("domain", po::value<std::string>()->value_name("DOMAIN"), "only about this signing domain");
  add("status", po::value<std::string>()->value_name("STATUS"),
      "only counted, duplicate, forged, unverified or malformed");
  add("format", po::value<std::string>()->value_name("FORM")->default_value("table"), "table or json");
  const ProgramText text{
      .name = "tecs reputation complaints",
      .usage =
          "[--store STORE] [--since TIME] [--until TIME] [--domain DOMAIN]\n"
          "                                  [--status STATUS] [--format table|json]",
      .description =
          "Lists what became of complaints, newest first. Only those that are 'counted' make a domain's\n"
          "reputation worse; their evidence verified by a stored verdict, by a key kept with verdicts of\n"
          "that time, or by the key in DNS (column KEY). Of all others the domain is what they claim. The\n"
          "reporter is the domain of whoever sent it, as he says. json gives one object a line, with all\n"
          "fields and a sentence about the reason.",
      .examples =
          "tecs reputation complaints --since 1d\n"
          "tecs reputation complaints --domain example.org --status counted --format json"};
  return run_subcommand({text, table, complaints}, arguments, environment);
}

}  // namespace tecs
