#include "milter/receiver.hpp"

#include <utility>

namespace tecs {

// The mode of the sockets' files is set for the whole program.
Expected<Doors> Doors::open(const MilterOptions& options, FileDescriptor inherited) {
  const SocketFileMode mode;
  auto sasl = inherited ? ListeningSocket::adopt(std::move(inherited), options.sasl_socket)
                        : ListeningSocket::open(options.sasl_socket);
  if (!sasl) return tl::unexpected(sasl.error());
  auto milter = MilterDoor::open(options.milter_socket);
  if (!milter) return tl::unexpected(milter.error());
  return Doors{std::move(*sasl), std::move(*milter)};
}

Receiver::Receiver(const MilterOptions& options, Doors doors, Parts parts)
    : options_(options),
      clock_(parts.clock),
      log_(std::move(parts.log)),
      suffixes_(parts.suffixes),
      writer_(std::move(parts.store), log_, clock_),
      journal_(writer_, suffixes_, parts.metrics, log_),
      exchange_rules_(std::make_shared<const ExchangeRules>(
          ExchangeRules{.verifier = {.epoch_tolerance = options.epoch_tolerance,
                                     .minimum_rsa_bits = options.minimum_key_bits}})),
      reception_rules_(std::make_shared<const ReceptionRules>()),
      greylist_("/var/lib/tecs/greylist.db", clock_, log_),
      hidden_clients_(clock_),
      mechanism_(Mechanism::Parts{registry_, parts.keys, exchange_rules_, clock_, log_,
                                  [this](Verdict verdict) { journal_.add(std::move(verdict)); },
                                  options.authserv_id.text()}),
      on_failure_(std::move(parts.on_failure)),
      sasl_socket_(std::move(doors.sasl)),
      milter_door_(std::move(doors.milter)) {}

Receiver::Statistics Receiver::statistics() const {
  return {registry_.size(), writer_.statistics()};
}

// A connection must be known before its AUTH comes.
void Receiver::start() {
  milter_door_->start(MilterDoor::Parts{
      clock_, [this] { return replies_for(*reception_rules_.get()); },
      [this](const MilterConnection& connection) {
        notice_hidden_clients(connection);
        return std::make_unique<MilterSession>(
            MilterSession::Parts{registry_, clock_, options_.authserv_id, greylist_, delays_, log_},
            reception_rules_.get(), connection);
      },
      [this](Verdict verdict) { journal_.add(std::move(verdict)); }, on_failure_, log_});
  sasl_door_.emplace(std::move(sasl_socket_),
                     AuthCalls{[this](const SessionQuery& origin) { return mechanism_.challenge(origin); },
                               [this](const SessionQuery& origin, const std::string& response) {
                                 return mechanism_.authenticate(origin, response);
                               }},
                     clock_, log_);
}

void Receiver::notice_hidden_clients(const MilterConnection& connection) {
  if (!connection.client || !hidden_clients_.seem_so(connection.client->address())) return;
  log_->warn(
      "the last {} connections all came from {}: does a proxy hide the clients? No signature can be right "
      "then; have the proxy and Postfix use the PROXY protocol (smtpd_upstream_proxy_protocol)",
      HiddenClients::connections, connection.client->address().format());
}

// Both doors close at once. What waits for DNS gets its time after that, when the verdicts of all sessions
// are on their way.
Receiver::Stopped Receiver::stop(std::chrono::milliseconds dns_patience,
                                 std::chrono::milliseconds store_patience) {
  bool ended = sasl_door_->stop(std::chrono::milliseconds(0));
  delays_.open();
  milter_door_->stop();
  if (!ended) ended = sasl_door_->stop(dns_patience);
  return Stopped{writer_.stop(store_patience), !ended};
}

}  // namespace tecs
