// A message from whoever sends one to the port that a DNS query went out from.
#include "adapters/dns/dns_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  static const auto query = DnsQuery::make("_domainkey.example.org", RecordType::txt, 0x4142);
  const OctetView message{input, size};
  static_cast<void>(truncated(message));
  // Read also what does not match: a reader that relied on the check before it would be one mistake from a
  // crash.
  static_cast<void>(query->matches(message));
  const auto answer = query->read(message);
  if (answer) {
    for (const auto& record : answer->records) static_cast<void>(joined_strings(*record));
  }
  return 0;
}
