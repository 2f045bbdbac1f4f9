// Keys that the caller finds in DNS.
#include <chrono>
#include <memory>
#include <string>

#include "c_api/call.hpp"
#include "c_api/key_source.hpp"
#include "c_api/txt_answer.hpp"

namespace tecs {
namespace {

class CallerTxtSource final : public TxtSource {
 public:
  CallerTxtSource(tecs_txt_lookup call, void* context) noexcept : call_(call), context_(context) {}

  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override {
    tecs_txt_answer answer;
    int outcome = TECS_LOOKUP_ERROR;
    try {
      outcome = call_(context_, name.c_str(), &answer);
    } catch (...) {  // tecs.h forbids it; whoever looks for the cause looks there, and not in libtecs
      return failure(Reason::dns_error, "the look-up function threw an exception");
    }
    if (outcome == TECS_LOOKUP_DONE) return answer.found();
    if (outcome == TECS_LOOKUP_TIMEOUT)
      return failure(Reason::dns_timeout, "no answer for " + name + " in time");
    return failure(Reason::dns_error, "the look-up of " + name + " failed");
  }

 private:
  tecs_txt_lookup call_;
  void* context_;
};

}  // namespace
}  // namespace tecs

tecs_key_source* tecs_key_source_new_lookup(tecs_txt_lookup lookup, void* context,
                                            const tecs_options* options, tecs_error** error) {
  return tecs::made<tecs_key_source>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_key_source>> {
    if (lookup == nullptr) return tecs::missing("lookup");
    const auto wanted = tecs::consistent_options(options);
    if (!wanted) return tl::unexpected(wanted.error());
    // What the caller gives no time to is not remembered, and least of all that there is no answer yet.
    constexpr std::chrono::seconds none{0};
    return std::make_unique<tecs_key_source>(
        std::make_unique<tecs::CallerTxtSource>(lookup, context), wanted->key_limits,
        tecs::KeyCacheOptions{
            .maximum_entries = wanted->key_cache_size, .minimum_ttl = none, .failure_ttl = none});
  });
}
