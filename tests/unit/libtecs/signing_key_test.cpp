#include "tecs/signing_key.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <limits>
#include <string>
#include <vector>

#include "tecs/base64.hpp"
#include "tecs/public_key.hpp"
#include "unit/libtecs/der.hpp"

namespace tecs {
namespace {

const Digest digest = sha256(octets_of("some octets"));

const std::string public_half =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAOhs+7e33phjgeuSIGLD4SBPO6lewF6YzCsC23fHbkkI=\n"
    "-----END PUBLIC KEY-----\n";

const std::string cut_short = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----\n";

const std::string bare_rsa =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIICXAIBAAKBgQDqIGPqSPBoDTEh+e6h3KGx5nYr935SpuigH5+raUQNnQfQgZN+\n"
    "aKNRTiiB5nlKOfKilcpZmE4nj+ILnilzu1Ln5hFby2wbxbq70oTbJplXYL0N0eQy\n"
    "f4LXfP2+DIGU3hi9ZYtMjUPS8bz9Xir16fc68OYBtveKfoCHQ5JNgLg+1wIDAQAB\n"
    "AoGALQmkDsqPLIT1IaMRi6OEm1NJAjYu37lp4HuU3IV4aOH/QdXbSKLaX+aYFjz+\n"
    "sg+ppCsKbOfGiQe9pRx8vt2XGdTP7qJqe00M9hf77eNyX/uLQ0h9oOd9vwF5J2UA\n"
    "Qv5iiUf7gtouHXWjfUTw58EqwPXl4vYO1OefSXVJHe3ozTkCQQD2P8CXRf8vDMU+\n"
    "E1f2Jf7NNJuTDzk94oC5GRVQHAukxcuBUJvY4gzTaQub/IQ6ow37H8fUatoFCGz3\n"
    "UW3u4pD1AkEA82XARpWjksFP4zXqmdrG5sNWc4c7zBnsF6cnhkmirLvK33Dzo9p1\n"
    "+ZhWYx/pOdOyIpKmuiovUWay3esTSfoBGwJAfAgsh4V4PUifaN7xZUhKCS5AVlhK\n"
    "qsMVtyXNOGaH7ty53k6t0RY7A5lbgZw1Nhu/BQhC7NlNK0/NIt1fE/4GqQJBALc8\n"
    "cOYynTRMaBILcxRkybzMbfcHZhMfqMedxXmpUdhsgCx64lEGlC5VayOw0GoCX2b7\n"
    "tJ0OSRUlFZ9P6/OTTOUCQFCffBYtfYyokDsusiv3tMPjLliHE3BK34bScICRDTZK\n"
    "aTjAsX3pbwYb6WA5NADaUMKjW8oimplNSJeTZ/0thRw=\n"
    "-----END RSA PRIVATE KEY-----\n";

const std::string elliptic_in_a_form_of_its_own =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIAl/eWlfiNV+rmRh9dUHuXPrcgHNOVErZgSeNoDbKB2xoAoGCCqGSM49\n"
    "AwEHoUQDQgAEWQSQoxWJKxoynYxR6G3yGWs0wBSDh7A4fii51oNX7wR5s2oxUcp9\n"
    "YNdf9P2bvbOz9185npjWhIa3/1+ulpPRxg==\n"
    "-----END EC PRIVATE KEY-----\n";

const std::string elliptic =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4V5rrs/ICVoFI9nc\n"
    "iQBh7ugYXRE49hpdffG3VCYvNbShRANCAATwiSyl1OxM3csrjI5yVhtotrhMz4sW\n"
    "fnUskRuL5QcSCEt19pCp38E6kgYUMfX7HoWtDro0s0yv7KpcXnCgRbWh\n"
    "-----END PRIVATE KEY-----\n";

const std::string encrypted =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGaMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAguA2vPVnK7XwIBATAM\n"
    "BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBAgQQoBCREemxhpo7BiUtjtUaxwRAFViE\n"
    "SzVtm7jM0V+YoqMYq9WFjnvJXekirCfxLy8T+uwRVR/h2fOovQgsxtUE9AQfDtLJ\n"
    "DplyV5IEekz6KG3Ilg==\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

// Of the algorithm 1.3.6.1.4.1.32473.1, which is one for examples.
const std::string of_no_known_algorithm =
    "-----BEGIN PRIVATE KEY-----\nMBYCAQAwCwYJKwYBBAGB/VkBBAQBAgME\n-----END PRIVATE KEY-----\n";

// A private key (RFC 8017 appendix A.1.2) with a modulus of as many bits, which nobody needs to search primes
// for: its other numbers are made up.
std::string made_up_rsa_key(unsigned bits) {
  Octets modulus((bits + 7) / 8, 0xff);
  modulus.front() = static_cast<std::uint8_t>(0xffU >> (modulus.size() * 8 - bits));
  if ((modulus.front() & 0x80) != 0) modulus.insert(modulus.begin(), 0);
  Octets numbers;
  for (const Octets& number : {Octets{0}, modulus, {3}, {5}, {7}, {11}, {1}, {1}, {1}}) {
    numbers = joined({numbers, der(der_integer, number)});
  }
  return "-----BEGIN RSA PRIVATE KEY-----\n" + encode_base64(der(der_sequence, numbers)) +
         "\n-----END RSA PRIVATE KEY-----\n";
}

// What is in it is of another form than it says.
std::string labelled(const std::string& label, const std::string& pem) {
  const std::size_t begin = pem.find('\n') + 1;
  return "-----BEGIN " + label + "-----\n" + pem.substr(begin, pem.rfind("-----END") - begin) + "-----END " +
         label + "-----\n";
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? "\r\n" : std::string(1, c);
  return result;
}

TEST(SigningKey, RsaSignsWhatItsPublicKeyRecovers) {
  const auto key = SigningKey::generate(KeyType::rsa, 1024);
  ASSERT_TRUE(key);
  auto signature = key->sign(digest).value();
  const auto publicly = PublicKey::decode(KeyType::rsa, key->public_octets(), KeyLimits{}).value();
  EXPECT_EQ(publicly.recover_digest(signature), digest);

  signature.back() ^= 1;
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);
  signature.push_back(0);
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);
  EXPECT_EQ(publicly.recover_digest({}), std::nullopt);
}

