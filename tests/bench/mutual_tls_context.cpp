#include "mutual_tls_context.hpp"

#include <openssl/err.h>

#include <array>
#include <stdexcept>

namespace tecs::bench {

void throw_tls_error(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error(what + ": " + text.data());
}

TlsContext make_tls_context(const SSL_METHOD* method, const std::string& folder, const std::string& name) {
  TlsContext context(SSL_CTX_new(method));
  const std::string file = folder + "/" + name;
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1 ||
      SSL_CTX_use_certificate_file(context.get(), (file + ".pem").c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), (file + ".key").c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_load_verify_locations(context.get(), (folder + "/ca.pem").c_str(), nullptr) != 1) {
    throw_tls_error("a TLS context for " + name);
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

}  // namespace tecs::bench
