// What a batch of verdicts adds to the counts, as one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/error.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {

// What a text may hold, so that any number of them can be read, and a thousand added up and written: all keys
// fit into PostgreSQL's indices, no sum exceeds 64 bits, and what is UTF-8 as a whole is so in its parts.
inline constexpr std::size_t most_octets_of_batch_counts = std::size_t{1} << 20U;
inline constexpr std::size_t most_octets_of_a_batch_key = 1'000;         // its texts together
inline constexpr std::int64_t most_of_a_batch = std::int64_t{1} << 52U;  // of all counts of hours together

// Hours and distributions; what follows from them, and the known domains, are not in it. Empty: it is beyond
// what a text may hold. Else any octets in the texts of the keys stay as they are. Any thread, as the next.
[[nodiscard]] std::optional<std::string> encode_batch_counts(const VerdictRollup& rollup);

// Appends them as they were encoded. The rollup's texts are those of `text`, which must outlive it. Fails
// with io_error for what encode_batch_counts() does not make, and then appends nothing.
[[nodiscard]] Expected<void> decode_batch_counts(std::string_view text, VerdictRollup& rollup);

}  // namespace tecs