// Without it, one signature would have two texts.
TEST(SigningKey, AnRsaSignatureKeepsItsFirstZero) {
  const auto key = SigningKey::generate(KeyType::rsa, 1024).value();
  const auto publicly = PublicKey::decode(KeyType::rsa, key.public_octets(), KeyLimits{}).value();
  Digest other = digest;
  auto signature = key.sign(other).value();
  for (unsigned attempt = 0; signature.front() != 0; ++attempt) {
    ASSERT_LT(attempt, 100'000U);
    other = sha256(other);
    signature = key.sign(other).value();
  }
  EXPECT_EQ(publicly.recover_digest(signature), other);
  signature.erase(signature.begin());
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);
}

TEST(SigningKey, Ed25519SignsWhatItsPublicKeyVerifies) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0);
  ASSERT_TRUE(key);
  auto signature = key->sign(digest).value();
  const auto publicly = PublicKey::decode(KeyType::ed25519, key->public_octets(), KeyLimits{}).value();
  EXPECT_TRUE(publicly.verify(digest, signature));
  EXPECT_EQ(publicly.recover_digest(signature), std::nullopt);

  signature.back() ^= 1;
  EXPECT_FALSE(publicly.verify(digest, signature));
  EXPECT_FALSE(publicly.verify(digest, {}));
}

