// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding, for a load.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "tecs/digest.hpp"

namespace tecs::bench {

// For one user. Thread safe.
class ScramClient {
 public:
  ScramClient(std::string user, std::string password);

  // The initial response of one exchange, not yet base64.
  [[nodiscard]] std::string first_message(std::string_view nonce) const;
  // What to say to the server's messages; the second is its proof, and the answer to that is empty. Throws
  // when a message cannot be read.
  [[nodiscard]] std::string answer(std::string_view first_message, std::string_view server_message);

 private:
  struct Keys {
    Digest client;
    Digest stored;
  };
  [[nodiscard]] Keys keys_for(const std::string& salt, int iterations);

  std::string user_;
  std::string password_;
  std::mutex mutex_;
  std::map<std::string, Keys> keys_;  // by salt: they cost thousands of HMACs, and a client keeps them
};

}  // namespace tecs::bench
