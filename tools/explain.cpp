#include "tools/explain.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <optional>
#include <ostream>
#include <string>

#include "tools/explanation.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"
#include "tools/txt_source_options.hpp"
#include "tools/verdict_argument.hpp"
#include "tools/verdict_examination.hpp"
#include "verdicts/uuid.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

Outcome<Verdict> find_verdict(const OptionValues& values) {
  const auto text = option_text(values, "verdict");
  const auto id = text ? parse_uuid(*text) : std::nullopt;
  if (!id) {
    return failed(
        ExitCode::usage,
        "say the id of a verdict in full; it stands as id= in the log of tecs-milter, and in 'tecs verdicts "
        "--format json'");
  }
  const auto store = open_store(values, StoreUse::read);
  if (!store) return tl::unexpected(store.error());
  std::optional<Verdict> found;
  const auto read = (*store)->select({.id = *id}, [&](const Verdict& verdict) {
    found = verdict;
    return false;
  });
  if (!read) return failed(read.error());
  if (!found) return failed(ExitCode::data_error, "there is no verdict " + *id + " in this store");
  return *std::move(found);
}

Outcome<ExitCode> explain(const OptionValues& values, const Environment& environment) {
  const auto verdict = find_verdict(values);
  if (!verdict) return tl::unexpected(verdict.error());
  const auto source = open_txt_source(values, environment);
  if (!source) return tl::unexpected(source.error());
  const VerdictExamination examination = examine_verdict(*verdict, **source);
  if (values["json"].as<bool>()) {
    environment.out << explanation_json(examination) << '\n';
  } else {
    print_explanation(examination, environment.out);
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_explain(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_verdict_argument(table, "which one; the name of this option may be left out");
  add_store_option(table);
  add_txt_source_options(table);
  table.add_options()("json", po::bool_switch(), "print one JSON object");
  const ProgramText text{
      .name = "tecs explain",
      .usage = "ID [--store STORE] [--zone FILE | --resolver IP:PORT] [--json]",
      .description =
          "Answers why a receiver decided as it did about one connection: prints its verdict, the octets\n"
          "that should have been signed, the key that stands in DNS now and the one that the receiver used,\n"
          "whether the signature fits them, reputation and score; then the answer in a sentence, and what "
          "to\n"
          "do. The ID stands as id= in the log of tecs-milter, and in 'tecs verdicts --format json'. Ends\n"
          "with 0 when the verdict was found, 65 when the store does not have it.",
      .examples =
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90\n"
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90 --store sqlite:/tmp/verdicts.db --json\n"
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90 --zone example.org.zone\n"
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90 --store postgresql://db.example.net/tecs"};
  return run_subcommand({text, table, explain}, name_verdict_argument(arguments), environment);
}

}  // namespace tecs
