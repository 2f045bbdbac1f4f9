#include "sasl/client_exchange.hpp"

#include <utility>

#include "tecs/challenge.hpp"
#include "tecs/signed_view.hpp"

namespace tecs {
namespace {

// RFC 4954 section 4: an AUTH command has 512 octets with CRLF, and its initial response is in base64.
bool fits_command(std::string_view credential) noexcept {
  constexpr std::size_t maximum_line = 512;
  constexpr std::size_t around = std::string_view("AUTH TECS-1 \r\n").size();
  return around + (credential.size() + 2) / 3 * 4 <= maximum_line;
}

}  // namespace

ClientExchange::ClientExchange(ClientTerms terms, const ConnectionTuple& own, const Clock& clock) noexcept
    : terms_(std::move(terms)),
      own_(own),
      clock_(clock),
      asks_(terms_.nat.asks_for_challenge(own.source().address())) {}

Expected<std::optional<std::string>> ClientExchange::initial_response() {
  if (asks_) return std::nullopt;
  return sign(own_, now()).map([](const Credential& credential) -> std::optional<std::string> {
    for (const auto defaults : {Credential::Defaults::written, Credential::Defaults::left_out}) {
      std::string text = credential.format(defaults);
      if (fits_command(text)) return text;
    }
    return std::nullopt;
  });
}

Expected<std::string> ClientExchange::response(std::string_view challenge) {
  const auto parsed = asks_ ? Challenge::parse(challenge) : Expected<std::optional<Challenge>>();
  const SignedView view = signed_view({own_, now()}, parsed.value_or(std::nullopt), terms_.challenge_skew);
  return sign(view.tuple, view.time).map([](const Credential& credential) { return credential.format(); });
}

Expected<Credential> ClientExchange::sign(const ConnectionTuple& tuple, std::chrono::sys_seconds time) const {
  return terms_.signer->sign(tuple, Epoch::nearest(time));
}

std::chrono::sys_seconds ClientExchange::now() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.now());
}

}  // namespace tecs
