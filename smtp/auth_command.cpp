#include "smtp/auth_command.hpp"

#include "tecs/base64.hpp"

namespace tecs {

static_assert((Credential::maximum_octets + 2) / 3 * 4 + 2 <= AuthCommand::maximum_response,
              "every credential fits the response line");

AuthCommand make_auth_command(const Credential& credential) {
  const std::string command = std::string("AUTH ").append(mechanism_name);
  for (const auto defaults : {Credential::Defaults::written, Credential::Defaults::left_out}) {
    std::string line = command + " " + encode_base64(octets_of(credential.format(defaults))) + "\r\n";
    if (line.size() <= AuthCommand::maximum_line) return {std::move(line), {}};
  }
  return {command + "\r\n", encode_base64(octets_of(credential.format())) + "\r\n"};
}

}  // namespace tecs
