// The columns that say how many connections there were and what came of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <vector>

#include "tools/listing.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {

void add_summary_columns(std::vector<ListingColumn>& columns);
// connections: of which those of the row are a share.
void add_summary_cells(std::vector<ListingCell>& cells, const SummaryRow& row, std::uint64_t connections);

[[nodiscard]] std::uint64_t count_connections(const std::vector<SummaryRow>& rows);

// The line below the table: what all rows add up to, of which so many are shown.
void print_summary_total(const std::vector<SummaryRow>& rows, std::size_t shown, std::ostream& out);

}  // namespace tecs
