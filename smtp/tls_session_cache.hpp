// TLS sessions to be resumed (RFC 5077, RFC 8446 section 2.2): the next connection to the same server on the
// same terms is spared the certificates and the signatures.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "smtp/tls_plan.hpp"
#include "tecs/clock.hpp"
#include "tecs/endpoint.hpp"

struct ssl_session_st;  // OpenSSL's SSL_SESSION

namespace tecs {

struct TlsSessionFree {
  void operator()(ssl_session_st* session) const noexcept;
};
using TlsSession = std::unique_ptr<ssl_session_st, TlsSessionFree>;

struct TlsSessionLimits {
  // The one that was not asked for the longest goes first.
  std::size_t sessions = 2000;
  // Of one session, most of them the server's certificate and its ticket; a longer one is not kept.
  std::size_t octets = 8'192;
  // From the handshake in which the certificate was looked at. An authority's or administrator's change of
  // mind about it shows after this time at the latest, however often the session was resumed since.
  std::chrono::seconds lifetime = std::chrono::hours{1};
};

// Not thread safe. The clock must outlive it.
class TlsSessionCache {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Found {
    TlsSession session{};  // null: there is none
    TimePoint end{};       // also of all sessions that come of resuming this one
  };

  explicit TlsSessionCache(const Clock& clock, const TlsSessionLimits& limits = {});

  // When a session ends whose full handshake begins now.
  [[nodiscard]] TimePoint end_from_now() const { return clock_.steady() + limits_.lifetime; }
  // A copy is kept, without the certificates of authorities, instead of the one of before.
  void keep(const std::string& key, const ssl_session_st& session, TimePoint end);
  // A copy. It may be found again: that somebody on the wire can see two connections to be of one
  // client (RFC 8446 appendix C.4) tells them no more than their addresses do.
  [[nodiscard]] Found find(const std::string& key);
  void forget(const std::string& key);
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    std::string octets;  // as OpenSSL writes a session
    TimePoint end;
  };
  using Entries = std::list<Entry>;

  const Clock& clock_;
  TlsSessionLimits limits_;
  Entries entries_;  // the one asked for last comes first
  std::unordered_map<std::string_view, Entries::iterator> places_;
};

// What a session is kept under: all that decided whether the server was the right one. A session resumed
// shows no certificate, so it must not serve when other TLSA records or another name hold by now. The order
// of the records does not count; name servers change it at every answer.
[[nodiscard]] std::string tls_session_key(const TlsPlan& plan, const Endpoint& server);

}  // namespace tecs
