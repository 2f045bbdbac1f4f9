// The two seams between the protocol and the world that keys come from. A TxtSource knows what stands at a
// name; a KeySource gives a parsed key. What asks the network, reads a file or remembers stands behind one of
// them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/key_record.hpp"

namespace tecs {

struct TxtAnswer {
  std::vector<std::string>
      texts;  // one for each TXT record, its strings joined; empty: no such name or no TXT there
  std::chrono::seconds ttl{0};  // how long this may be kept; from the SOA when texts is empty (RFC 2308)
  bool dnssec = false;          // validated by a resolver that is trusted
};

// Implementations are thread safe: any number of threads may call lookup() at once. A call may block, for a
// bounded time.
class TECS_API TxtSource {
 public:
  TxtSource() = default;
  TxtSource(const TxtSource&) = delete;
  TxtSource& operator=(const TxtSource&) = delete;
  virtual ~TxtSource() = default;

  // name: absolute, without the final dot, in lower case. The error is always one that can pass: dns_timeout
  // or dns_error.
  [[nodiscard]] virtual Expected<TxtAnswer> lookup(const std::string& name) = 0;
};

struct KeyLookup {
  // A null pointer: the name has no key record. An error: dns_timeout and dns_error can pass, all others
  // stand in DNS.
  Expected<std::shared_ptr<const KeyRecord>> record;
  std::chrono::seconds ttl{0};
  bool dnssec = false;
};

// Implementations are thread safe, as for TxtSource.
class TECS_API KeySource {
 public:
  KeySource() = default;
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;
  virtual ~KeySource() = default;

  [[nodiscard]] virtual KeyLookup lookup(const std::string& name) = 0;
};

// Parses what a TxtSource finds. The source must outlive this.
class TECS_API TxtKeySource final : public KeySource {
 public:
  TxtKeySource(TxtSource& source, const KeyLimits& limits) noexcept : source_(source), limits_(limits) {}
  [[nodiscard]] KeyLookup lookup(const std::string& name) override;

 private:
  TxtSource& source_;
  KeyLimits limits_;
};

}  // namespace tecs
