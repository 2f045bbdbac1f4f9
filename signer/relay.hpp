// What all sessions of a proxy share.
#pragma once

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "signer/identity_table.hpp"
#include "signer/smtp_dialogue.hpp"
#include "signer/upstream_address.hpp"
#include "smtp/tls_stream.hpp"
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

// After the dialogue nobody reads along, so these only catch peers that have gone away: they are well above
// all time-outs of RFC 5321 section 4.5.3.2.
struct TransferTimeLimits {
  std::chrono::milliseconds idle = std::chrono::hours{1};
  std::chrono::milliseconds half_closed = std::chrono::minutes{15};
};

struct RelaySettings {
  UpstreamAddress upstream;
  DialogueSettings dialogue;
  TransferTimeLimits transfer{};
};

// Lives longer than the sessions. Used by the thread of the loop, but for the lookup, which the pool's threads
// use.
struct Relay {
  RelaySettings settings;
  IdentityTable identities;
  AddressLookup lookup;
  TlsContext tls;
  const Clock& clock;
  std::shared_ptr<spdlog::logger> log;
  asio::io_context& loop;
  asio::thread_pool& pool;         // for signatures
  asio::thread_pool& lookup_pool;  // its own, so that a slow name server holds up no signature
  std::vector<char> scratch;       // nothing in it survives a wait
  // Ours to servers, while their dialogue lasts: none of them may come back as one of the MTA's.
  std::set<ConnectionTuple> own_connections{};
};

}  // namespace tecs
