#include "tools/published_key.hpp"

#include "tecs/verifier.hpp"

namespace tecs {

PublishedKey examine_published_key(const Credential& credential, const ConnectionTuple& tuple,
                                   std::chrono::sys_seconds time, TxtSource& source) {
  PublishedKey published;
  for (const std::string& name : key_names(credential.domain, credential.selector)) {
    published.names.push_back(examine_key_name(name, source));
    // A verifier goes on to the next name only then.
    if (published.names.back().standing() != KeyStanding::no_key) break;
  }
  TxtKeySource keys(source, KeyLimits{});
  published.verification = Verifier(VerifierOptions{}).verify(credential, {&tuple, 1}, time, keys);
  return published;
}

Expected<PublishedKey> examine_published_key(const Signer& signer, std::chrono::sys_seconds time,
                                             TxtSource& source) {
  // RFC 5737: nobody has these addresses, so the signature is good for nothing.
  const auto tuple =
      ConnectionTuple::make(Endpoint::parse("192.0.2.1:25").value(), Endpoint::parse("192.0.2.2:25").value());
  return signer.sign(tuple.value(), Epoch::nearest(time)).map([&](const Credential& credential) {
    return examine_published_key(credential, *tuple, time, source);
  });
}

}  // namespace tecs
