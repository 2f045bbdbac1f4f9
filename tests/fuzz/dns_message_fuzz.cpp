// A message from whoever sends one to the port that a DNS query went out from.
#include "adapters/dns/dns_message.hpp"

namespace {

using namespace tecs;

// Reads also what does not match: a reader that relied on the check before it would be one mistake from a
// crash.
void read(const DnsQuery& query, OctetView message) {
  static_cast<void>(query.matches(message));
  const auto answer = query.read(message);
  if (!answer) return;
  for (const auto& record : answer->records) {
    static_cast<void>(joined_strings(*record));
    static_cast<void>(tlsa_record_of(*record));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  static const auto txt = DnsQuery::make("_domainkey.example.org", RecordType::txt, 0x4142);
  static const auto tlsa = DnsQuery::make("_25._tcp.mx.example.org", RecordType::tlsa, 0x4142);
  static const auto alias = DnsQuery::make("mx.example.org", RecordType::cname, 0x4142);
  const OctetView message{input, size};
  static_cast<void>(truncated(message));
  for (const auto* const query : {&txt, &tlsa, &alias}) read(**query, message);
  return 0;
}
