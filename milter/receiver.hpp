// The two doors and what ties them: connections come to the milter door, their credentials to the SASL door,
// verdicts go to the store.
#pragma once

#include <spdlog/logger.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "milter/exchange_rules.hpp"
#include "milter/hidden_clients.hpp"
#include "milter/listening_socket.hpp"
#include "milter/mechanism.hpp"
#include "milter/metrics.hpp"
#include "milter/milter_door.hpp"
#include "milter/options.hpp"
#include "milter/policy/delay_gate.hpp"
#include "milter/policy/greylist.hpp"
#include "milter/policy/reception_rules.hpp"
#include "milter/receiver_rules.hpp"
#include "milter/receiver_stores.hpp"
#include "milter/sasl_door.hpp"
#include "milter/session_registry.hpp"
#include "milter/verdict_journal.hpp"
#include "program/current.hpp"
#include "tecs/adapters/key_cache.hpp"
#include "tecs/clock.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/verdict_forwarder.hpp"
#include "verdicts/verdict_writer.hpp"

namespace tecs {

// Both sockets, open and not served yet.
struct Doors {
  // Both are there when it returns, so that Postfix can connect, but nobody is answered before
  // Receiver::start(). inherited: the SASL door's, when somebody else listens on it for us. For main(),
  // before there are threads. Fails with io_error, and with bad_option when the inherited socket listens
  // elsewhere.
  [[nodiscard]] static Expected<Doors> open(const MilterOptions& options, FileDescriptor inherited);

  ListeningSocket sasl;
  std::unique_ptr<MilterDoor> milter;
};

class Receiver {
  // What is asked need not be the same from one AUTH to the next.
  struct ReputationInUse {
    std::shared_ptr<ReputationLookup> lookup;  // null: nobody is asked
  };

 public:
  // The references must outlive the receiver.
  struct Parts {
    const Clock& clock;
    KeyCache& keys;
    ReceiverStores stores;
    PublicSuffixList suffixes;
    Metrics& metrics;
    std::shared_ptr<spdlog::logger> log;
    // The milter door has closed by itself, as MilterDoor::Parts::on_end says; from a thread of its own.
    std::function<void(bool failed)> on_end;
  };

  struct Stopped {
    bool verdicts_written;  // false: some were given up, which is in the log
    // Some still wait for DNS, for the store, for the database elsewhere, or within libmilter, and whatever
    // they use must not be destroyed.
    bool threads_left;
  };

  Receiver(const MilterOptions& options, ReceiverRules rules, Doors doors, Parts parts);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() = default;

  struct Statistics {
    std::size_t sessions;
    std::size_t delayed;  // connections that wait at MAIL
    Mechanism::Statistics mechanism;
    std::vector<ReputationLookup::SourceStatistics> reputation;
    KeyCache::Statistics keys;
    VerdictWriter::Statistics writer;
    std::optional<VerdictForwarder::Statistics> forwarder;  // empty: nothing is or was forwarded
  };

  // Throws std::system_error when the kernel gives no threads.
  void start();

  // How long each may take at the most.
  struct Patience {
    std::chrono::milliseconds milter;
    std::chrono::milliseconds dns;
    std::chrono::milliseconds store;
    std::chrono::milliseconds forwarding;
  };

  // Closes the doors, and has every verdict written: also those of connections that are still open. What can
  // be forwarded in time is. Only after start().
  [[nodiscard]] Stopped stop(const Patience& patience);

  // For connections and AUTHs that begin from now on; keys are asked for anew. From one thread at a time.
  void apply(ReceiverRules rules);

  // What is to be done now and then: has the lists looked at again, each hour, or each minute while one is
  // not well. Never waits. To be called every few seconds, from the thread that calls apply().
  void tick();

  [[nodiscard]] Statistics statistics() const;

 private:
  [[nodiscard]] std::optional<ReputationAnswer> reputation_of(const Domain& domain) const;
  void begin_check();
  void look_at_left_over();
  void notice_hidden_clients(const MilterConnection& connection);

  MilterOptions options_;
  const Clock& clock_;
  KeyCache& keys_;
  std::shared_ptr<spdlog::logger> log_;
  PublicSuffixList suffixes_;
  VerdictWriter writer_;
  std::unique_ptr<VerdictForwarder> forwarder_;  // null: nothing is forwarded
  std::unique_ptr<ForwardQueue> left_over_;      // of a receiver that forwarded once; null: empty
  std::atomic<std::size_t> left_over_length_ = 0;
  VerdictJournal journal_;
  SessionRegistry registry_;
  Current<ExchangeRules> exchange_rules_;
  Current<ReceptionRules> reception_rules_;
  Current<ReputationInUse> reputation_;
  std::future<bool> check_;  // of the lists; not valid: none is under way
  std::chrono::steady_clock::time_point next_check_;
  Greylist greylist_;
  DelayGate delays_;
  HiddenClients hidden_clients_;
  Mechanism mechanism_;
  std::function<void(bool failed)> on_end_;
  ListeningSocket sasl_socket_;
  std::unique_ptr<MilterDoor> milter_door_;
  std::optional<SaslDoor> sasl_door_;
};

}  // namespace tecs
