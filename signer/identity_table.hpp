// Which identity answers for what: the first of listener, source address, HELO name and sender that has an
// entry, in the order in which the signer learns of them; else the default.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "signer/identity.hpp"
#include "signer/identity_match.hpp"
#include "signer/listen_address.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable once filled; thread safe then.
class IdentityTable {
 public:
  IdentityTable();
  // One identity for all connections.
  explicit IdentityTable(Identity standard);
  IdentityTable(IdentityTable&&) noexcept;
  IdentityTable& operator=(IdentityTable&&) noexcept;
  IdentityTable(const IdentityTable&) = delete;
  IdentityTable& operator=(const IdentityTable&) = delete;
  ~IdentityTable();

  // False when there is one for this already.
  [[nodiscard]] bool add(const IdentityMatch& match, const Identity& identity);

  // Nothing when there is no entry: what is learnt next decides. Of several networks the narrowest counts.
  [[nodiscard]] std::optional<Identity> of_connection(const ListenAddress& listener,
                                                      const IpAddress& source) const;
  // As the MTA said it: any octets, perhaps no domain at all. The name itself, then "*." of the longest
  // parent; case and a final dot do not count.
  [[nodiscard]] std::optional<Identity> of_hello(std::string_view name) const;
  // domain: of the reverse-path, with A-labels, any octets else; empty for the null reverse-path and for
  // nothing else. Falls back to standard().
  [[nodiscard]] Identity of_sender(std::string_view domain) const;
  [[nodiscard]] Identity standard() const;

  // There are entries that wait for EHLO, or for MAIL.
  [[nodiscard]] bool asks_for_hello() const noexcept;
  [[nodiscard]] bool asks_for_sender() const noexcept;
  // Of which the table has entries, in no order. None is looked for that the signer does not listen on.
  [[nodiscard]] std::vector<ListenAddress> listeners() const;
  [[nodiscard]] std::size_t size() const noexcept;  // entries, the default included

 private:
  struct Entries;
  std::unique_ptr<Entries> entries_;
};

}  // namespace tecs
