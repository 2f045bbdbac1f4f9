// The log of a daemon: lines on stderr, which systemd takes into its journal.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// Thread safe; writes at once. When stderr is the journal (JOURNAL_STREAM; systemd.exec(5)) a line begins
// with its priority,
// "<4>", and has no time, which the journal knows itself; else it begins with time, name and level. Whatever
// is not printable ASCII is written as \xNN, so that no octet of a stranger can begin a line of its own or
// colour a terminal.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_log(const std::string& name,
                                                       spdlog::level::level_enum level);

// debug, info, warning, error. Fails with bad_option.
[[nodiscard]] Expected<spdlog::level::level_enum> parse_log_level(std::string_view text);

}  // namespace tecs
