#include "core/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/openssl_memory.hpp"

namespace tecs {
namespace {

using Algorithm = std::unique_ptr<EVP_MD, Release<EVP_MD_free>>;

// Throws rather than return null, which would be kept: what fails for lack of memory is tried again.
template <typename Owner, typename Object>
Owner required(Object* object) {
  if (object == nullptr) throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return Owner{object};
}

// SHA256() and EVP_sha256() look the algorithm up again on each call, which costs twice the hashing.
const EVP_MD* fetched_sha256() {
  static const auto algorithm = required<Algorithm>(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return algorithm.get();
}

// OpenSSL 3.0 looks at all its decoders to make a context, which takes ten times as long as decoding a key,
// and lets one context be used again: it does so itself for the next block of a PEM file. No two threads at
// once.
class PrivateKeyDecoder {
 public:
  // type: null for any.
  PrivateKeyDecoder(const char* structure, const char* type) noexcept : structure_(structure), type_(type) {}

  // Null for what it cannot decode.
  [[nodiscard]] Crypto::Key decode(OctetView der) {
    if (!context_) {
      context_.reset(OSSL_DECODER_CTX_new_for_pkey(&decoded_, "DER", structure_, type_, EVP_PKEY_KEYPAIR,
                                                   nullptr, nullptr));
    }
    const unsigned char* position = der.data();
    std::size_t rest = der.size();
    const bool good = context_ && OSSL_DECODER_from_data(context_.get(), &position, &rest) == 1;
    Crypto::Key key = own(std::exchange(decoded_, nullptr));
    if (good && key) return key;
    context_.reset();  // a context remembers that it met a hard error
    return {};
  }

 private:
  const char* structure_;
  const char* type_;
  EVP_PKEY* decoded_ = nullptr;
  std::unique_ptr<OSSL_DECODER_CTX, Release<OSSL_DECODER_CTX_free>> context_;
};

// A decoder does not insist on the structure that it was made for.
bool is_private_key_info(OctetView der) {
  const unsigned char* position = der.data();
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>> info{
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &position, static_cast<long>(der.size()))};
  return info != nullptr;
}

// Null for what begins with anything else than a private key in the clear.
Crypto::Key decode_first_block(BIO* pem) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* octets = nullptr;
  long length = 0;
  if (PEM_read_bio(pem, &name, &header, &octets, &length) != 1) return {};
  const std::string kind = *header == '\0' ? name : "";  // a header tells of a cipher
  const OctetView der{octets, static_cast<std::size_t>(length)};
  Crypto::Key key;
  if (kind == PEM_STRING_PKCS8INF && is_private_key_info(der)) {
    thread_local PrivateKeyDecoder decoder("PrivateKeyInfo", nullptr);
    key = decoder.decode(der);
  } else if (kind == PEM_STRING_RSA) {
    thread_local PrivateKeyDecoder decoder("type-specific", "RSA");
    key = decoder.decode(der);
  }
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_clear_free(octets, der.size());
  return key;
}

// A key file that asks for a pass phrase must fail, never stop and prompt.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

// After a signature that did not pass. Where memory was short, nobody knows whether it is one.
void forget_errors_but_of_memory() {
  bool short_of_memory = false;
  while (const unsigned long error = ERR_get_error()) {
    short_of_memory = short_of_memory || ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
  }
  if (short_of_memory) throw std::bad_alloc();
}

// Sets up for RSASSA-PKCS1-v1_5 with SHA-256.
bool prepare(EVP_PKEY_CTX* context, int (*begin)(EVP_PKEY_CTX*)) {
  return context != nullptr && begin(context) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
}

KeyContext context_of(const Crypto::Key& key) {
  return KeyContext{EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr)};
}

bool is_signed(const Crypto::Key& key, const Digest& digest, OctetView signature) {
  const KeyContext context = context_of(key);
  return prepare(context.get(), EVP_PKEY_verify_init) &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) ==
             1;
}

// Empty when there is none, or a wrong one.
Octets try_to_sign(const Crypto::Key& key, const Digest& digest) {
  const KeyContext context = context_of(key);
  Octets signature(static_cast<std::size_t>(std::max(EVP_PKEY_get_size(key.get()), 0)));
  std::size_t length = signature.size();
  const bool made =
      prepare(context.get(), EVP_PKEY_sign_init) &&
      EVP_PKEY_sign(context.get(), signature.data(), &length, digest.data(), digest.size()) == 1;
  signature.resize(made ? length : 0);
  if (made && !is_signed(key, digest, signature)) signature.clear();
  ERR_clear_error();
  return signature;
}

}  // namespace

