#include "c_api/key_source.hpp"

#include <utility>

#include "c_api/call.hpp"
#include "tecs/adapters/dns_resolver.hpp"

tecs_key_source::tecs_key_source(std::unique_ptr<tecs::TxtSource> given_texts, const tecs::KeyLimits& limits,
                                 const tecs::KeyCacheOptions& remembered)
    : texts(std::move(given_texts)), parsed(*texts, limits), cache(parsed, clock, remembered) {}

tecs_key_source* tecs_key_source_new_dns(const tecs_options* options, tecs_error** error) {
  return tecs::made<tecs_key_source>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_key_source>> {
    const auto wanted = tecs::consistent_options(options);
    if (!wanted) return tl::unexpected(wanted.error());
    auto resolver = tecs::DnsResolver::make(wanted->dns);
    if (!resolver) return tl::unexpected(resolver.error());
    return std::make_unique<tecs_key_source>(
        std::move(*resolver), wanted->key_limits,
        tecs::KeyCacheOptions{.maximum_entries = wanted->key_cache_size});
  });
}

void tecs_key_source_free(tecs_key_source* source) {
  tecs::free_object(source);
}
