#include "verdicts/zone_serial.hpp"

namespace tecs {
namespace {

constexpr std::uint32_t half_circle = std::uint32_t{1} << 31;

}  // namespace

bool serial_is_greater(std::uint32_t serial, std::uint32_t former) noexcept {
  const std::uint32_t ahead = serial - former;  // modulo 2^32
  return ahead != 0 && ahead < half_circle;
}

std::uint32_t next_serial(std::optional<std::uint32_t> in_file, std::optional<std::uint32_t> published,
                          std::uint32_t proposed) noexcept {
  std::optional<std::uint32_t> former = in_file;
  if (published && (!former || serial_is_greater(*published, *former))) former = published;
  std::uint32_t next = proposed;
  if (former && !serial_is_greater(next, *former)) next = *former + 1;
  return next == 0 ? 1 : next;
}

}  // namespace tecs
