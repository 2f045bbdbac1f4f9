// The options of tecs-signer, and what they mean once checked.
#pragma once

#include <spdlog/common.h>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <string>
#include <vector>

#include "program/options.hpp"
#include "signer/listen_address.hpp"
#include "signer/upstream_address.hpp"
#include "tecs/domain.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

struct SignerOptions {
  std::vector<ListenAddress> listen;
  UpstreamAddress upstream;
  Domain domain;
  std::optional<Selector> selector;
  std::string key_path;
  bool tls;
  std::optional<Endpoint> resolver;
  spdlog::level::level_enum log_level;
};

[[nodiscard]] const ProgramText& signer_text();
[[nodiscard]] boost::program_options::options_description signer_option_table();

// values: as read_options() gave them for that table. Fails with bad_option.
[[nodiscard]] Expected<SignerOptions> check_signer_options(
    const boost::program_options::variables_map& values);

}  // namespace tecs
