// The least that a signature can cost: OpenSSL alone, with a context that is used again and again.
//
//     one-signature KEY-FILE TIMES
//
// Prints the processor time of one, in microseconds.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Digest = std::array<unsigned char, 32>;

[[noreturn]] void give_up(const std::string& reason) {
  throw std::runtime_error(reason);
}

Key read_key(const std::string& path) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file{BIO_new_file(path.c_str(), "r"), BIO_free_all};
  if (!file) give_up("cannot read " + path);
  Key key{PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  if (!key) give_up("cannot read the key in " + path);
  return key;
}

double microseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

void sign_rsa(EVP_PKEY* key, int times) {
  const KeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), EVP_PKEY_CTX_free};
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) != 1) {
    give_up("cannot sign");
  }
  std::array<unsigned char, 512> signature{};
  Digest digest{};
  for (int i = 0; i < times; ++i) {
    std::size_t length = signature.size();
    digest[0] = static_cast<unsigned char>(i);
    if (EVP_PKEY_sign(context.get(), signature.data(), &length, digest.data(), digest.size()) != 1) {
      give_up("cannot sign");
    }
  }
}

// An EVP_MD_CTX signs once with Ed25519.
void sign_ed25519(EVP_PKEY* key, int times) {
  const DigestContext context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  std::array<unsigned char, 64> signature{};
  Digest digest{};
  for (int i = 0; i < times; ++i) {
    std::size_t length = signature.size();
    digest[0] = static_cast<unsigned char>(i);
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &length, digest.data(), digest.size()) != 1) {
      give_up("cannot sign");
    }
  }
}

int run(const std::vector<std::string>& words) {
  if (words.size() != 2) give_up("say KEY-FILE TIMES");
  const Key key = read_key(words[0]);
  const int times = std::stoi(words[1]);
  const auto sign = EVP_PKEY_is_a(key.get(), "RSA") == 1 ? sign_rsa : sign_ed25519;
  sign(key.get(), 10);  // what is done once only
  const double before = microseconds();
  sign(key.get(), times);
  std::cout << (microseconds() - before) / times << std::endl;
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "one-signature: " << error.what() << '\n';
    return 1;
  }
}
