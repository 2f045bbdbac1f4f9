#include "smtp/tlsa_usability.hpp"

#include <gtest/gtest.h>

#include "unit/smtp/certificate.hpp"

namespace tecs::test {
namespace {

TEST(TlsaUsability, is_as_rfc_7672_has_it) {
  const Certificate certificate = Certificate::self_signed({.name = "mx.example.com"});
  const std::string whole = certificate.der();
  const std::string key = certificate.public_key_der();
  const std::string d32(32, 'x');
  const std::string d64(64, 'x');
  struct Row {
    const char* name;
    TlsaRecord record;
    bool want;
  };
  for (const Row& row : {
           Row{"end entity, key, SHA-256", {3, 1, 1, d32}, true},
           Row{"end entity, certificate, SHA-512", {3, 0, 2, d64}, true},
           Row{"trust anchor, key, SHA-256", {2, 1, 1, d32}, true},
           Row{"PKIX-TA", {0, 1, 1, d32}, false},
           Row{"PKIX-EE", {1, 1, 1, d32}, false},
           Row{"unknown usage", {4, 1, 1, d32}, false},
           Row{"private use", {255, 1, 1, d32}, false},
           Row{"unknown selector", {3, 2, 1, d32}, false},
           Row{"unknown matching type", {3, 1, 3, d32}, false},
           Row{"SHA-256 too short", {3, 1, 1, d32.substr(1)}, false},
           Row{"SHA-256 too long", {3, 1, 1, d32 + "x"}, false},
           Row{"SHA-512 of SHA-256's length", {3, 1, 2, d32}, false},
           Row{"nothing", {3, 1, 1, ""}, false},
           Row{"whole certificate", {2, 0, 0, whole}, true},
           Row{"whole key", {3, 1, 0, key}, true},
           Row{"certificate for a key", {3, 1, 0, whole}, false},
           Row{"key for a certificate", {3, 0, 0, key}, false},
           Row{"certificate and more", {2, 0, 0, whole + "x"}, false},
           Row{"part of a certificate", {2, 0, 0, whole.substr(0, 100)}, false},
           Row{"an empty certificate", {2, 0, 0, ""}, false},
       }) {
    EXPECT_EQ(usable(row.record), row.want) << row.name;
  }
}

}  // namespace
}  // namespace tecs::test
