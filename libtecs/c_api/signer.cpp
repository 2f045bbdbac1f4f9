#include "tecs/signer.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "c_api/call.hpp"
#include "c_api/connection.hpp"
#include "c_api/credential.hpp"
#include "c_api/signing_key.hpp"

struct tecs_signer {
  tecs::Signer signer;
};

namespace tecs {
namespace {

Expected<Signer> make_signer(const char* domain, const char* selector, const tecs_signing_key* key) {
  if (domain == nullptr) return missing("domain");
  if (key == nullptr) return missing("key");
  auto checked_domain = Domain::parse(domain);
  if (!checked_domain) return tl::unexpected(checked_domain.error());
  std::optional<Selector> checked_selector;
  if (selector != nullptr) {
    auto parsed = Selector::parse(selector);
    if (!parsed) return tl::unexpected(parsed.error());
    checked_selector = std::move(*parsed);
  }
  return Signer(std::move(*checked_domain), std::move(checked_selector), key->key);
}

Expected<Credential> sign(const tecs_signer* signer, const tecs_tuple* tuple, std::int64_t time) {
  if (signer == nullptr) return missing("signer");
  if (tuple == nullptr) return missing("tuple");
  const auto checked_tuple = checked(*tuple);
  if (!checked_tuple) return tl::unexpected(checked_tuple.error());
  const auto now = checked_time(time);
  if (!now) return tl::unexpected(now.error());
  return signer->signer.sign(*checked_tuple, Epoch::nearest(*now));
}

}  // namespace
}  // namespace tecs

tecs_signer* tecs_signer_new(const char* domain, const char* selector, const tecs_signing_key* key,
                             tecs_error** error) {
  return tecs::made<tecs_signer>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_signer>> {
    auto signer = tecs::make_signer(domain, selector, key);
    if (!signer) return tl::unexpected(signer.error());
    return std::make_unique<tecs_signer>(tecs_signer{std::move(*signer)});
  });
}

void tecs_signer_free(tecs_signer* signer) {
  tecs::free_object(signer);
}

tecs_credential* tecs_signer_sign(const tecs_signer* signer, const tecs_tuple* tuple, int64_t time,
                                  tecs_error** error) {
  using Defaults = tecs::Credential::Defaults;
  return tecs::made<tecs_credential>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_credential>> {
    const auto credential = tecs::sign(signer, tuple, time);
    if (!credential) return tl::unexpected(credential.error());
    return std::make_unique<tecs_credential>(
        tecs_credential{tecs::encoded_text(credential->format(Defaults::written)),
                        tecs::encoded_text(credential->format(Defaults::left_out))});
  });
}
