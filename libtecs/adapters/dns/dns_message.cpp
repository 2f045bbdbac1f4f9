#include "adapters/dns/dns_message.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>

namespace tecs {
namespace {

using Records = std::vector<LdnsOwner<ldns_rr>>;

constexpr std::size_t header_size = 12;
constexpr int maximum_cnames = 16;

std::uint16_t number_at(OctetView message, std::size_t position) noexcept {
  return static_cast<std::uint16_t>(message[position] << 8U | message[position + 1]);
}

// RFC 1035 section 4.1.1, with the AD flag of RFC 4035 section 3.2.3.
struct Header {
  std::uint16_t id;
  bool response, authoritative, truncated, recursion_available, authenticated;
  unsigned opcode, rcode;
  std::array<std::uint16_t, 4> counts;  // question, answer, authority, additional
};

std::optional<Header> read_header(OctetView message) noexcept {
  if (message.size() < header_size) return std::nullopt;
  const unsigned flags = number_at(message, 2);
  Header header{number_at(message, 0),  (flags & 0x8000U) != 0, (flags & 0x0400U) != 0,
                (flags & 0x0200U) != 0, (flags & 0x0080U) != 0, (flags & 0x0020U) != 0,
                (flags >> 11U) & 0xfU,  flags & 0xfU,           {}};
  for (std::size_t i = 0; i < header.counts.size(); ++i) header.counts[i] = number_at(message, 4 + 2 * i);
  return header;
}

// Record by record: ldns's parser of whole messages forgets to free a second TSIG.
LdnsOwner<ldns_rr> read_record(OctetView message, std::size_t& position, ldns_pkt_section section) {
  ldns_rr* record = nullptr;
  if (ldns_wire2rr(&record, message.data(), message.size(), &position, section) != LDNS_STATUS_OK)
    return nullptr;
  return LdnsOwner<ldns_rr>(record);
}

bool read_records(OctetView message, std::size_t& position, ldns_pkt_section section, std::uint16_t count,
                  Records& records) {
  for (; count > 0; --count) {
    records.push_back(read_record(message, position, section));
    if (!records.back()) return false;
  }
  return true;
}

bool is(const ldns_rr& record, ldns_rr_type type, const ldns_rdf& owner) {
  return ldns_rr_get_type(&record) == type && ldns_rr_get_class(&record) == LDNS_RR_CLASS_IN &&
         ldns_dname_compare(ldns_rr_owner(&record), &owner) == 0;
}

// A TTL with the highest bit set is as good as 0 (RFC 2181 section 8).
std::chrono::seconds ttl_of(const ldns_rr& record) noexcept {
  const std::uint32_t ttl = ldns_rr_ttl(&record);
  return std::chrono::seconds{ttl > 0x7fffffffU ? 0 : ttl};
}

// How long a name's absence may be remembered: the least of the SOA's TTL and its last field (RFC 2308
// section 5).
std::optional<std::chrono::seconds> absence_ttl(const Records& authority) {
  for (const auto& record : authority) {
    if (ldns_rr_get_type(record.get()) != LDNS_RR_TYPE_SOA || ldns_rr_rd_count(record.get()) != 7) continue;
    const std::uint32_t minimum = ldns_rdf2native_int32(ldns_rr_rdf(record.get(), 6));
    return std::min(ttl_of(*record), std::chrono::seconds{minimum});
  }
  return std::nullopt;
}

// The upper bits of the rcode stand in the TTL of the OPT record (RFC 6891 section 6.1.3).
unsigned extended_rcode(const Records& additional) {
  for (const auto& record : additional) {
    if (ldns_rr_get_type(record.get()) == LDNS_RR_TYPE_OPT) return (ldns_rr_ttl(record.get()) >> 24U) << 4U;
  }
  return 0;
}

tl::unexpected<Error> rcode_failure(unsigned rcode) {
  const ldns_lookup_table* word = ldns_lookup_by_id(ldns_rcodes, static_cast<int>(rcode));
  return failure(Reason::dns_error,
                 "the DNS server answers " +
                     (word != nullptr ? std::string(word->name) : "rcode " + std::to_string(rcode)));
}

// Follows the CNAMEs from the question's name (RFC 1034 section 3.6.2) and takes the records at the end.
Expected<DnsQuery::Answer> follow(Records& answer, const ldns_rdf& question, ldns_rr_type type) {
  DnsQuery::Answer found;
  std::chrono::seconds ttl{std::numeric_limits<std::int32_t>::max()};
  const ldns_rdf* owner = &question;
  for (int cnames = 0; cnames <= maximum_cnames; ++cnames) {
    const ldns_rr* cname = nullptr;
    for (auto& record : answer) {
      if (!record) continue;
      if (is(*record, type, *owner)) {
        ttl = std::min(ttl, ttl_of(*record));
        found.records.push_back(std::move(record));
      } else if (is(*record, LDNS_RR_TYPE_CNAME, *owner) && ldns_rr_rd_count(record.get()) == 1) {
        cname = record.get();
      }
    }
    if (!found.records.empty() || cname == nullptr) {
      found.name = format_dname(*owner);
      found.ttl = ttl;
      return found;
    }
    ttl = std::min(ttl, ttl_of(*cname));
    owner = ldns_rr_rdf(cname, 0);
  }
  return failure(Reason::dns_error, "the DNS server answers with a chain of CNAMEs that does not end");
}

}  // namespace

bool truncated(OctetView message) noexcept {
  const auto header = read_header(message);
  return header && header->truncated;
}

Expected<DnsQuery> DnsQuery::make(const std::string& name, RecordType type, std::uint16_t id) {
  LdnsOwner<ldns_rdf> dname = parse_dname(name);
  if (!dname) return failure(Reason::dns_error, "not a name that DNS can be asked for");
  const LdnsOwner<ldns_pkt> packet(ldns_pkt_query_new(
      ldns_rdf_clone(dname.get()), static_cast<ldns_rr_type>(type), LDNS_RR_CLASS_IN, LDNS_RD | LDNS_AD));
  if (!packet) return failure(Reason::dns_error, "the DNS query could not be made");
  ldns_pkt_set_id(packet.get(), id);
  ldns_pkt_set_edns_udp_size(packet.get(), udp_payload_size);
  std::uint8_t* wire = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&wire, packet.get(), &size) != LDNS_STATUS_OK) {
    return failure(Reason::dns_error, "the DNS query could not be made");
  }
  const LdnsOwner<std::uint8_t> owner(wire);
  return DnsQuery(std::move(dname), type, id, Octets(wire, wire + size));
}

