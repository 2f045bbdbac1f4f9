#include "tools/store_option.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

namespace tecs {
namespace {

ExitCode code_of(const StoreName& name, StoreUse use) {
  if (!std::holds_alternative<StoreName::SqliteFile>(name.place())) return ExitCode::unavailable;
  return use == StoreUse::create ? ExitCode::cannot_create : ExitCode::no_input;
}

StoreMode mode_of(StoreUse use) {
  if (use == StoreUse::read) return StoreMode::read_only;
  return use == StoreUse::migrate ? StoreMode::read_write : StoreMode::read_write_this_version;
}

// Opened for writing, a file whose name is mistyped would be made.
Outcome<void> require_file(const StoreName& name) {
  const auto* const sqlite = std::get_if<StoreName::SqliteFile>(&name.place());
  std::error_code error;
  if (sqlite == nullptr || std::filesystem::exists(sqlite->path, error)) return {};
  return failed(ExitCode::no_input, sqlite->path + ": " + (error ? error.message() : "no such file"));
}

template <typename Open>
auto open_with(const OptionValues& values, StoreUse use, Open open)
    -> Outcome<typename decltype(open(std::declval<const StoreName&>(), StoreMode{}))::value_type> {
  const auto name = read_store(values);
  if (!name) return tl::unexpected(name.error());
  if (use == StoreUse::change || use == StoreUse::migrate) {
    const auto there = require_file(*name);
    if (!there) return tl::unexpected(there.error());
  }
  auto opened = open(*name, mode_of(use));
  if (!opened) return failed(code_of(*name, use), opened.error().sentence);
  return std::move(*opened);
}

}  // namespace

void add_store_option(OptionTable& table) {
  namespace po = boost::program_options;
  table.add_options()(
      "store",
      po::value<std::string>()->value_name("STORE")->default_value("sqlite:/var/lib/tecs/verdicts.db"),
      "where the verdicts are: sqlite:FILE or postgresql://USER@HOST/DATABASE");
}

Outcome<StoreName> read_store(const OptionValues& values) {
  auto name = StoreName::parse(values["store"].as<std::string>());
  if (!name) return failed(name.error(), "--store");
  return *std::move(name);
}

Outcome<std::unique_ptr<VerdictStore>> open_store(const OptionValues& values, StoreUse use) {
  return open_with(values, use, open_verdict_store);
}

Outcome<std::unique_ptr<SqlDatabase>> open_database(const OptionValues& values, StoreUse use) {
  return open_with(values, use, open_verdict_database);
}

}  // namespace tecs
