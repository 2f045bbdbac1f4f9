#include "tools/file_arguments.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <string_view>

namespace tecs {
namespace {

namespace po = boost::program_options;

// Whether the argument behind this one belongs to it. An option that is not known is told to the person
// later.
bool takes_next(std::string_view argument, const OptionTable& table) {
  const bool whole_name = argument.starts_with("--");
  if (argument.find('=') != std::string_view::npos || (!whole_name && argument.size() > 2)) return false;
  const std::string name(whole_name ? argument.substr(2) : argument);
  const auto* const option = table.find_nothrow(name, /*approx=*/false);
  return option != nullptr && option->semantic()->min_tokens() > 0;
}

}  // namespace

void add_file_option(OptionTable& table, const char* what) {
  table.add_options()("file", po::value<std::vector<std::string>>()->composing()->value_name("FILE"), what);
}

std::vector<std::string> read_files(const OptionValues& values) {
  return values.count("file") == 0 ? std::vector<std::string>()
                                   : values["file"].as<std::vector<std::string>>();
}

std::vector<const char*> with_named_files(Arguments arguments, const OptionTable& table) {
  std::vector<const char*> named;
  bool value_is_next = false;
  bool only_files = false;
  for (const char* const argument : arguments) {
    const std::string_view text = argument;
    if (!only_files && !value_is_next && text == "--") {
      only_files = true;
      continue;
    }
    const bool option = !only_files && text.size() > 1 && text.starts_with('-');
    if (!option && !value_is_next) named.push_back("--file");
    named.push_back(argument);
    value_is_next = option && !value_is_next && takes_next(text, table);
  }
  return named;
}

}  // namespace tecs
