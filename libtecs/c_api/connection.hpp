// Between the plain values of tecs.h and the checked ones of libtecs.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "tecs.h"
#include "tecs/connection_tuple.hpp"
#include "tecs/error.hpp"

namespace tecs {

[[nodiscard]] tecs_endpoint plain(const Endpoint& endpoint) noexcept;

// Fail with bad_endpoint for what the caller filled in wrongly, and with family_mismatch.
[[nodiscard]] Expected<Endpoint> checked(const tecs_endpoint& endpoint);
[[nodiscard]] Expected<ConnectionTuple> checked(const tecs_tuple& tuple);
// The sentence says which one is wrong, counted from 0.
[[nodiscard]] Expected<std::vector<ConnectionTuple>> checked(std::span<const tecs_tuple> tuples);

// Unix time, from 1970 to the year 9999. Fails with bad_option.
[[nodiscard]] Expected<std::chrono::sys_seconds> checked_time(std::int64_t time);

}  // namespace tecs
