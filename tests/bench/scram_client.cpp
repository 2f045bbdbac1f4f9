#include "scram_client.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>
#include <utility>

#include "tecs/base64.hpp"

namespace tecs::bench {
namespace {

const unsigned char* octets_at(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Digest hmac(std::string_view key, std::string_view text) {
  Digest made{};
  unsigned length = static_cast<unsigned>(made.size());
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_at(text), text.size(), made.data(),
       &length);
  return made;
}

// The value of "r=value,s=value,...".
std::string attribute(std::string_view message, char name) {
  while (!message.empty()) {
    const std::string_view field = message.substr(0, message.find(','));
    if (field.size() > 1 && field[0] == name && field[1] == '=') return std::string(field.substr(2));
    message.remove_prefix(std::min(field.size() + 1, message.size()));
  }
  throw std::runtime_error("a message of SCRAM lacks an attribute");
}

}  // namespace

ScramClient::ScramClient(std::string user, std::string password)
    : user_(std::move(user)), password_(std::move(password)) {}

std::string ScramClient::first_message(std::string_view nonce) const {
  return "n,,n=" + user_ + ",r=" + std::string(nonce);
}

// RFC 5802 section 3.
ScramClient::Keys ScramClient::keys_for(const std::string& salt, int iterations) {
  const std::lock_guard lock(mutex_);
  const auto known = keys_.find(salt);
  if (known != keys_.end()) return known->second;
  const auto octets = decode_base64(salt);
  if (!octets) throw std::runtime_error("the salt of SCRAM is not base64");
  Digest salted{};
  PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), octets->data(),
                    static_cast<int>(octets->size()), iterations, EVP_sha256(),
                    static_cast<int>(salted.size()), salted.data());
  const Digest client = hmac(text_of(salted), "Client Key");
  return keys_.emplace(salt, Keys{client, sha256(client)}).first->second;
}

std::string ScramClient::answer(std::string_view first_message, std::string_view server_message) {
  if (server_message.starts_with("v=")) return {};
  const Keys keys = keys_for(attribute(server_message, 's'), std::stoi(attribute(server_message, 'i')));
  const std::string final_message = "c=biws,r=" + attribute(server_message, 'r');
  const std::string signed_text =
      std::string(first_message.substr(3)) + "," + std::string(server_message) + "," + final_message;
  Digest proof = hmac(text_of(keys.stored), signed_text);
  for (std::size_t i = 0; i < proof.size(); ++i) proof[i] ^= keys.client[i];
  return final_message + ",p=" + encode_base64(proof);
}

}  // namespace tecs::bench
