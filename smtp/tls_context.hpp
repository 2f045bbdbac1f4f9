// What all TLS connections of a client share.
#pragma once

#include <memory>
#include <string>

#include "smtp/tls_session_cache.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace tecs {

struct TlsTrust {
  std::string authorities_file{};  // certificates in PEM form; empty: those that the system trusts
};

// Copies share everything. Used by one thread, that of the streams: sessions are kept here to be resumed.
class TlsContext {
 public:
  // TLS 1.2 and up (RFC 8996). Where nobody looks at the certificate, all that OpenSSL knows will do, for the
  // alternative may be clear text (RFC 7435); where somebody does, what the system's policy takes for secure.
  // Fails with bad_option when the authorities cannot be read, and with io_error when OpenSSL cannot be set
  // up. The clock must outlive the context.
  [[nodiscard]] static Expected<TlsContext> make(const TlsTrust& trust, const Clock& clock,
                                                 const TlsSessionLimits& limits = {});

  [[nodiscard]] std::size_t kept_sessions() const noexcept { return shared_->sessions.size(); }

 private:
  friend class TlsStream;
  struct Shared {
    std::shared_ptr<ssl_ctx_st> opportunistic;
    std::shared_ptr<ssl_ctx_st> authenticating;
    TlsSessionCache sessions;
  };
  // A stream's, where OpenSSL finds it when the server has sent a ticket.
  struct SessionKeeper {
    std::shared_ptr<Shared> shared;
    std::string key;
    TlsSessionCache::TimePoint end;            // of sessions from a full handshake
    TlsSessionCache::TimePoint resumed_end{};  // of those from a handshake that resumed one
  };
  explicit TlsContext(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}
  [[nodiscard]] static std::shared_ptr<ssl_ctx_st> make_openssl_context(const char* ciphers);

  std::shared_ptr<Shared> shared_;
};

}  // namespace tecs
