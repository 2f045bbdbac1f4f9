#include "smtp/tlsa_usability.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>

namespace tecs {
namespace {

constexpr std::uint8_t dane_ta = 2, dane_ee = 3;          // RFC 7218 section 2.1
constexpr std::uint8_t certificate = 0, public_key = 1;   // section 2.2
constexpr std::uint8_t full = 0, sha256 = 1, sha512 = 2;  // section 2.3
constexpr std::size_t sha256_octets = 32, sha512_octets = 64;

bool is_certificate(const unsigned char* octets, std::size_t size) {
  const unsigned char* end = octets;
  const std::unique_ptr<X509, void (*)(X509*)> read(d2i_X509(nullptr, &end, static_cast<long>(size)),
                                                    X509_free);
  return read && end == octets + size && X509_get0_pubkey(read.get()) != nullptr;
}

bool is_public_key(const unsigned char* octets, std::size_t size) {
  const unsigned char* end = octets;
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> read(
      d2i_PUBKEY(nullptr, &end, static_cast<long>(size)), EVP_PKEY_free);
  return read && end == octets + size;
}

}  // namespace

bool usable(const TlsaRecord& record) {
  if (record.usage != dane_ta && record.usage != dane_ee) return false;
  if (record.selector != certificate && record.selector != public_key) return false;
  const std::size_t size = record.association.size();
  if (record.matching_type == sha256) return size == sha256_octets;
  if (record.matching_type == sha512) return size == sha512_octets;
  if (record.matching_type != full) return false;
  const auto* const octets = reinterpret_cast<const unsigned char*>(record.association.data());
  const bool read =
      record.selector == certificate ? is_certificate(octets, size) : is_public_key(octets, size);
  ERR_clear_error();
  return read;
}

}  // namespace tecs
