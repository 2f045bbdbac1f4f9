// What comes in at the SASL door. Given in one piece and octet by octet, the same octets must have the same
// answers.
#include <cstdlib>

#include "milter/auth_protocol.hpp"
#include "tecs/credential.hpp"

namespace {

using namespace tecs;

constexpr std::size_t maximum_actions = 100'000;

// All that the server says, with what it was asked to verify written in between.
std::string conversation(std::string_view octets, std::size_t piece) {
  AuthProtocol protocol(AuthGreeting{1, 2, std::string(32, '0')});
  std::string said;
  for (std::size_t actions = 0; actions < maximum_actions; ++actions) {
    const AuthProtocol::NextAction action = protocol.next();
    if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
      if (!write->octets.ends_with('\n')) std::abort();
      said += write->octets;
    } else if (std::holds_alternative<AuthProtocol::Challenge>(action)) {
      protocol.challenge("c=198.51.100.7:40213; t=1170806410");
    } else if (const auto* const authenticate = std::get_if<AuthProtocol::Authenticate>(&action)) {
      said += "verify " + authenticate->response + "\n";
      const auto credential = Credential::parse_base64(authenticate->response);
      Verification verification;
      verification.result = Result::pass;
      verification.domain = Domain::parse("example.org").value();
      protocol.answer(credential ? verification : failed_verification(credential.error()));
    } else if (std::holds_alternative<AuthProtocol::Close>(action)) {
      return said + "close";
    } else {
      if (octets.empty()) return said;
      protocol.received(octets.substr(0, piece));
      octets.remove_prefix(std::min(piece, octets.size()));
    }
  }
  std::abort();  // it never ends
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view octets = text_of({input, size});
  if (conversation(octets, size + 1) != conversation(octets, 1)) std::abort();
  return 0;
}
