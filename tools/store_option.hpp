// The option of all subcommands that look into a verdict store or write to it: which one.
#pragma once

#include <memory>

#include "tools/subcommand.hpp"
#include "verdicts/store_name.hpp"
#include "verdicts/verdict_database.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

enum class StoreUse : std::uint8_t {
  read,    // nothing is written, and tables of an older version stay as they are
  change,  // the store must be there
  create,  // it is made if it is not there
  // The store must be there, and gets the tables of this version. All others refuse one of an older version
  // that has verdicts: a tecs-milter of that version may be running.
  migrate,
};

void add_store_option(OptionTable& table);  // store, with a default

// Fails with usage, and a sentence that names the option.
[[nodiscard]] Outcome<StoreName> read_store(const OptionValues& values);

// Fail as read_store() does; with no_input when the file is not there or is no store that can be used so,
// with cannot_create when it cannot be made, and with unavailable when a database does not let itself be
// opened.
[[nodiscard]] Outcome<std::unique_ptr<VerdictStore>> open_store(const OptionValues& values, StoreUse use);
[[nodiscard]] Outcome<std::unique_ptr<SqlDatabase>> open_database(const OptionValues& values, StoreUse use);

}  // namespace tecs
