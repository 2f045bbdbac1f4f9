// Queries and answers as octets (RFC 1035 section 4). No I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/dns/ldns_memory.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

namespace tecs {

// IANA's numbers.
enum class RecordType : std::uint16_t { a = 1, cname = 5, soa = 6, txt = 16, aaaa = 28, tlsa = 52 };

// One question as it goes over the wire, and the judge of what comes back. Immutable; thread safe.
class DnsQuery {
 public:
  // The most that is asked for in one datagram, so that none is fragmented (RFC 9715).
  static constexpr std::uint16_t udp_payload_size = 1232;

  // id: unpredictable, of the caller's making. Fails with dns_error when the name is not a domain name.
  [[nodiscard]] static Expected<DnsQuery> make(const std::string& name, RecordType type, std::uint16_t id);

  // Recursion desired, AD set (RFC 6840 section 5.7), EDNS (RFC 6891).
  [[nodiscard]] const Octets& octets() const noexcept { return octets_; }

  // True when the message answers this very question: a response with its id that repeats the question. Only
  // the beginning of the message is looked at; anything else that arrives is not ours, and may be a forgery.
  [[nodiscard]] bool matches(OctetView message) const;

  struct Answer {
    std::vector<LdnsOwner<ldns_rr>>
        records;  // of the type, at the end of the chain of CNAMEs; empty: there are none
    // Least of the chain; with no records that of the absence (RFC 2308), empty if not told.
    std::optional<std::chrono::seconds> ttl{};
    bool authenticated = false;  // the AD flag, whatever that is worth
    std::string name{};          // at the end of the chain, as format_dname() writes it
  };

  // message: matches() and is not truncated. Fails with dns_error for an rcode other than NOERROR and
  // NXDOMAIN, for what cannot be read, for a broken chain of CNAMEs and for a referral.
  [[nodiscard]] Expected<Answer> read(OctetView message) const;

 private:
  DnsQuery(LdnsOwner<ldns_rdf> name, RecordType type, std::uint16_t id, Octets octets) noexcept
      : name_(std::move(name)), type_(type), id_(id), octets_(std::move(octets)) {}

  LdnsOwner<ldns_rdf> name_;
  RecordType type_;
  std::uint16_t id_;
  Octets octets_;
};

// The TC flag of a message that has a header: the answer is to be had over TCP (RFC 2181 section 9).
[[nodiscard]] bool truncated(OctetView message) noexcept;

}  // namespace tecs
