// TLS as a client on a socket that does not block (RFC 3207). The only place of the signer that knows
// OpenSSL.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "smtp/transfer.hpp"
#include "tecs/error.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // OpenSSL's SSL

namespace tecs {

// What all connections share. Immutable; thread safe.
class TlsContext {
 public:
  // Opportunistic (RFC 7435): any certificate will do, for the alternative is clear text. TLS 1.2 and up (RFC
  // 8996). Fails with io_error when OpenSSL cannot be set up.
  [[nodiscard]] static Expected<TlsContext> make_opportunistic();

 private:
  friend class TlsStream;
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) noexcept : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

// Does not own the socket, which must outlive it. SIGPIPE must be ignored: OpenSSL writes to the socket as to
// a file. Not thread safe. After a failure nothing may be called but failure_sentence().
class TlsStream {
 public:
  // host: what SNI names (RFC 6066 section 3); empty when only an address is known. Throws std::bad_alloc.
  TlsStream(const TlsContext& context, int socket, const std::string& host);

  [[nodiscard]] Transfer handshake() noexcept;
  [[nodiscard]] Transfer read_some(std::span<char> space) noexcept;
  // After want_read or want_write the next call must begin with the same octets.
  [[nodiscard]] Transfer write_some(std::string_view octets) noexcept;
  // Tells the peer that nothing more comes (close_notify); best effort.
  void close() noexcept;

  // Octets were received that read_some() has not looked at: waiting for the socket would wait for other
  // ones.
  [[nodiscard]] bool holds_octets() const noexcept;
  [[nodiscard]] std::string version() const;           // "TLSv1.3"
  [[nodiscard]] std::string failure_sentence() const;  // of the last failure; printable

 private:
  [[nodiscard]] Transfer result_of(int value, std::size_t octets) noexcept;

  struct Free {
    void operator()(ssl_st* stream) const noexcept;
  };
  std::unique_ptr<ssl_st, Free> stream_;
  unsigned long error_ = 0;  // OpenSSL's code of the last failure; 0: the system's
  int system_error_ = 0;
};

}  // namespace tecs
