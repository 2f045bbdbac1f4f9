// What holds for which server: the "destinations" file of an administrator.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "signer/destination_policy.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/network.hpp"

namespace tecs {

// Immutable; thread safe.
class DestinationTable {
 public:
  // For all servers: may, and no demands.
  DestinationTable() = default;
  // For all servers the same.
  explicit DestinationTable(DestinationPolicy standard);

  // Lines of "DESTINATION TLS-LEVEL [name=HOST] [signature=never|may|offered|always] [connections=N]".
  // DESTINATION is an address, a network, the name of a host, or "default", in whose place standard stands if
  // no line has it. What a line does not say holds as by default. verify and dane need a name, so a line for
  // an address or a network with one of them must have name=. Whether the default can know a name depends on
  // where the signer connects to: that is for the caller to check.
  //
  // file_name is what errors call the file. Fails with bad_option and a sentence that begins
  // "file_name:line: ", for a second line for the same destination too.
  [[nodiscard]] static Expected<DestinationTable> parse(std::string_view text, std::string_view file_name,
                                                        const DestinationPolicy& standard);

  // host: in lower case, the name by which an administrator's upstream is known; empty where only the address
  // is. Its line comes first, then that of the address, of the narrowest network, and the default.
  [[nodiscard]] const DestinationPolicy& find(const Endpoint& server, std::string_view host) const;
  [[nodiscard]] const DestinationPolicy& standard() const noexcept { return standard_; }

  // True when a line or the default has this level.
  [[nodiscard]] bool uses(TlsLevel level) const noexcept;

 private:
  DestinationPolicy standard_{};
  std::map<std::string, DestinationPolicy, std::less<>> hosts_{};
  std::map<Network, DestinationPolicy> networks_{};  // an address is one of all bits
  std::set<unsigned> bits_{};                        // that networks of these have
};

}  // namespace tecs
