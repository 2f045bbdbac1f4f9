// The one verdict that a subcommand is about: its id, in full or how it begins, as a word without a name.
#pragma once

#include <vector>

#include "tools/subcommand.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

void add_verdict_argument(OptionTable& table, const char* description);  // verdict

// As they are to be read: with the name of the option before the first word, if that has none. No subcommand
// that has this argument has another word without a name.
[[nodiscard]] std::vector<const char*> name_verdict_argument(Arguments arguments);

// Opens the store that the option of store_option.hpp names, and fails as open_database() does; with usage
// when fewer than 8 characters of an id were given, and with data_error when no verdict of the store begins
// so, or several do.
[[nodiscard]] Outcome<Verdict> find_verdict_argument(const OptionValues& values);

}  // namespace tecs
