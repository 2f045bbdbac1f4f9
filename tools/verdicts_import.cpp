#include "tools/verdicts_import.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <fstream>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tools/bounded_lines.hpp"
#include "tools/file_arguments.hpp"
#include "tools/progress.hpp"
#include "tools/store_option.hpp"
#include "tools/verdict_import.hpp"
#include "verdicts/organizational_domain.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr std::size_t longest_line = std::size_t{128} * 1024;

struct Input {
  std::string name;
  std::unique_ptr<std::ifstream> file;  // null: what is handed over
};

// All are opened before anything of them is imported.
Outcome<std::vector<Input>> open_inputs(const std::vector<std::string>& files) {
  std::vector<Input> inputs;
  if (files.empty()) inputs.push_back({"-", nullptr});
  for (const std::string& name : files) {
    if (name == "-") {
      inputs.push_back({name, nullptr});
      continue;
    }
    auto file = std::make_unique<std::ifstream>(name, std::ios::binary);
    if (!*file || file->peek() == std::ifstream::traits_type::eof()) {
      if (!*file || !file->eof() || file->bad()) return failed(ExitCode::no_input, name + ": cannot be read");
      file->clear();
    }
    inputs.push_back({name, std::move(file)});
  }
  return inputs;
}

void print_counts(const VerdictImport::Counts& counts, std::ostream& out) {
  out << counts.read << " read: " << counts.added << " new, " << counts.known << " already there, ";
  if (counts.pruned != 0) out << counts.pruned << " older than what was pruned, ";
  out << counts.refused << " refused\n";
}

// False: --strict, and something was refused.
Expected<bool> import_lines(std::istream& in, const std::string& name, VerdictImport& import, bool strict,
                            Progress& progress) {
  BoundedLines lines(in, longest_line);
  while (auto line = lines.next()) {
    const auto taken = line->too_long ? import.refuse(line->number, "the line is too long")
                                      : import.add(line->number, line->text);
    if (!taken) return tl::unexpected(taken.error());
    if (strict && import.counts().refused != 0) break;
    progress.show(name + ": " + std::to_string(line->number) + " lines");
  }
  return import.flush().map([&] { return !strict || import.counts().refused == 0; });
}

Outcome<ExitCode> import_verdicts(const OptionValues& values, const Environment& environment) {
  auto inputs = open_inputs(read_files(values));
  if (!inputs) return tl::unexpected(inputs.error());
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return failed(suffixes.error());
  const auto store = open_store(values, StoreUse::create);
  if (!store) return tl::unexpected(store.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());

  Progress progress(environment);
  std::string name;
  VerdictImport import({.store = **store,
                        .database = **database,
                        .suffixes = *suffixes,
                        .clock = environment.clock,
                        .refused = [&](std::uint64_t line, const std::string& why) {
                          progress.clear();
                          environment.err << "tecs verdicts import: " << name << ':' << line << ": " << why
                                          << '\n';
                        }});
  for (const Input& input : *inputs) {
    name = input.name;
    std::istream& in = input.file ? *input.file : environment.in;
    const auto more = import_lines(in, name, import, values["strict"].as<bool>(), progress);
    if (!more) {
      progress.clear();
      print_counts(import.counts(), environment.out);
      return failed(more.error());
    }
    if (!*more) break;
  }
  progress.clear();
  print_counts(import.counts(), environment.out);
  return import.counts().refused == 0 ? ExitCode::ok : ExitCode::data_error;
}

}  // namespace

ExitCode run_verdicts_import(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_file_option(table,
                  "where the verdicts are; the name of this option may be left out, '-' or none: "
                  "standard input");
  add_store_option(table);
  table.add_options()("strict", po::bool_switch(), "stop at the first line that is refused");
  const ProgramText text{
      .name = "tecs verdicts import",
      .usage = "[FILE...] [--store STORE] [--strict]",
      .description =
          "Brings the verdicts of other receivers into a store, which is made if it is not there: JSON\n"
          "lines, as 'tecs verdicts export' and 'tecs verdicts list --format json' write them. A verdict\n"
          "that the store has already is passed over, so that the same file may be imported again, and so\n"
          "is one that is older than what was pruned from the store, which has counted it before. A line\n"
          "that is no verdict is named with its reason and left out; what came before it stays. At the end\n"
          "the counts are printed. Ends with 0, or with 65 when a line was refused.",
      .examples =
          "tecs verdicts import mx1.jsonl mx2.jsonl --store postgresql://tecs@db.example.net/tecs\n"
          "ssh mx1 tecs verdicts export --since 1d | tecs verdicts import --store sqlite:all.db"};
  return run_subcommand({text, table, import_verdicts}, with_named_files(arguments, table), environment);
}

}  // namespace tecs
