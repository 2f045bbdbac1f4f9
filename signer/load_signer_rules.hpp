// Makes the signer's rules of its options and the files that they name.
#pragma once

#include <memory>

#include "signer/signer_options.hpp"
#include "signer/signer_rules.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Reads keys, identities and destinations: all or nothing. Fails with io_error for a file that cannot be
// read, with bad_key_file for a key that is none or that others may read or write, else with bad_option; the
// sentence names the file, and the line.
[[nodiscard]] Expected<std::shared_ptr<const SignerRules>> load_signer_rules(const SignerOptions& options);

}  // namespace tecs
