// Serial numbers of zones: 32 bits that go round (RFC 1982).
#pragma once

#include <cstdint>
#include <optional>

namespace tecs {

// Whether a secondary server that has `former` takes `serial` for newer (RFC 1982 section 3.2). Of two that
// are half the circle apart neither is.
[[nodiscard]] bool serial_is_greater(std::uint32_t serial, std::uint32_t former) noexcept;

// The serial of the next edition: the proposed one if it is greater than both that were seen, else one more
// than the greater of these. 0 is left out, since servers have their own ideas of it. Of two that contradict
// each other that in the file counts, as servers have it.
[[nodiscard]] std::uint32_t next_serial(std::optional<std::uint32_t> in_file,
                                        std::optional<std::uint32_t> published,
                                        std::uint32_t proposed) noexcept;

}  // namespace tecs
