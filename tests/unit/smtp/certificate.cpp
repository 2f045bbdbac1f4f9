#include "unit/smtp/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

#include "tecs/digest.hpp"
#include "tecs/octets.hpp"

namespace tecs::test {
namespace {

void check(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make a certificate");
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), X509_EXTENSION_free);
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

template <typename Encode>
std::string encoded(Encode encode) {
  unsigned char* octets = nullptr;
  const int size = encode(&octets);
  check(size > 0);
  std::string text(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);
  return text;
}

}  // namespace

Certificate Certificate::self_signed(const CertificateTerms& terms) {
  return make(terms, nullptr);
}

Certificate Certificate::issue(const CertificateTerms& terms) const {
  return make(terms, this);
}

Certificate Certificate::make(const CertificateTerms& terms, const Certificate* issuer) {
  static std::atomic<long> serial{1};
  Certificate made;
  made.key_.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
  made.certificate_.reset(X509_new(), X509_free);
  X509* const certificate = made.certificate_.get();
  check(X509_set_version(certificate, 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), terms.ends.count());
  check(X509_set_pubkey(certificate, made.key_.get()) == 1);
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", V_ASN1_UTF8STRING,
                                   reinterpret_cast<const unsigned char*>(terms.name.data()),
                                   static_cast<int>(terms.name.size()), -1, 0) == 1);
  const Certificate& signer = issuer == nullptr ? made : *issuer;
  check(X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate_.get())) == 1);
  if (terms.authority) {
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    add_extension(certificate, NID_subject_alt_name, "DNS:" + terms.name);
  }
  check(X509_sign(certificate, signer.key_.get(), EVP_sha256()) > 0);
  return made;
}

std::string Certificate::der() const {
  return encoded([this](unsigned char** octets) { return i2d_X509(certificate_.get(), octets); });
}

std::string Certificate::public_key_der() const {
  return encoded([this](unsigned char** octets) { return i2d_PUBKEY(key_.get(), octets); });
}

std::string Certificate::pem() const {
  const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
  check(PEM_write_bio_X509(memory.get(), certificate_.get()) == 1);
  std::string text(BIO_ctrl_pending(memory.get()), '\0');
  check(BIO_read(memory.get(), text.data(), static_cast<int>(text.size())) > 0);
  return text;
}

std::shared_ptr<ssl_ctx_st> Certificate::server(const std::vector<Certificate>& issuers, int maximum) const {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  check(SSL_CTX_use_certificate(context.get(), certificate_.get()) == 1);
  check(SSL_CTX_use_PrivateKey(context.get(), key_.get()) == 1);
  for (const Certificate& issuer : issuers) {
    check(SSL_CTX_add1_chain_cert(context.get(), issuer.certificate_.get()) == 1);
  }
  check(SSL_CTX_set_max_proto_version(context.get(), maximum) == 1);
  return context;
}

std::string sha256_of(const std::string& octets) {
  const Digest digest = sha256({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
  return {digest.begin(), digest.end()};
}

}  // namespace tecs::test
