// What an MTA and a server say to each other, in pieces: the first octet of each says who speaks and how long
// it is. The watch must agree with the reference, piece by piece.
#include <cstdlib>

#include "fuzz/transaction_watch_reference.hpp"
#include "tecs/octets.hpp"

using namespace tecs;
using tecs::test::parties;
using State = TransactionWatch::State;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  std::string_view octets = text_of({input, size});
  if (octets.empty()) return 0;
  const bool is_signed = octets.front() != '-';
  octets.remove_prefix(1);
  const SmtpReply told{.code = 250, .lines = {"mx.example.com"}, .octets = {}};
  const Continuation connection{is_signed ? parties().a : nullptr, "EHLO relay.example\r\n",
                                EhloCapabilities(told)};
  TransactionWatch watch(parties().choice(), connection, is_signed);
  test::Reference reference(is_signed);
  std::string kept;
  while (!octets.empty()) {
    const auto head = static_cast<std::uint8_t>(octets.front());
    const std::string piece(octets.substr(1, head & 0x7FU));
    octets.remove_prefix(std::min(octets.size(), piece.size() + 1));
    if ((head & 0x80U) != 0) {
      if (watch.upstream_sent(piece) != reference.server(piece)) std::abort();
    } else {
      kept += piece;
    }
    if (watch.state() != reference.state()) std::abort();
    if (watch.state() == State::going) {
      const std::size_t passed = watch.mta_sent(kept);
      if (passed != reference.mta(kept) || passed > kept.size()) std::abort();
      kept.erase(0, passed);
      if (watch.state() == State::going && kept.size() > TransactionWatch::maximum_response) std::abort();
    }
    if (watch.state() != reference.state()) std::abort();
    if (watch.state() == State::hand_over && kept.empty()) std::abort();
    if (watch.state() == State::hand_over || watch.state() == State::failed)
      return 0;  // the pump goes no further
  }
  return 0;
}
