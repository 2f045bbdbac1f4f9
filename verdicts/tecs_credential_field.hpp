// The evidence of a complaint: the credential of a connection with the data that it signs, a field of a
// feedback report that TECS adds to RFC 5965.
//
//   TECS-Credential: destination=192.0.2.25:25; source=192.0.2.7:40213; epoch=1170806400; auth=<base64>
//
// A tag-list (PROTOCOL section 2): unknown tags are passed over, none may stand twice. destination, source:
// both ends of the connection, as they were signed; epoch: Unix time, a multiple of 30, may be missing; auth:
// what the client sent with AUTH TECS-1, white space inside ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "verdicts/complaint.hpp"

namespace tecs {

// Plain value.
struct TecsCredentialField {
  static constexpr std::string_view name = "TECS-Credential";

  // text: unfolded, or with the line breaks of a folded field. Fails as malformed, bad-field.
  [[nodiscard]] static Claimed<TecsCredentialField> parse(std::string_view text);

  // What follows the field's name and colon, in lines of at most 76 octets that end with LF; no LF at the
  // end.
  [[nodiscard]] std::string format() const;

  ConnectionTuple tuple;
  std::optional<Epoch> epoch;
  Credential credential;
  std::string auth;  // base64 of the credential, as sent
};

}  // namespace tecs
