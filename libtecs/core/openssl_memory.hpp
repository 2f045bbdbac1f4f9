// Owners for what OpenSSL allocates.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

namespace tecs {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* pointer) const noexcept {
    release(pointer);
  }
};

// OPENSSL_free() is a macro.
struct FreeOctets {
  void operator()(unsigned char* octets) const noexcept { OPENSSL_free(octets); }
};

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;

// Null for null.
[[nodiscard]] inline std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) {
  // What a stranger's octets made OpenSSL complain about must not be read later as somebody else's error.
  ERR_clear_error();
  return key == nullptr ? std::shared_ptr<EVP_PKEY>{}
                        : std::shared_ptr<EVP_PKEY>{key, Release<EVP_PKEY_free>{}};
}

}  // namespace tecs
