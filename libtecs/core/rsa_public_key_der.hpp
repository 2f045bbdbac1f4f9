// The two forms in which RSA public keys stand in DNS.
#pragma once

#include "core/crypto.hpp"
#include "tecs/octets.hpp"

namespace tecs {

// Both take DER alone, and all octets: of the many ways in which BER spells a key, the one. Null for anything
// else. A modulus or exponent of 0 is for the caller to refuse.

// SubjectPublicKeyInfo (RFC 5280 section 4.1), the algorithm being rsaEncryption.
[[nodiscard]] Crypto::Key decode_subject_public_key_info(OctetView der);
// RSAPublicKey (RFC 8017 appendix A.1.1).
[[nodiscard]] Crypto::Key decode_rsa_public_key(OctetView der);

}  // namespace tecs