bool DnsQuery::matches(OctetView message) const {
  const auto header = read_header(message);
  if (!header || !header->response || header->opcode != LDNS_PACKET_QUERY || header->id != id_) return false;
  // A server that does not understand the query may not repeat it.
  if (header->counts[0] == 0) return header->rcode != LDNS_RCODE_NOERROR;
  if (header->counts[0] != 1) return false;
  std::size_t position = header_size;
  const auto question = read_record(message, position, LDNS_SECTION_QUESTION);
  return question && is(*question, static_cast<ldns_rr_type>(type_), *name_);
}

Expected<DnsQuery::Answer> DnsQuery::read(OctetView message) const {
  const auto broken = [] { return failure(Reason::dns_error, "the DNS server's answer cannot be read"); };
  const auto header = read_header(message);
  if (!header) return broken();
  Records question, answer, authority, additional;
  std::size_t position = header_size;
  if (!read_records(message, position, LDNS_SECTION_QUESTION, header->counts[0], question) ||
      !read_records(message, position, LDNS_SECTION_ANSWER, header->counts[1], answer) ||
      !read_records(message, position, LDNS_SECTION_AUTHORITY, header->counts[2], authority) ||
      !read_records(message, position, LDNS_SECTION_ADDITIONAL, header->counts[3], additional)) {
    return header->rcode == LDNS_RCODE_NOERROR ? broken() : rcode_failure(header->rcode);
  }
  const unsigned rcode = header->rcode | extended_rcode(additional);
  if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN) return rcode_failure(rcode);

  auto found = follow(answer, *name_, static_cast<ldns_rr_type>(type_));
  if (!found) return found;
  found->authenticated = header->authenticated;
  if (rcode == LDNS_RCODE_NXDOMAIN) found->records.clear();  // there cannot be any
  if (!found->records.empty()) return found;
  const auto absence = absence_ttl(authority);
  // Nothing found, by a server that neither knows itself nor asks others: that is no answer (RFC 2308
  // section 2.2).
  if (!absence && rcode == LDNS_RCODE_NOERROR && !header->authoritative && !header->recursion_available) {
    return failure(Reason::dns_error, "the DNS server refers to others and does not ask them itself");
  }
  found->ttl = absence ? std::optional(std::min(found->ttl.value_or(*absence), *absence)) : std::nullopt;
  return found;
}

}  // namespace tecs
