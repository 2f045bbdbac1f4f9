// Owners for what ldns allocates, and the few conversions that all of this folder needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tecs/ip_address.hpp"
#include "tecs/octets.hpp"
#include "tecs/tlsa_record.hpp"

// ldns may make macros of three keywords, which no header after it survives.
#include <ldns/ldns.h>
#undef bool
#undef true
#undef false

namespace tecs {

struct LdnsFree {
  void operator()(ldns_rdf* rdf) const noexcept { ldns_rdf_deep_free(rdf); }
  void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
  void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
  void operator()(ldns_resolver* resolver) const noexcept { ldns_resolver_deep_free(resolver); }
  void operator()(char* text) const noexcept;
  void operator()(std::uint8_t* octets) const noexcept;
};

template <typename T>
using LdnsOwner = std::unique_ptr<T, LdnsFree>;

// A null pointer when the text is not a domain name. With or without the final dot, it is absolute.
[[nodiscard]] LdnsOwner<ldns_rdf> parse_dname(const std::string& name);

// In lower case, without the final dot, unusual octets escaped as in a master file; "" for the root.
[[nodiscard]] std::string format_dname(const ldns_rdf& dname);

// The octets of a field, as long as the field lives.
[[nodiscard]] OctetView octets_of(const ldns_rdf& rdf) noexcept;

// The character-strings of a TXT record with nothing between them: octets as they are, nothing escaped.
[[nodiscard]] std::string joined_strings(const ldns_rr& txt);

// Empty for what is no TLSA record. An association without octets is one that matches nothing.
[[nodiscard]] std::optional<TlsaRecord> tlsa_record_of(const ldns_rr& record);

// The address in an A or AAAA field; empty when it is of another type or not of its size.
[[nodiscard]] std::optional<IpAddress> address_of(const ldns_rdf& rdf) noexcept;

}  // namespace tecs
