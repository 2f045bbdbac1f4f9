// Keys and files with keys, for tests of the side that signs.
#pragma once

#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <string>

#include "tecs/signer.hpp"

namespace tecs::test {

inline SigningKey make_key(KeyType type = KeyType::ed25519, unsigned bits = 0) {
  return SigningKey::generate(type, bits).value();
}

inline Signer signer_for(const std::string& domain, const SigningKey& key) {
  return {Domain::parse(domain).value(), std::nullopt, key};
}

inline void write_file(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path) << text;
  (void)::chmod(path.c_str(), mode);
}

}  // namespace tecs::test
