// Who answers for the mail of one session, as far as is known: at connect, at EHLO, at MAIL at last.
#pragma once

#include <optional>
#include <string_view>

#include "signer/identity.hpp"
#include "signer/identity_table.hpp"
#include "signer/listen_address.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Immutable value; thread safe. The table must outlive it: whoever holds the rules of the session sees to
// that.
class IdentityChoice {
 public:
  // listener: where the MTA was accepted; source: its address.
  IdentityChoice(const IdentityTable& table, const ListenAddress& listener, const IpAddress& source)
      : table_(&table), listener_(listener), source_(source) {}

  // Nothing: the HELO name, or the sender, decides.
  [[nodiscard]] std::optional<Identity> at_connect() const;
  // name: as the MTA said it. Nothing: each sender has an identity of its own.
  [[nodiscard]] std::optional<Identity> at_hello(std::string_view name) const;
  // line: a MAIL command without CRLF, of which at_hello() knew nothing. Empty for one that cannot be read,
  // or whose domain has no A-labels (RFC 6531): a server may read it as anybody's.
  [[nodiscard]] Identity at_mail(std::string_view line) const;

 private:
  const IdentityTable* table_;
  ListenAddress listener_;
  IpAddress source_;
};

}  // namespace tecs
