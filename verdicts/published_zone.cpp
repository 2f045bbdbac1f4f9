#include "verdicts/published_zone.hpp"

#include <array>

#include "verdicts/verdict_fields.hpp"
#include "verdicts/zone_serial.hpp"

namespace tecs {
namespace {

// Whoever comes second waits here, on either engine, until the first is through.
Expected<void> lock_zone(SqlDatabase& database, const Domain& zone) {
  const std::array<SqlValue, 1> values{zone.text()};
  return database
      .change(
          "INSERT INTO published_zones (zone, serial, time) VALUES ($1, 0, '') "
          "ON CONFLICT (zone) DO UPDATE SET zone = excluded.zone",
          values)
      .map([](std::uint64_t) {});
}

Expected<std::optional<std::uint32_t>> read_serial(SqlDatabase& database, const Domain& zone) {
  std::optional<std::uint32_t> serial;
  const std::array<SqlValue, 1> values{zone.text()};
  return database
      .query("SELECT serial FROM published_zones WHERE zone = $1 AND time <> ''", values,
             [&](const SqlRow& row) {
               serial = static_cast<std::uint32_t>(row.integer(0));
               return false;
             })
      .map([&] { return serial; });
}

Expected<void> write_serial(SqlDatabase& database, const Domain& zone, std::uint32_t serial,
                            Verdict::Time now) {
  const std::array<SqlValue, 3> values{zone.text(), std::int64_t{serial}, encode_field(now)};
  return database.change("UPDATE published_zones SET serial = $2, time = $3 WHERE zone = $1", values)
      .map([](std::uint64_t) {});
}

}  // namespace

Expected<std::uint32_t> take_zone_serial(SqlDatabase& database, const Domain& zone,
                                         std::optional<std::uint32_t> in_file, Verdict::Time now) {
  // Seconds since 1970: the serial tells when, and 32 bits of it go round as RFC 1982 wants it.
  const auto proposed =
      static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  std::uint32_t serial = 0;
  return database
      .transaction([&]() -> Expected<void> {
        return lock_zone(database, zone)
            .and_then([&] { return read_serial(database, zone); })
            .and_then([&](std::optional<std::uint32_t> published) {
              serial = next_serial(in_file, published, proposed);
              return write_serial(database, zone, serial, now);
            });
      })
      .map([&] { return serial; });
}

}  // namespace tecs
