// Certificates and keys made while a test runs.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct ssl_ctx_st;
struct x509_st;

namespace tecs::test {

struct CertificateTerms {
  std::string name;                  // the common name, and if it is no authority the DNS name
  bool authority = false;            // may sign others
  std::chrono::seconds ends{3'600};  // from now
};

// A certificate with its private key, of P-256. Immutable; copies share.
class Certificate {
 public:
  [[nodiscard]] static Certificate self_signed(const CertificateTerms& terms);
  [[nodiscard]] Certificate issue(const CertificateTerms& terms) const;

  [[nodiscard]] std::string der() const;
  [[nodiscard]] std::string public_key_der() const;
  [[nodiscard]] std::string pem() const;

  // Of a server that shows this certificate and those that lead from it to its authority, if it has more than
  // one. "maximum": OpenSSL's number of the newest TLS version; 0: any.
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> server(const std::vector<Certificate>& issuers = {},
                                                   int maximum = 0) const;

 private:
  [[nodiscard]] static Certificate make(const CertificateTerms& terms, const Certificate* issuer);

  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

[[nodiscard]] std::string sha256_of(const std::string& octets);

}  // namespace tecs::test