Digest Crypto::sha256(OctetView octets) {
  // To make a context takes as long as the hashing of a few octets.
  thread_local const auto context = required<DigestContext>(EVP_MD_CTX_new());
  Digest digest;
  if (EVP_DigestInit_ex2(context.get(), fetched_sha256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), octets.data(), octets.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  return digest;
}

std::string Crypto::encode_base64(OctetView octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock adds a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                     static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

Crypto::Key Crypto::make_ed25519_public_key(OctetView octets) {
  return own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets.data(), octets.size()));
}

Crypto::Key Crypto::read_private_key(std::string_view pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  const Bio input{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (Key key = decode_first_block(input.get())) return key;
  // The last word on what is no such plain key, perhaps in a later block. It goes on to that only when nobody
  // complained before.
  ERR_clear_error();
  BIO_reset(input.get());
  return own(PEM_read_bio_PrivateKey(input.get(), nullptr, no_pass_phrase, nullptr));
}

Crypto::Key Crypto::generate_rsa(unsigned bits) {
  return own(EVP_RSA_gen(bits));
}

Crypto::Key Crypto::generate_ed25519() {
  return own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

bool Crypto::is_rsa(const Key& key) noexcept {
  return EVP_PKEY_is_a(key.get(), "RSA") == 1;
}

bool Crypto::is_ed25519(const Key& key) noexcept {
  return EVP_PKEY_is_a(key.get(), "ED25519") == 1;
}

Crypto::RsaNumbers Crypto::rsa_numbers(const Key& key) {
  RsaNumbers numbers;
  const int bits = EVP_PKEY_get_bits(key.get());
  numbers.bits = bits > 0 ? static_cast<unsigned>(bits) : 0;
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return numbers;
  const BigNumber exponent{raw};
  if (BN_num_bits(exponent.get()) <= 64) numbers.exponent = BN_get_word(exponent.get());
  return numbers;
}

std::string Crypto::write_private_key(const Key& key) {
  const Bio output{BIO_new(BIO_s_secmem())};
  if (PEM_write_bio_PKCS8PrivateKey(output.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return {};
  char* start = nullptr;
  const long length = BIO_get_mem_data(output.get(), &start);
  return {start, static_cast<std::size_t>(length)};
}

Octets Crypto::encode_subject_public_key_info(const Key& key) {
  const int length = i2d_PUBKEY(key.get(), nullptr);
  if (length <= 0) return {};
  Octets der(static_cast<std::size_t>(length));
  unsigned char* position = der.data();
  return i2d_PUBKEY(key.get(), &position) == length ? der : Octets{};
}

Octets Crypto::ed25519_public_octets(const Key& key) {
  Octets octets(32);
  std::size_t length = octets.size();
  return EVP_PKEY_get_raw_public_key(key.get(), octets.data(), &length) == 1 && length == 32 ? octets
                                                                                             : Octets{};
}

Crypto::RecoverContext Crypto::make_recover_context(const Key& key) {
  KeyContext context = context_of(key);
  const bool ready = prepare(context.get(), EVP_PKEY_verify_recover_init);
  ERR_clear_error();
  if (!ready) return {};
  return {context.release(), Release<EVP_PKEY_CTX_free>{}};
}

std::optional<Digest> Crypto::recover_digest(const RecoverContext& shared, OctetView signature) {
  const KeyContext context{EVP_PKEY_CTX_dup(shared.get())};
  std::array<unsigned char, maximum_rsa_bits / 8> recovered{};
  std::size_t length = recovered.size();
  Digest digest;
  if (context &&
      EVP_PKEY_verify_recover(context.get(), recovered.data(), &length, signature.data(), signature.size()) ==
          1 &&
      length == digest.size()) {
    std::copy_n(recovered.begin(), digest.size(), digest.begin());
    return digest;
  }
  forget_errors_but_of_memory();
  return std::nullopt;
}

bool Crypto::verify_ed25519(const Key& key, OctetView message, OctetView signature) {
  const DigestContext context{EVP_MD_CTX_new()};
  const bool ready =
      context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1;
  if (!ready)
    throw std::bad_alloc();  // a key that was decoded fits; not all of OpenSSL says that it was memory
  const bool good = EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                                     message.size()) == 1;
  if (!good) forget_errors_but_of_memory();
  return good;
}

// OpenSSL 3.0 that found no memory while it renewed what it blinds a key with says that all is well, and
// signs wrongly up to 32 times. A copy of the key is blinded afresh.
Octets Crypto::sign_rsa(const Key& key, const Digest& digest) {
  if (Octets signature = try_to_sign(key, digest); !signature.empty()) return signature;
  const Key copy = own(EVP_PKEY_dup(key.get()));
  return copy ? try_to_sign(copy, digest) : Octets{};
}

Octets Crypto::sign_ed25519(const Key& key, OctetView message) {
  const DigestContext context{EVP_MD_CTX_new()};
  Octets signature(64);
  std::size_t length = signature.size();
  const bool good =
      context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) == 1;
  ERR_clear_error();
  if (!good) return {};
  signature.resize(length);
  return signature;
}

}  // namespace tecs
