// Verdicts that are asked for by id, or by how it begins.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// In ascending order of their ids; at most so many. beginning: as parse_uuid_beginning() gives it. Fails with
// io_error, as the next.
[[nodiscard]] Expected<std::vector<Verdict>> find_verdicts_by_id(SqlDatabase& database,
                                                                 std::string_view beginning,
                                                                 std::size_t limit);

// Those of the ids that are there. At most 10,000 of them.
[[nodiscard]] Expected<std::set<std::string>> find_known_ids(SqlDatabase& database,
                                                             std::span<const Verdict> verdicts);

}  // namespace tecs
