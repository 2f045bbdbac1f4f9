// The options that several subcommands share because they are values of the protocol.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tecs/connection_tuple.hpp"
#include "tecs/domain.hpp"
#include "tecs/signing_key.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// Each add_ puts its options into a table; the read_ of the same name gives their values, or a failure that
// names the option. Those which the comment does not call optional are required().

void add_key_option(OptionTable& table);  // key
// Reads the file. Fails with no_input when it cannot be read, and with data_error when it holds no key or
// others may know it.
[[nodiscard]] Outcome<SigningKey> read_key(const OptionValues& values);

void add_domain_options(OptionTable& table);  // domain; selector, optional
[[nodiscard]] Outcome<Domain> read_domain(const OptionValues& values);
[[nodiscard]] Outcome<std::optional<Selector>> read_selector(const OptionValues& values);

void add_tuple_options(OptionTable& table);  // destination, source
[[nodiscard]] Outcome<ConnectionTuple> read_tuple(const OptionValues& values);

void add_time_option(OptionTable& table);  // time, optional: whole seconds since 1970, up to the year 9999
[[nodiscard]] Outcome<std::chrono::sys_seconds> read_time(const OptionValues& values, const Clock& clock);

// The value of an option that may be absent.
[[nodiscard]] std::optional<std::string> option_text(const OptionValues& values, const std::string& name);

}  // namespace tecs
