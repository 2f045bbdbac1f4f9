// Signs a connection, and prints what a client says to the server. As sign_connection.c, in C++.
//
//   c++ -std=c++20 -o sign_connection sign_connection.cpp $(pkg-config --cflags --libs tecs)
//   ./sign_connection example.org key.pem 192.0.2.25:25 198.51.100.7:40213 [SELECTOR]
//
// It needs <tl/expected.hpp> too: Debian's libexpected-dev.
#include <chrono>
#include <iostream>
#include <optional>
#include <string>

#include <tecs/adapters/key_file.hpp>
#include <tecs/adapters/system_clock.hpp>
#include <tecs/base64.hpp>
#include <tecs/signer.hpp>

namespace {

tecs::Expected<tecs::Signer> make_signer(const char* domain, const char* key_file, const char* selector) {
  const auto parsed_domain = tecs::Domain::parse(domain);
  if (!parsed_domain) return tl::unexpected(parsed_domain.error());
  std::optional<tecs::Selector> known_selector;
  if (selector != nullptr) {
    const auto parsed_selector = tecs::Selector::parse(selector);
    if (!parsed_selector) return tl::unexpected(parsed_selector.error());
    known_selector = *parsed_selector;
  }
  const auto key = tecs::read_key_file(key_file);
  if (!key) return tl::unexpected(key.error());
  return tecs::Signer(*parsed_domain, known_selector, *key);
}

tecs::Expected<tecs::ConnectionTuple> parse_tuple(const char* server, const char* client) {
  const auto destination = tecs::Endpoint::parse(server);
  if (!destination) return tl::unexpected(destination.error());
  const auto source = tecs::Endpoint::parse(client);
  if (!source) return tl::unexpected(source.error());
  return tecs::ConnectionTuple::make(*destination, *source);
}

// RFC 4954 section 4: 512 octets with CRLF, for which the tags at their defaults may have to go.
void print_commands(const tecs::Credential& credential) {
  const std::string command = "AUTH TECS-1";
  for (const auto defaults : {tecs::Credential::Defaults::written, tecs::Credential::Defaults::left_out}) {
    const std::string line =
        command + " " + tecs::encode_base64(tecs::octets_of(credential.format(defaults)));
    if (line.size() + 2 > 512) continue;
    std::cout << line << "\n";
    return;
  }
  std::cout << command << "\n" << tecs::encode_base64(tecs::octets_of(credential.format())) << "\n";
}

int fail(const tecs::Error& error) {
  std::cerr << "sign_connection: " << error.sentence << " (" << tecs::word(error.reason) << ")\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::cerr << "Usage: sign_connection DOMAIN KEY-FILE SERVER:PORT CLIENT:PORT [SELECTOR]\n";
    return 1;
  }
  const auto signer = make_signer(argv[1], argv[2], argv[5]);  // argv[argc] is null
  if (!signer) return fail(signer.error());
  const auto tuple = parse_tuple(argv[3], argv[4]);
  if (!tuple) return fail(tuple.error());
  const tecs::SystemClock clock;
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
  const auto credential = signer->sign(*tuple, tecs::Epoch::nearest(now));
  if (!credential) return fail(credential.error());
  print_commands(*credential);
  return 0;
}
