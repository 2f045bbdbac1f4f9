// TLS as a client on a socket that does not block (RFC 3207).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "smtp/tls_context.hpp"
#include "smtp/tls_plan.hpp"
#include "smtp/transfer.hpp"
#include "tecs/endpoint.hpp"

struct ssl_st;  // OpenSSL's SSL

namespace tecs {

// Does not own the socket, which must outlive it. SIGPIPE must be ignored: OpenSSL writes to the socket as to
// a file. Used by the thread of its context. After a failure nothing may be called but failure_sentence() and
// result().
class TlsStream {
 public:
  // SNI names plan.server_name (RFC 6066 section 3, RFC 7672 section 8.1); nothing when it is empty. With
  // level verify the handshake fails without a certificate for this name from an authority that the context
  // trusts; with TLSA records it fails when none of them matches (RFC 7672 section 3.1). What cannot be
  // checked fails too: verify without a name, records that all cannot be used. A session with this server
  // on these terms is resumed. server: who it is, for that purpose. Throws std::bad_alloc.
  TlsStream(const TlsContext& context, int socket, const TlsPlan& plan, const Endpoint& server);

  [[nodiscard]] Transfer handshake() noexcept;
  [[nodiscard]] Transfer read_some(std::span<char> space) noexcept;
  // After want_read or want_write the next call must begin with the same octets.
  [[nodiscard]] Transfer write_some(std::string_view octets) noexcept;
  // Tells the peer that nothing more comes (close_notify); best effort.
  void close() noexcept;

  // Octets were received that read_some() has not looked at: waiting for the socket would wait for other
  // ones.
  [[nodiscard]] bool holds_octets() const noexcept;

  // Once the handshake is done:
  [[nodiscard]] std::string version() const;  // "TLSv1.3"
  [[nodiscard]] bool resumed() const noexcept;
  // What was proved; failed as long as the handshake is not done.
  [[nodiscard]] TlsResult result() const noexcept { return result_; }

  [[nodiscard]] std::string failure_sentence() const;  // of the last failure; printable

 private:
  void set_server_name(const std::string& name);
  void demand_verification(const std::string& name);
  void demand_dane(const TlsPlan& plan);
  [[nodiscard]] Transfer result_of(int value, std::size_t octets) noexcept;

  struct Free {
    void operator()(ssl_st* stream) const noexcept;
  };
  std::unique_ptr<TlsContext::SessionKeeper> keeper_;
  std::unique_ptr<ssl_st, Free> stream_;
  TlsResult expected_ = TlsResult::encrypted;  // when the handshake is done
  TlsResult result_ = TlsResult::failed;
  std::string refusal_;      // why it cannot be tried at all; empty: it can
  unsigned long error_ = 0;  // OpenSSL's code of the last failure; 0: the system's
  int system_error_ = 0;
};

}  // namespace tecs