TEST(SigningKey, PemComesBack) {
  for (const KeyType type : {KeyType::rsa, KeyType::ed25519}) {
    const auto key = SigningKey::generate(type, 1024).value();
    EXPECT_TRUE(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto read = SigningKey::from_pem(key.to_pem());
    ASSERT_TRUE(read) << read.error().sentence;
    EXPECT_EQ(read->public_octets(), key.public_octets());
  }
}

// Twice over, as what was read before must not count.
TEST(SigningKey, IsReadFromWhatOthersWrite) {
  const SigningKey key = SigningKey::generate(KeyType::ed25519, 0).value();
  const std::string pem = key.to_pem();
  struct Row {
    std::string name;
    std::string text;
    bool want;
  };
  const std::vector<Row> rows{
      {"alone", pem, true},
      {"text around it", "a key\n\n" + pem + "end of the key\n", true},
      {"CRLF", with_crlf(pem), true},
      {"its public half first", public_half + pem, true},
      {"one that is cut short first", cut_short + pem, true},
      {"cut short", cut_short, false},
      {"a blank in the base64", pem.substr(0, 40) + " " + pem.substr(40), true},
      {"another after it", pem + bare_rsa, true},
      {"a key that cannot sign first", elliptic + pem, false},
      {"one in a form of its own that cannot sign first", elliptic_in_a_form_of_its_own + pem, false},
      {"one of no known algorithm first", of_no_known_algorithm + pem, true},
      {"no end", pem.substr(0, pem.size() - 30), false},
  };
  for (int pass = 1; pass <= 2; ++pass) {
    for (const Row& row : rows) {
      SCOPED_TRACE(row.name);
      const auto read = SigningKey::from_pem(row.text);
      ASSERT_EQ(read.has_value(), row.want);
      if (read) {
        EXPECT_EQ(read->public_octets(), key.public_octets());
      }
    }
    const auto rsa = SigningKey::from_pem(bare_rsa);
    ASSERT_TRUE(rsa) << rsa.error().sentence;
    EXPECT_EQ(rsa->bits(), 1024U);
    EXPECT_EQ(SigningKey::from_pem(rsa->to_pem()).value().public_octets(), rsa->public_octets());
  }
}

TEST(SigningKey, RefusesWhatCannotSign) {
  for (const char* pem : {"", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                          encrypted.c_str(), of_no_known_algorithm.c_str(), public_half.c_str()}) {
    const auto key = SigningKey::from_pem(pem);
    ASSERT_FALSE(key) << pem;
    EXPECT_EQ(key.error().reason, Reason::bad_key_file);
  }
}

TEST(SigningKey, ThatIsRefusedSaysWhy) {
  EXPECT_EQ(SigningKey::from_pem("junk").error().sentence,
            "not a private key in PEM form without a pass phrase");
  EXPECT_EQ(SigningKey::from_pem(elliptic).error().sentence, "the key is neither RSA nor Ed25519");
}

TEST(SigningKey, OfAnotherFormThanItSaysIsRefused) {
  const std::string rsa = SigningKey::from_pem(bare_rsa)->to_pem();
  ASSERT_TRUE(SigningKey::from_pem(labelled("PRIVATE KEY", rsa)));
  EXPECT_FALSE(SigningKey::from_pem(labelled("PRIVATE KEY", bare_rsa)));
  EXPECT_FALSE(SigningKey::from_pem(labelled("CERTIFICATE", rsa)));
}

// A daemon has nobody to ask for the pass phrase.
TEST(SigningKey, UnderAPassPhraseIsRefusedAndNotAskedFor) {
  const std::string header = "-----BEGIN RSA PRIVATE KEY-----\n";
  const std::string with_cipher =
      header + "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,F743FF5837A80E3561A4FC580A148987\n\n" +
      bare_rsa.substr(header.size());
  for (const std::string& pem : {encrypted, with_cipher}) {
    const auto key = SigningKey::from_pem(pem);
    ASSERT_FALSE(key) << pem;
    EXPECT_EQ(key.error().reason, Reason::bad_key_file);
  }
}

// OpenSSL counts the octets of a text in an int, and takes a number below 0 for "up to the first NUL".
TEST(SigningKey, IsNotReadFromATextThatOpensslCannotCount) {
  constexpr std::size_t most = std::numeric_limits<int>::max();
  const std::string pem = SigningKey::generate(KeyType::ed25519, 0)->to_pem();
  void* const memory =
      mmap(nullptr, most + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  pem.copy(static_cast<char*>(memory), pem.size());
  EXPECT_TRUE(SigningKey::from_pem({static_cast<const char*>(memory), most}));
  EXPECT_FALSE(SigningKey::from_pem({static_cast<const char*>(memory), most + 1}));
  munmap(memory, most + 1);
}

TEST(SigningKey, BitsOfOneThatIsReadAreBounded) {
  for (const unsigned bits : {1024U, 16384U}) {
    const auto key = SigningKey::from_pem(made_up_rsa_key(bits));
    ASSERT_TRUE(key) << bits << ": " << key.error().sentence;
    EXPECT_EQ(key->bits(), bits);
  }
  for (const unsigned bits : {512U, 1023U, 16385U}) {
    const auto key = SigningKey::from_pem(made_up_rsa_key(bits));
    ASSERT_FALSE(key) << bits;
    EXPECT_EQ(key.error().reason, Reason::bad_key_file);
    EXPECT_EQ(key.error().sentence,
              "an RSA key of " + std::to_string(bits) + " bits; 1024 to 16384 can sign");
  }
}

TEST(SigningKey, BitsAreBounded) {
  EXPECT_EQ(SigningKey::generate(KeyType::rsa, 1023).error().reason, Reason::bad_option);
  EXPECT_EQ(SigningKey::generate(KeyType::rsa, 16385).error().reason, Reason::bad_option);
}

}  // namespace
}  // namespace tecs
