// What all sessions of a proxy share.
#pragma once

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "signer/connection_counts.hpp"
#include "signer/presence.hpp"
#include "signer/session_report.hpp"
#include "signer/signed_tuples.hpp"
#include "signer/smtp_dialogue.hpp"
#include "signer/source_choice.hpp"
#include "signer/tls_planner.hpp"
#include "signer/upstream_address.hpp"
#include "smtp/tls_context.hpp"
#include "tecs/clock.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace spdlog {
class logger;
}

namespace tecs {

// The addresses of a host, never none. May block; called from several threads at once.
using AddressLookup = std::function<Expected<std::vector<IpAddress>>(const std::string& host)>;

// After the dialogue nobody times what is said, so these only catch peers that have gone away: they are well
// above all time-outs of RFC 5321 section 4.5.3.2.
struct TransferTimeLimits {
  std::chrono::milliseconds idle = std::chrono::hours{1};
  std::chrono::milliseconds half_closed = std::chrono::minutes{15};
  // How long a server on TLS must be silent before it is told that the MTA has ended, see Pump.
  std::chrono::milliseconds held_end = std::chrono::seconds{15};
};

struct RelaySettings {
  UpstreamAddress upstream;
  DialogueSettings dialogue;
  TransferTimeLimits transfer{};
  // Nothing: the MTA's where it chose the destination, else the system's.
  std::optional<SourceChoice> source{};
};

// How many there are now.
struct RelayCounters {
  Presence::Counter sessions{0};
  Presence::Counter connections{0};  // to servers
  Presence::Counter in_set_up{0};    // sessions before, or between, pumps
  Presence::Counter pumping{0};
};

// Lives longer than the sessions. Used by the thread of the loop, but for the lookup and the planner, which
// the pool's threads use, and the counters.
struct Relay {
  RelaySettings settings;
  AddressLookup lookup;
  TlsPlanner& planner;
  TlsContext tls;
  std::function<void(const SessionReport&)> report;  // perhaps none
  const Clock& clock;
  std::shared_ptr<spdlog::logger> log;
  asio::io_context& loop;
  asio::thread_pool& pool;         // for signatures
  asio::thread_pool& lookup_pool;  // its own, so that a slow name server holds up no signature
  std::vector<char> scratch;       // nothing in it survives a wait
  // Ours to servers, while their dialogue lasts: none of them may come back as one of the MTA's.
  std::set<ConnectionTuple> own_connections{};
  SignedTuples signed_tuples{};
  ConnectionCounts servers{};
  RelayCounters counters{};
};

}  // namespace tecs
