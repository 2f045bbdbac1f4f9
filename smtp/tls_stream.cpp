#include "smtp/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "tecs/printable_text.hpp"

namespace tecs {

namespace {

bool is_refused_certificate(unsigned long error) noexcept {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

}  // namespace

void TlsStream::Free::operator()(ssl_st* stream) const noexcept {
  SSL_free(stream);
}

TlsStream::TlsStream(const TlsContext& context, int socket, const TlsPlan& plan, const Endpoint& server)
    : keeper_(std::make_unique<TlsContext::SessionKeeper>(TlsContext::SessionKeeper{
          context.shared_, tls_session_key(plan, server), context.shared_->sessions.end_from_now()})),
      stream_(SSL_new(plan.authenticates() ? context.shared_->authenticating.get()
                                           : context.shared_->opportunistic.get())) {
  if (!stream_ || SSL_set_fd(stream_.get(), socket) != 1 ||
      SSL_set_ex_data(stream_.get(), 0, keeper_.get()) != 1) {
    throw std::bad_alloc();
  }
  set_server_name(plan.server_name);
  if (!plan.tlsa.empty()) {
    demand_dane(plan);
  } else if (plan.authenticates()) {
    demand_verification(plan.server_name);
  }
  if (const auto found = context.shared_->sessions.find(keeper_->key); found.session) {
    (void)SSL_set_session(stream_.get(), found.session.get());  // without it all is done anew
    keeper_->resumed_end = found.end;
  }
  SSL_set_connect_state(stream_.get());
}

// SSL_set_tlsext_host_name() is a macro with a cast that our warnings refuse. OpenSSL copies the name.
void TlsStream::set_server_name(const std::string& name) {
  if (name.empty()) return;
  if (SSL_ctrl(stream_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str())) != 1) {
    throw std::bad_alloc();
  }
}

void TlsStream::demand_verification(const std::string& name) {
  expected_ = TlsResult::verified;
  if (name.empty()) {
    refusal_ = "no name is known that the server's certificate could be for";
    return;
  }
  SSL_set_hostflags(stream_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);  // RFC 6125 section 6.4.3
  if (SSL_set1_host(stream_.get(), name.c_str()) != 1) throw std::bad_alloc();
}

void TlsStream::demand_dane(const TlsPlan& plan) {
  expected_ = TlsResult::dane;
  SSL_set_hostflags(stream_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (SSL_dane_enable(stream_.get(), plan.server_name.c_str()) != 1) throw std::bad_alloc();
  // RFC 7672 section 3.2.2: the name that was looked for is as good as the one that it leads to.
  for (const std::string& name : plan.other_names) {
    if (SSL_add1_host(stream_.get(), name.c_str()) != 1) throw std::bad_alloc();
  }
  // RFC 7672 section 3.1.1: with DANE-EE(3) the record speaks for the key, whatever name or date stands
  // beside it in the certificate.
  SSL_dane_set_flags(stream_.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  bool usable = false;
  for (const TlsaRecord& record : plan.tlsa) {
    const auto* const octets = reinterpret_cast<const unsigned char*>(record.association.data());
    const int added = SSL_dane_tlsa_add(stream_.get(), record.usage, record.selector, record.matching_type,
                                        octets, record.association.size());
    usable = usable || added > 0;
  }
  ERR_clear_error();
  // OpenSSL would turn to the authorities.
  if (!usable) refusal_ = "none of the server's TLSA records can be used";
}

Transfer TlsStream::handshake() noexcept {
  if (!refusal_.empty()) return {Transfer::State::failed};
  ERR_clear_error();
  const Transfer transfer = result_of(SSL_do_handshake(stream_.get()), 0);
  if (transfer.state == Transfer::State::done) result_ = expected_;
  // Perhaps the session is what the server does not like.
  if (transfer.state == Transfer::State::failed) keeper_->shared->sessions.forget(keeper_->key);
  return transfer;
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

bool TlsStream::resumed() const noexcept {
  return SSL_session_reused(stream_.get()) == 1;
}

std::string TlsStream::failure_sentence() const {
  static constexpr std::size_t maximum = 120;
  if (!refusal_.empty()) return refusal_;
  if (is_refused_certificate(error_)) {
    return std::string("the server's certificate is not accepted: ") +
           X509_verify_cert_error_string(SSL_get_verify_result(stream_.get()));
  }
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
  // The first error is the cause; but what a library says about a signature helps nobody.
  error_ = is_refused_certificate(ERR_peek_last_error()) ? ERR_peek_last_error() : ERR_get_error();
  system_error_ = system_error;
  ERR_clear_error();
  return {Transfer::State::failed};
}

}  // namespace tecs
