#include "c_api/credential.hpp"

#include <string_view>

#include "c_api/call.hpp"

namespace {

// RFC 4954 section 4: an AUTH command, CRLF included, keeps to SMTP's 512 octets.
constexpr std::size_t maximum_initial_response =
    512 - std::string_view("AUTH " TECS_MECHANISM " ").size() - std::string_view("\r\n").size();

}  // namespace

const char* tecs_credential_initial_response(const tecs_credential* credential) {
  if (credential == nullptr) return nullptr;
  for (const tecs::EncodedText* form : {&credential->response, &credential->short_form}) {
    const std::string& base64 = (*form)[TECS_BASE64];
    if (base64.size() <= maximum_initial_response) return base64.c_str();
  }
  return nullptr;
}

const char* tecs_credential_response(const tecs_credential* credential, int encoding) {
  return credential == nullptr ? nullptr : tecs::find_encoding(credential->response, encoding);
}

const char* tecs_credential_short(const tecs_credential* credential, int encoding) {
  return credential == nullptr ? nullptr : tecs::find_encoding(credential->short_form, encoding);
}

void tecs_credential_free(tecs_credential* credential) {
  tecs::free_object(credential);
}
