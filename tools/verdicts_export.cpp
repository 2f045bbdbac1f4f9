#include "tools/verdicts_export.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "tools/plain_text.hpp"
#include "tools/progress.hpp"
#include "tools/protocol_options.hpp"
#include "tools/store_option.hpp"
#include "tools/streamed_file.hpp"
#include "tools/verdict_conditions.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// Ends early when the output takes no more.
Expected<void> write_lines(VerdictStore& store, const VerdictQuery& query, std::ostream& out,
                           Progress& progress) {
  std::uint64_t count = 0;
  return store.select(query, [&](const Verdict& verdict) {
    out << plain_text(format_json(verdict)) << '\n';
    progress.show(std::to_string(++count) + " verdicts");
    return out.good();
  });
}

Outcome<void> export_to_file(VerdictStore& store, const VerdictQuery& query, const std::string& path,
                             Progress& progress) {
  const auto file = StreamedFile::open(path);
  if (!file) return failed(ExitCode::cannot_create, file.error().sentence);
  const auto written = write_lines(store, query, (*file)->stream(), progress);
  if (!written) return failed(written.error());
  const auto committed = (*file)->commit();
  if (!committed) return failed(committed.error());
  return {};
}

Outcome<ExitCode> export_verdicts(const OptionValues& values, const Environment& environment) {
  if (values["format"].as<std::string>() != "jsonl") return failed(ExitCode::usage, "--format: jsonl");
  auto query = read_verdict_conditions(values, environment.clock);
  if (!query) return tl::unexpected(query.error());
  query->oldest_first = true;
  const auto store = open_store(values, StoreUse::read);
  if (!store) return tl::unexpected(store.error());

  Progress progress(environment);
  if (const auto path = option_text(values, "out")) {
    return export_to_file(**store, *query, *path, progress).map([] { return ExitCode::ok; });
  }
  const auto written = write_lines(**store, *query, environment.out, progress);
  if (!written) return failed(written.error());
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_export(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_store_option(table);
  add_verdict_conditions(table);
  auto add = table.add_options();
  add("format", po::value<std::string>()->value_name("FORM")->default_value("jsonl"),
      "jsonl, which is the only one: a JSON object a line");
  add("out", po::value<std::string>()->value_name("FILE"),
      "write to this file, which is replaced when all is there (default: standard output)");
  const ProgramText text{
      .name = "tecs verdicts export",
      .usage =
          "[--store STORE] [--since TIME] [--until TIME] [--domain DOMAIN]\n"
          "                            [--organizational-domain DOMAIN] [--result RESULT]\n"
          "                            [--receiver NAME] [--reason WORD] [--network NETWORK]\n"
          "                            [--format jsonl] [--out FILE]",
      .description =
          "Writes verdicts with all their fields, oldest first, a JSON object a line, as they come from the\n"
          "store. 'tecs verdicts import' takes them into another store, where each counts once.",
      .examples =
          "tecs verdicts export --since 1d --out mx1.jsonl\n"
          "tecs verdicts export --since 2026-01-01 --until 2026-02-01 | gzip > january.jsonl.gz"};
  return run_subcommand({text, table, export_verdicts}, arguments, environment);
}

}  // namespace tecs
