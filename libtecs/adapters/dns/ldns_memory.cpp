#include "adapters/dns/ldns_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace tecs {

// ldns hands out texts and messages from malloc, to be freed by the caller.
void LdnsFree::operator()(char* text) const noexcept {
  std::free(text);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
}
void LdnsFree::operator()(std::uint8_t* octets) const noexcept {
  std::free(octets);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
}

LdnsOwner<ldns_rdf> parse_dname(const std::string& name) {
  ldns_rdf* dname = nullptr;
  if (ldns_str2rdf_dname(&dname, name.c_str()) != LDNS_STATUS_OK) return nullptr;
  return LdnsOwner<ldns_rdf>(dname);
}

std::string format_dname(const ldns_rdf& dname) {
  const LdnsOwner<char> text(ldns_rdf2str(&dname));
  std::string name(text ? text.get() : "");
  if (name.ends_with('.')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return name;
}

OctetView octets_of(const ldns_rdf& rdf) noexcept {
  return {ldns_rdf_data(&rdf), ldns_rdf_size(&rdf)};
}

std::string joined_strings(const ldns_rr& txt) {
  std::string joined;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&txt); ++i) {
    const OctetView string = octets_of(*ldns_rr_rdf(&txt, i));
    if (!string.empty())
      joined += text_of(string.subspan(1));  // the first octet is the length (RFC 1035 section 3.3)
  }
  return joined;
}

std::optional<TlsaRecord> tlsa_record_of(const ldns_rr& record) {
  static constexpr std::size_t numbers = 3;  // usage, selector, matching type (RFC 6698 section 2.1)
  const std::size_t fields = ldns_rr_rd_count(&record);
  if (ldns_rr_get_type(&record) != LDNS_RR_TYPE_TLSA || fields < numbers || fields > numbers + 1) {
    return std::nullopt;
  }
  std::array<std::uint8_t, numbers> number{};
  for (std::size_t i = 0; i < numbers; ++i) {
    const OctetView octets = octets_of(*ldns_rr_rdf(&record, i));
    if (octets.size() != 1) return std::nullopt;
    number[i] = octets[0];
  }
  std::string association;
  if (fields > numbers) association = text_of(octets_of(*ldns_rr_rdf(&record, numbers)));
  return TlsaRecord{number[0], number[1], number[2], std::move(association)};
}

std::optional<IpAddress> address_of(const ldns_rdf& rdf) noexcept {
  const OctetView octets = octets_of(rdf);
  if (ldns_rdf_get_type(&rdf) == LDNS_RDF_TYPE_A && octets.size() == 4) {
    std::array<std::uint8_t, 4> address{};
    std::copy(octets.begin(), octets.end(), address.begin());
    return IpAddress::from_ipv4(address);
  }
  if (ldns_rdf_get_type(&rdf) == LDNS_RDF_TYPE_AAAA && octets.size() == 16) {
    std::array<std::uint8_t, 16> address{};
    std::copy(octets.begin(), octets.end(), address.begin());
    return IpAddress::from_ipv6(address);
  }
  return std::nullopt;
}

}  // namespace tecs
