#include "program/options.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <map>
#include <vector>

#include "program/ini_file.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

bool given(const po::variables_map& values, const char* name) {
  return values.count(name) != 0;
}

Expected<po::variables_map> read_command_line(std::span<const char* const> arguments,
                                              const po::options_description& table) {
  // Guessing is off: an abbreviation in a script would change its meaning with the next option we add.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  try {
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    const auto parsed = po::command_line_parser(words).options(table).style(style).run();
    for (const auto& option : parsed.options) {
      if (option.position_key >= 0) {
        return failure(Reason::bad_option, "unexpected argument '" + option.value.front() + "'");
      }
    }
    po::store(parsed, values);
  } catch (const po::error& error) {
    return failure(Reason::bad_option, error.what());
  }
  return values;
}

bool for_command_line_only(const po::option_description& option) {
  return option.long_name() == "config" ||
         dynamic_cast<const po::untyped_value*>(option.semantic().get()) != nullptr;
}

// Stored line by line: so an error belongs to a line, which Boost's own reader does not tell.
Expected<void> store_entry(const IniEntry& entry, const po::options_description& table,
                           po::variables_map& values) {
  po::option option(entry.key, {entry.value});
  option.original_tokens = {entry.key, entry.value};
  po::parsed_options parsed(&table);
  parsed.options.push_back(option);
  try {
    // A wrong value is reported even when the command line overrides it.
    po::variables_map unused;
    po::store(parsed, unused);
    po::store(parsed, values);
  } catch (const po::validation_error& error) {
    if (error.kind() != po::validation_error::invalid_option_value &&
        error.kind() != po::validation_error::invalid_bool_value) {
      return failure(Reason::bad_option, error.what());
    }
    return failure(Reason::bad_option, "'" + entry.value + "' is not a value that it takes");
  } catch (const po::error& error) {
    return failure(Reason::bad_option, error.what());
  }
  return {};
}

Expected<void> check_entry(const IniEntry& entry, const po::options_description& table,
                           std::map<std::string, unsigned>& lines) {
  const po::option_description* const option = table.find_nothrow(entry.key, false);
  if (option == nullptr || option->long_name() != entry.key) {
    return failure(Reason::bad_option, "there is no such option");
  }
  if (for_command_line_only(*option)) {
    return failure(Reason::bad_option, "this option is for the command line only");
  }
  const auto [first, added] = lines.emplace(entry.key, entry.line);
  if (!added && !option->semantic()->is_composing()) {
    return failure(Reason::bad_option, "already set in line " + std::to_string(first->second));
  }
  return {};
}

Expected<void> read_file(const std::string& path, const po::options_description& table,
                         po::variables_map& values) {
  const auto entries = read_ini_file(path);
  if (!entries) return tl::unexpected(entries.error());
  std::map<std::string, unsigned> lines;
  for (const IniEntry& entry : *entries) {
    const auto stored =
        check_entry(entry, table, lines).and_then([&] { return store_entry(entry, table, values); });
    if (!stored) {
      return failure(Reason::bad_option, path + ":" + std::to_string(entry.line) + ": " + entry.key + ": " +
                                             stored.error().sentence);
    }
  }
  return {};
}

}  // namespace

Expected<po::variables_map> read_options(std::span<const char* const> arguments,
                                         const po::options_description& table) {
  auto values = read_command_line(arguments, table);
  if (!values || given(*values, "help") || given(*values, "version")) return values;
  if (given(*values, "config")) {
    const auto read = read_file((*values)["config"].as<std::string>(), table, *values);
    if (!read) return tl::unexpected(read.error());
  }
  try {
    po::notify(*values);
  } catch (const po::error& error) {
    return failure(Reason::bad_option, error.what());
  }
  return values;
}

}  // namespace tecs
