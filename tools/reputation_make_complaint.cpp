#include "tools/reputation_make_complaint.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tools/bounded_mail.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"
#include "tools/verdict_argument.hpp"
#include "verdicts/arf_composition.hpp"
#include "verdicts/arf_message.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// What stands around the message must find room in a mail that is taken elsewhere.
constexpr std::size_t maximum_message = ArfMessage::maximum_octets - std::size_t{64} * 1024;

Outcome<std::string> read_type(const OptionValues& values) {
  // RFC 5965 section 7.3, RFC 6430: those of the registry that are complaints.
  const std::vector<std::string> types{"abuse", "fraud", "virus", "opt-out", "other"};
  auto type = values["type"].as<std::string>();
  if (std::find(types.begin(), types.end(), type) == types.end())
    return failed(ExitCode::usage, "--type: abuse, fraud, virus, opt-out or other");
  return type;
}

// "tecs/0.1.0"
std::string user_agent() {
  std::string text = version_text("tecs");
  std::replace(text.begin(), text.end(), ' ', '/');
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

Outcome<ExitCode> make_complaint(const OptionValues& values, const Environment& environment) {
  const auto type = read_type(values);
  if (!type) return tl::unexpected(type.error());
  const auto to = option_text(values, "to");
  if (!to) return failed(ExitCode::usage, "--to: say who keeps reputation, as NAME@DOMAIN");
  const auto verdict = find_verdict_argument(values);
  if (!verdict) return tl::unexpected(verdict.error());
  const bool header_only = values["no-content"].as<bool>();
  const std::string message = read_bounded_mail(environment.in, maximum_message);
  if (message.size() > maximum_message && !header_only)
    return failed(ExitCode::data_error, "the message is too large to be enclosed; use --no-content");
  const ArfComposition composition{
      .from = option_text(values, "from").value_or("postmaster@" + verdict->receiver),
      .to = *to,
      .date = std::chrono::floor<std::chrono::seconds>(environment.clock.now()),
      .user_agent = user_agent(),
      .feedback_type = *type,
      .header_only = header_only};
  const auto report = compose_arf(composition, *verdict, message);
  if (!report && report.error().reason == Reason::bad_option) return failed(report.error());
  if (!report) return failed(ExitCode::data_error, report.error().sentence);
  environment.out << *report;
  return ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_make_complaint(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_verdict_argument(table,
                       "of the connection that brought the message; the name of this option may be left out");
  add_store_option(table);
  auto add = table.add_options();
  add("from", po::value<std::string>()->value_name("ADDRESS"),
      "who complains (default: postmaster at the receiver)");
  add("to", po::value<std::string>()->value_name("ADDRESS"),
      "who keeps reputation, and is trusted with the message");
  add("type", po::value<std::string>()->value_name("TYPE")->default_value("abuse"),
      "abuse, fraud, virus, opt-out or other");
  add("no-content", po::bool_switch(), "enclose only the message's header");
  const ProgramText text{
      .name = "tecs reputation make-complaint",
      .usage =
          "ID --to ADDRESS [--store STORE] [--from ADDRESS]\n"
          "                                      [--type TYPE] [--no-content] < message",
      .description =
          "Writes a complaint about a message: a feedback report (ARF, RFC 5965) with the message, read "
          "from\n"
          "standard input, and the evidence that the verdict holds. Whoever gets it can verify with the\n"
          "domain's key in DNS that the domain signed that connection: with 'tecs reputation complain', for\n"
          "example. The ID stands as id= in the log of tecs-milter; its beginning is enough, 8 characters "
          "at\n"
          "least. Fields that name the one who got the message (Delivered-To, X-Original-To, Bcc and\n"
          "Return-Path) are left out; take out what else nobody should see. Ends with 0 when the report was\n"
          "written, 65 when there is no such verdict, when it is not a pass, or when the message is empty, "
          "too\n"
          "large, or has lines that mail does not carry: enclose its header only then.",
      .examples =
          "tecs reputation make-complaint 0190163d-8694-739b-aea5-966c26f8ad90 \\\n"
          "    --to complaints@arf.example.net < spam | sendmail -t"};
  return run_subcommand({text, table, make_complaint}, name_verdict_argument(arguments), environment);
}

}  // namespace tecs
