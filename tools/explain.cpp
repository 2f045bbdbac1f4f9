#include "tools/explain.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "tools/explanation.hpp"
#include "tools/protocol_options.hpp"
#include "tools/txt_source_options.hpp"
#include "tools/verdict_examination.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// In lower case. Empty for what is no UUID (RFC 9562 section 4).
std::optional<std::string> parse_id(std::string_view text) {
  constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != pattern.size()) return std::nullopt;
  std::string id(text);
  for (std::size_t i = 0; i < id.size(); ++i) {
    char& character = id[i];
    if (character >= 'A' && character <= 'F') character = static_cast<char>(character - 'A' + 'a');
    const bool digit = (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    if (pattern[i] == '-' ? character != '-' : !digit) return std::nullopt;
  }
  return id;
}

Outcome<Verdict> find_verdict(const OptionValues& values) {
  const auto text = option_text(values, "verdict");
  const auto id = text ? parse_id(*text) : std::nullopt;
  if (!id) {
    return failed(
        ExitCode::usage,
        "say the id of a verdict in full; it stands as id= in the log of tecs-milter, and in 'tecs verdicts "
        "--format json'");
  }
  const auto store = open_verdict_store(values["store"].as<std::string>(), StoreMode::read_only);
  if (!store && store.error().reason == Reason::bad_option) return failed(store.error(), "--store");
  if (!store) return failed(ExitCode::no_input, store.error().sentence);
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
  auto add = table.add_options();
  add("verdict", po::value<std::string>()->value_name("ID"),
      "which one; the name of this option may be left out");
  add("store",
      po::value<std::string>()->value_name("STORE")->default_value("sqlite:/var/lib/tecs/verdicts.db"),
      "where the verdicts are");
  add_txt_source_options(table);
  add("json", po::bool_switch(), "print one JSON object");
  const ProgramText text{
      .name = "tecs explain",
      .usage = "ID [--store sqlite:FILE] [--zone FILE | --resolver IP:PORT] [--json]",
      .description =
          "Answers why a receiver decided as it did about one connection: prints its verdict, the octets\n"
          "that should have been signed, the key that stands in DNS now and whether the signature fits it,\n"
          "reputation and score; then the answer in a sentence, and what to do. The ID stands as id= in the\n"
          "log of tecs-milter, and in 'tecs verdicts --format json'. Ends with 0 when the verdict was\n"
          "found, 65 when the store does not have it.",
      .examples =
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90\n"
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90 --store sqlite:/tmp/verdicts.db --json\n"
          "tecs explain 0190163d-8694-739b-aea5-966c26f8ad90 --zone example.org.zone"};
  // No subcommand has another word without a name.
  std::vector<const char*> named(arguments.begin(), arguments.end());
  if (!named.empty() && named.front()[0] != '-') named.insert(named.begin(), "--verdict");
  return run_subcommand({text, table, explain}, named, environment);
}

}  // namespace tecs
