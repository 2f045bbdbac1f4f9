// Verifies what a client sent after "AUTH TECS-1 ", with keys from a zone file or from DNS.
//
//   c++ -std=c++20 -o verify_connection verify_connection.cpp $(pkg-config --cflags --libs tecs)
//   ./verify_connection example.org.zone 192.0.2.25:25 198.51.100.7:40213 YT1yc2Etc2hhMjU2OyBx...
//   ./verify_connection dns              192.0.2.25:25 198.51.100.7:40213 YT1yc2Etc2hhMjU2OyBx...
//
// It needs <tl/expected.hpp> too: Debian's libexpected-dev.
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <tecs/adapters/dns_resolver.hpp>
#include <tecs/adapters/key_cache.hpp>
#include <tecs/adapters/system_clock.hpp>
#include <tecs/adapters/zone_file.hpp>
#include <tecs/verifier.hpp>

namespace {

tecs::Expected<std::unique_ptr<tecs::TxtSource>> open_source(const std::string& name) {
  using Source = std::unique_ptr<tecs::TxtSource>;
  if (name == "dns") return tecs::DnsResolver::make({}).map([](auto resolver) -> Source { return resolver; });
  return tecs::ZoneFile::load(name).map([](auto zone) -> Source { return zone; });
}

tecs::Expected<tecs::ConnectionTuple> parse_tuple(const char* server, const char* client) {
  const auto destination = tecs::Endpoint::parse(server);
  if (!destination) return tl::unexpected(destination.error());
  const auto source = tecs::Endpoint::parse(client);
  if (!source) return tl::unexpected(source.error());
  return tecs::ConnectionTuple::make(*destination, *source);
}

void print(const tecs::Verification& verification) {
  const std::string claimed = verification.domain ? verification.domain->text() : "none";
  std::cout << "result: " << tecs::word(verification.result) << "\n"
            << "reason: " << (verification.error ? tecs::word(verification.error->reason) : "none") << "\n"
            << "sentence: " << verification.detail() << "\n"
            << "domain: " << (verification.result == tecs::Result::pass ? claimed : "none") << "\n"
            << "claimed: " << claimed << "\n"
            << "selector: " << (verification.selector ? verification.selector->text() : "none") << "\n"
            << "algorithm: " << (verification.algorithm ? tecs::format(*verification.algorithm) : "none")
            << "\n"
            << "key: " << verification.key_bits << " bits\n";
}

int fail(const tecs::Error& error) {
  std::cerr << "verify_connection: " << error.sentence << " (" << tecs::word(error.reason) << ")\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "Usage: verify_connection ZONE-FILE|dns SERVER:PORT CLIENT:PORT RESPONSE\n";
    return 1;
  }
  const auto texts = open_source(argv[1]);
  if (!texts) return fail(texts.error());
  const auto tuple = parse_tuple(argv[2], argv[3]);
  if (!tuple) return fail(tuple.error());

  // A server makes these once: they serve any number of threads, and the cache keeps parsed keys.
  const tecs::SystemClock clock;
  tecs::TxtKeySource parsed(**texts, {});
  tecs::KeyCache keys(parsed, clock, {});
  const tecs::Verifier verifier({});

  // Behind address translation the destination under which the world reaches this server is a further
  // candidate.
  const std::array candidates{*tuple};
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
  const tecs::Verification verification =
      verifier.verify(tecs::Credential::parse_base64(argv[4]), candidates, now, keys);
  print(verification);
  return verification.result == tecs::Result::pass ? 0 : 1;
}
