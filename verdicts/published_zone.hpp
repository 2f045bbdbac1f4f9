// Which serial each zone was published with: kept in the store, so that a file that was lost does not bring
// serials back that servers have seen.
#pragma once

#include <cstdint>
#include <optional>

#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Takes the next serial, greater than that in the file and all that were taken before (next_serial()), and
// remembers it. Of several who publish one zone at once each gets one of its own. Fails with io_error.
[[nodiscard]] Expected<std::uint32_t> take_zone_serial(SqlDatabase& database, const Domain& zone,
                                                       std::optional<std::uint32_t> in_file,
                                                       Verdict::Time now);

}  // namespace tecs
