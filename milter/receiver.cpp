#include "milter/receiver.hpp"

#include <system_error>
#include <utility>

namespace tecs {
namespace {

constexpr std::chrono::hours between_checks{1};
constexpr std::chrono::minutes before_another_try{1};

}  // namespace

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

Receiver::Receiver(const MilterOptions& options, ReceiverRules rules, Doors doors, Parts parts)
    : options_(options),
      clock_(parts.clock),
      keys_(parts.keys),
      log_(std::move(parts.log)),
      suffixes_(parts.suffixes),
      writer_(std::move(parts.stores.own), log_, clock_),
      forwarder_(parts.stores.forwarding
                     ? std::make_unique<VerdictForwarder>(*std::move(parts.stores.forwarding))
                     : nullptr),
      left_over_(std::move(parts.stores.left_over)),
      journal_(writer_, suffixes_, parts.metrics, log_),
      exchange_rules_(std::move(rules.exchange)),
      reception_rules_(std::move(rules.reception)),
      reputation_(std::make_shared<const ReputationInUse>(std::move(rules.reputation))),
      greylist_(options.policy.greylist_file, clock_, log_),
      // libmilter wakes one worker for several events that come at once. While that one is held up, the
      // others would wait with it until something else happened at the door: so something happens.
      delays_([this] { knock(options_.milter_socket); }),
      hidden_clients_(clock_),
      mechanism_(Mechanism::Parts{registry_, keys_, exchange_rules_, clock_, log_,
                                  [this](Verdict verdict) { journal_.add(std::move(verdict)); },
                                  options.authserv_id.text(),
                                  [this](const std::string& name) { return keys_.would_ask(name); },
                                  [this](const Domain& domain) { return reputation_of(domain); }}),
      on_end_(std::move(parts.on_end)),
      sasl_socket_(std::move(doors.sasl)),
      milter_door_(std::move(doors.milter)) {
  registry_.set_maximum(rules.maximum_sessions);
  look_at_left_over();
}

void Receiver::apply(ReceiverRules rules) {
  exchange_rules_.set(std::move(rules.exchange));
  reception_rules_.set(std::move(rules.reception));
  reputation_.set(std::make_shared<const ReputationInUse>(std::move(rules.reputation)));
  registry_.set_maximum(rules.maximum_sessions);
  keys_.clear();
  next_check_ = clock_.steady();
  tick();
}

std::optional<ReputationAnswer> Receiver::reputation_of(const Domain& domain) const {
  const auto current = reputation_.get();
  if (!current->lookup) return std::nullopt;
  return current->lookup->lookup(domain);
}

// A list that is configured wrongly is found before mail depends on it, and one that has ended and now lists
// everything is found in time; but nobody waits for that.
void Receiver::begin_check() {
  next_check_ = clock_.steady() + between_checks;
  const auto lookup = reputation_.get()->lookup;
  if (!lookup) return;
  try {
    check_ = std::async(std::launch::async, [lookup] { return lookup->check(); });
  } catch (const std::system_error& error) {
    log_->error("the lists cannot be looked at: {}", error.what());
  }
}

// Somebody may forget them while the daemon runs.
void Receiver::look_at_left_over() {
  if (left_over_ == nullptr) return;
  if (const auto length = left_over_->length()) left_over_length_ = *length;
}

void Receiver::tick() {
  look_at_left_over();
  if (check_.valid()) {
    if (check_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
    // Not after a reload: then it was the former lists that were looked at, and the present ones are due.
    const bool well = check_.get();
    if (!well && next_check_ > clock_.steady()) next_check_ = clock_.steady() + before_another_try;
  }
  if (clock_.steady() >= next_check_) begin_check();
}

Receiver::Statistics Receiver::statistics() const {
  const auto lookup = reputation_.get()->lookup;
  return {registry_.size(),
          delays_.waiting(),
          mechanism_.statistics(),
          lookup ? lookup->statistics() : std::vector<ReputationLookup::SourceStatistics>(),
          keys_.statistics(),
          writer_.statistics(),
          forwarder_ != nullptr   ? std::optional(forwarder_->statistics())
          : left_over_ != nullptr ? std::optional(VerdictForwarder::Statistics{.backlog = left_over_length_})
                                  : std::nullopt};
}

// A connection must be known before its AUTH comes.
void Receiver::start() {
  begin_check();
  if (reception_rules_.get()->mode == PolicyMode::enforce) {
    if (const auto opened = greylist_.open(); !opened) log_->error("{}", opened.error().sentence);
  }
  milter_door_->start(MilterDoor::Parts{
      clock_, [this] { return replies_for(*reception_rules_.get()); },
      [this](const MilterConnection& connection) {
        notice_hidden_clients(connection);
        return std::make_unique<MilterSession>(
            MilterSession::Parts{registry_, clock_, options_.authserv_id, greylist_, delays_, log_},
            reception_rules_.get(), connection);
      },
      [this](Verdict verdict) { journal_.add(std::move(verdict)); }, on_end_, log_});
  sasl_door_.emplace(std::move(sasl_socket_),
                     AuthCalls{[this](const SessionQuery& origin) { return mechanism_.challenge(origin); },
                               [this](const SessionQuery& origin, const std::string& response) {
                                 return mechanism_.authenticate(origin, response);
                               }},
                     clock_, log_,
                     SaslDoorOptions{.maximum_connections = options_.exchange.maximum_sasl_connections});
}

void Receiver::notice_hidden_clients(const MilterConnection& connection) {
  if (!connection.client || !hidden_clients_.seem_so(connection.client->address())) return;
  log_->warn(
      "the last {} connections all came from {}: does a proxy hide the clients? No signature can be right "
      "then; have the proxy and Postfix use the PROXY protocol (smtpd_upstream_proxy_protocol)",
      HiddenClients::connections, connection.client->address().format());
}

// The SASL door goes first, and lets what is under way there come to its end while its sessions are known.
// What waits for DNS gets its time after that, when the verdicts of all sessions are on their way.
Receiver::Stopped Receiver::stop(const Patience& patience) {
  bool ended = sasl_door_->stop(std::chrono::milliseconds(0));
  delays_.open();
  const bool milter_ended = milter_door_->stop(patience.milter);
  if (!milter_ended) log_->warn("libmilter or a callback does not end; it is left behind");
  if (!ended) ended = sasl_door_->stop(patience.dns);
  ended = ended && milter_ended;
  if (check_.valid()) ended = check_.wait_for(std::chrono::seconds(0)) == std::future_status::ready && ended;
  const bool written = writer_.stop(patience.store);
  if (!writer_.at_its_end()) {
    ended = false;
    const std::size_t lost = writer_.statistics().queued;
    if (lost != 0) log_->error("{} verdicts could not be written before the stop and are lost", lost);
  }
  if (forwarder_ != nullptr) ended = forwarder_->stop(patience.forwarding) && ended;
  return Stopped{written, !ended};
}

}  // namespace tecs
