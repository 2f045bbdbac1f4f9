#include "c_api/verification.hpp"

#include "c_api/call.hpp"

namespace tecs {
namespace {

static_assert(TECS_RESULT_NONE == static_cast<int>(Result::none));
static_assert(TECS_RESULT_PASS == static_cast<int>(Result::pass));
static_assert(TECS_RESULT_FAIL == static_cast<int>(Result::fail));
static_assert(TECS_RESULT_POLICY == static_cast<int>(Result::policy));
static_assert(TECS_RESULT_NEUTRAL == static_cast<int>(Result::neutral));
static_assert(TECS_RESULT_TEMPERROR == static_cast<int>(Result::temperror));
static_assert(TECS_RESULT_PERMERROR == static_cast<int>(Result::permerror));

// What a caller may ask of a null pointer too. The words that are returned are literals, which end with a
// NUL.
template <typename Ask>
auto asked(const tecs_verification* verification, Ask ask) noexcept
    -> decltype(ask(verification->verification)) {
  if (verification == nullptr) return {};
  return ask(verification->verification);
}

}  // namespace
}  // namespace tecs

using tecs::Verification;

int tecs_verification_result(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) { return static_cast<int>(v.result); });
}

const char* tecs_verification_result_word(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) { return tecs::word(v.result).data(); });
}

const char* tecs_verification_reason(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) {
    return v.error ? tecs::word(v.error->reason).data() : nullptr;
  });
}

const char* tecs_verification_sentence(const tecs_verification* verification) {
  return verification == nullptr ? nullptr : verification->sentence.c_str();
}

const char* tecs_verification_domain(const tecs_verification* verification) {
  return tecs::asked(verification,
                     [](const Verification& v) { return v.domain ? v.domain->text().c_str() : nullptr; });
}

const char* tecs_verification_passed_domain(const tecs_verification* verification) {
  return tecs_verification_result(verification) == TECS_RESULT_PASS ? tecs_verification_domain(verification)
                                                                    : nullptr;
}

const char* tecs_verification_selector(const tecs_verification* verification) {
  return tecs::asked(verification,
                     [](const Verification& v) { return v.selector ? v.selector->text().c_str() : nullptr; });
}

const char* tecs_verification_algorithm(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) {
    return v.algorithm ? tecs::format(*v.algorithm).data() : nullptr;
  });
}

unsigned tecs_verification_key_bits(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) { return v.key_bits; });
}

int tecs_verification_dnssec(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) { return v.dnssec ? 1 : 0; });
}

int tecs_verification_testing(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) { return v.testing ? 1 : 0; });
}

int tecs_verification_candidate(const tecs_verification* verification) {
  if (verification == nullptr || !verification->verification.candidate) return -1;
  return static_cast<int>(*verification->verification.candidate);  // below TECS_MAXIMUM_CANDIDATES
}

int tecs_verification_epoch_offset(const tecs_verification* verification) {
  return tecs::asked(verification, [](const Verification& v) {
    return static_cast<int>(v.epoch_offset.value_or(std::chrono::seconds{0}).count());
  });
}

const char* tecs_verification_replay_key(const tecs_verification* verification) {
  if (verification == nullptr || verification->replay_key.empty()) return nullptr;
  return verification->replay_key.c_str();
}

int64_t tecs_verification_replay_expiry(const tecs_verification* verification) {
  return verification == nullptr ? 0 : verification->replay_expiry.time_since_epoch().count();
}

void tecs_verification_free(tecs_verification* verification) {
  tecs::free_object(verification);
}
