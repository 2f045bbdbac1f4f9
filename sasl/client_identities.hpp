// The identities of a configuration file, each with its key, read again when the files have changed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sasl/client_configuration.hpp"
#include "sasl/client_terms.hpp"
#include "sasl/file_state.hpp"
#include "tecs/domain.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Thread safe; one caller at a time reads files, and the others wait. What cannot be read is never
// remembered, neither is a key whose file has become one that others may read: it is an error until mended.
class ClientIdentities {
 public:
  explicit ClientIdentities(std::string configuration_path) : path_(std::move(configuration_path)) {}

  // Fails with bad_option when the configuration is wrong or does not name that domain, and as
  // read_key_file() does.
  [[nodiscard]] Expected<ClientTerms> find(const Domain& domain);

 private:
  struct Key {
    FileState state;
    std::shared_ptr<const Signer> signer;
  };

  [[nodiscard]] Expected<void> refresh();
  [[nodiscard]] Expected<std::shared_ptr<const Signer>> signer_of(const ClientConfiguration::Entry& entry);

  const std::string path_;
  std::mutex mutex_;  // for all that follows
  std::optional<FileState> state_;
  std::optional<ClientConfiguration> configuration_;
  std::map<Domain, Key> keys_;  // of the present configuration
};

}  // namespace tecs
