// A TLS context of one side of a handshake in which both sides show a certificate.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace tecs::bench {

struct FreeTls {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  // The connection below goes on. OpenSSL would take a session that was not shut down for broken.
  void operator()(SSL* connection) const noexcept {
    SSL_set_shutdown(connection, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(connection);
  }
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;
using TlsConnection = std::unique_ptr<SSL, FreeTls>;
using TlsSession = std::unique_ptr<SSL_SESSION, FreeTls>;

// TLS 1.3, with the certificate NAME.pem and the key NAME.key of the folder, and whoever ca.pem there has
// signed for the other side. Throws when a file cannot be used.
[[nodiscard]] TlsContext make_tls_context(const SSL_METHOD* method, const std::string& folder,
                                          const std::string& name);

// Throws with what OpenSSL complains of.
[[noreturn]] void throw_tls_error(const std::string& what);

}  // namespace tecs::bench
