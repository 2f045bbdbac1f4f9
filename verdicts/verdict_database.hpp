// Opens a verdict store for whoever asks more of it than writing verdicts and reading them one by one.
#pragma once

#include <memory>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/store_name.hpp"

namespace tecs {

enum class StoreMode : std::uint8_t {
  read_only,   // for people's tools: the store must exist, and somebody else may be writing
  read_write,  // the store is created when it does not exist, and gets the tables of this version
  // Likewise, for people's tools: but one of an older version that has verdicts is refused. A tecs-milter of
  // that version may be running, and what it writes from then on would be in no count.
  read_write_this_version,
};

// Fails with io_error when the store cannot be opened, is not a verdict store, was made by a newer version of
// this program, or, read only, by an older one whose tables cannot answer (it is brought up to date by
// the daemon or by "tecs verdicts prune --migrate").
[[nodiscard]] Expected<std::unique_ptr<SqlDatabase>> open_verdict_database(const StoreName& name,
                                                                           StoreMode mode);

}  // namespace tecs
