// Where a subcommand looks for key records: a file, a resolver, or the system's resolver.
#pragma once

#include <memory>

#include "tecs/key_source.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

void add_txt_source_options(OptionTable& table);  // zone, resolver: optional, not both

// Fails with usage for both or for what is no end point, with data_error for a zone file that cannot be read.
[[nodiscard]] Outcome<std::unique_ptr<TxtSource>> open_txt_source(const OptionValues& values,
                                                                  const Environment& environment);

}  // namespace tecs
