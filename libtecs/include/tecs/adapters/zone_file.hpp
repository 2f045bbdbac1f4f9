// TXT records from a file in master-file form (RFC 1035 section 5), for work without a network. No SOA is
// needed and the names may lie in any zone. $ORIGIN, $TTL and all that ldns reads is understood; records
// other than TXT are passed over.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tecs/api.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

// Immutable after load(); thread safe.
class TECS_API ZoneFile final : public TxtSource {
 public:
  // Fails with bad_zone_file: the sentence names file and line.
  [[nodiscard]] static Expected<std::unique_ptr<ZoneFile>> load(const std::string& path);

  // Never fails; dnssec is never set.
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override;

 private:
  explicit ZoneFile(std::map<std::string, TxtAnswer> answers) noexcept;
  std::map<std::string, TxtAnswer> answers_;
};

}  // namespace tecs
