#include "smtp/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "tecs/printable_text.hpp"

namespace tecs {

Expected<TlsContext> TlsContext::make_opportunistic() {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      // A peer's short key or old signature is still better than none, and the certificate is not looked at.
      SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0") != 1) {
    return failure(Reason::io_error, "OpenSSL cannot set up TLS");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // Many servers close without close_notify; SMTP marks its own ends.
  SSL_CTX_set_options(context.get(),
                      SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // Else OpenSSL asks the kernel twice for each record.
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return TlsContext(std::move(context));
}

void TlsStream::Free::operator()(ssl_st* stream) const noexcept {
  SSL_free(stream);
}

TlsStream::TlsStream(const TlsContext& context, int socket, const std::string& host)
    : stream_(SSL_new(context.context_.get())) {
  if (!stream_ || SSL_set_fd(stream_.get(), socket) != 1) throw std::bad_alloc();
  // SSL_set_tlsext_host_name() is a macro with a cast that our warnings refuse. OpenSSL copies the name.
  if (!host.empty() && SSL_ctrl(stream_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                                const_cast<char*>(host.c_str())) != 1) {
    throw std::bad_alloc();
  }
  SSL_set_connect_state(stream_.get());
}

Transfer TlsStream::handshake() noexcept {
  ERR_clear_error();
  return result_of(SSL_do_handshake(stream_.get()), 0);
}

Transfer TlsStream::read_some(std::span<char> space) noexcept {
  ERR_clear_error();
  std::size_t octets = 0;
  const int value = SSL_read_ex(stream_.get(), space.data(), space.size(), &octets);
  return result_of(value, octets);
}

Transfer TlsStream::write_some(std::string_view octets) noexcept {
  ERR_clear_error();
  std::size_t written = 0;
  const int value = SSL_write_ex(stream_.get(), octets.data(), octets.size(), &written);
  return result_of(value, written);
}

void TlsStream::close() noexcept {
  ERR_clear_error();
  (void)SSL_shutdown(stream_.get());
  ERR_clear_error();
}

bool TlsStream::holds_octets() const noexcept {
  return SSL_has_pending(stream_.get()) != 0;
}

std::string TlsStream::version() const {
  return SSL_get_version(stream_.get());
}

std::string TlsStream::failure_sentence() const {
  static constexpr std::size_t maximum = 120;
  if (error_ != 0) {
    const char* const reason = ERR_reason_error_string(error_);
    return "TLS: " +
           (reason == nullptr ? "error " + std::to_string(error_) : printable_text(reason, maximum));
  }
  if (system_error_ == 0) return "the server closed the connection";
  std::array<char, 128> text{};
  return printable_text(strerror_r(system_error_, text.data(), text.size()), maximum);
}

Transfer TlsStream::result_of(int value, std::size_t octets) noexcept {
  const int system_error = errno;
  if (value == 1) return {Transfer::State::done, octets};
  switch (SSL_get_error(stream_.get(), value)) {
    case SSL_ERROR_WANT_READ:
      return {Transfer::State::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {Transfer::State::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Transfer::State::closed};
    default:
      break;
  }
  error_ = ERR_get_error();
  system_error_ = system_error;
  ERR_clear_error();
  return {Transfer::State::failed};
}

}  // namespace tecs
