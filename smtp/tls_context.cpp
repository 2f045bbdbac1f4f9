#include "smtp/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t shown = 300;

tl::unexpected<Error> setup_failure() {
  ERR_clear_error();
  return failure(Reason::io_error, "OpenSSL cannot set up TLS");
}

Expected<void> load_authorities(SSL_CTX& context, const TlsTrust& trust) {
  if (trust.authorities_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(&context) != 1) return setup_failure();
    return {};
  }
  if (SSL_CTX_load_verify_file(&context, trust.authorities_file.c_str()) == 1) return {};
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string sentence = printable_text(trust.authorities_file, shown) +
                               ": no certificates of authorities can be read from it" +
                               (reason == nullptr ? "" : std::string(": ") + reason);
  ERR_clear_error();
  return failure(Reason::bad_option, sentence);
}

}  // namespace

std::shared_ptr<ssl_ctx_st> TlsContext::make_openssl_context(const char* ciphers) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), ciphers) != 1) {
    return nullptr;
  }
  // Many servers close without close_notify; SMTP marks its own ends.
  SSL_CTX_set_options(context.get(),
                      SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // Else OpenSSL asks the kernel twice for each record.
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  // With TLS 1.3 a ticket comes after the handshake, as late as the server likes, and after one that resumed
  // a session too (RFC 8446 section 4.6.1). No certificate was seen then: the new session ends when the old
  // one would have.
  SSL_CTX_sess_set_new_cb(context.get(), [](SSL* stream, SSL_SESSION* session) {
    const auto* const keeper = static_cast<const SessionKeeper*>(SSL_get_ex_data(stream, 0));
    if (keeper == nullptr) return 0;
    keeper->shared->sessions.keep(keeper->key, *session,
                                  SSL_session_reused(stream) == 1 ? keeper->resumed_end : keeper->end);
    return 0;  // it stays OpenSSL's
  });
  return context;
}

Expected<TlsContext> TlsContext::make(const TlsTrust& trust, const Clock& clock,
                                      const TlsSessionLimits& limits) {
  // A peer's short key or old signature is still better than none.
  auto opportunistic = make_openssl_context("DEFAULT:@SECLEVEL=0");
  auto authenticating = make_openssl_context("DEFAULT");
  if (!opportunistic || !authenticating || SSL_CTX_dane_enable(authenticating.get()) != 1) {
    return setup_failure();
  }
  SSL_CTX_set_verify(opportunistic.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_verify(authenticating.get(), SSL_VERIFY_PEER, nullptr);
  return load_authorities(*authenticating, trust).map([&] {
    return TlsContext(std::make_shared<Shared>(
        Shared{std::move(opportunistic), std::move(authenticating), TlsSessionCache(clock, limits)}));
  });
}

}  // namespace tecs
