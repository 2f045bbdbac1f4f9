#include "tecs/verifier.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "c_api/call.hpp"
#include "c_api/connection.hpp"
#include "c_api/encoding.hpp"
#include "c_api/key_source.hpp"
#include "c_api/options.hpp"
#include "c_api/replay_key.hpp"
#include "c_api/verification.hpp"

struct tecs_verifier {
  tecs::Verifier verifier;
  int epoch_tolerance;
};

namespace tecs {
namespace {

// All that a verification is asked of, checked.
struct Question {
  Expected<Credential> credential;
  std::vector<ConnectionTuple> candidates;
  std::chrono::sys_seconds now;
};

Expected<Credential> parse_credential(std::string_view text, int encoding) {
  return encoding == TECS_BASE64 ? Credential::parse_base64(text) : Credential::parse(text);
}

Expected<std::vector<ConnectionTuple>> checked_candidates(const tecs_tuple* candidates, std::size_t count) {
  if (candidates == nullptr && count > 0) return missing("candidates");
  if (count > TECS_MAXIMUM_CANDIDATES) return failure(Reason::bad_option, "more than 1024 candidates");
  return checked(std::span(candidates, count));
}

Expected<Question> checked_question(Expected<std::string_view> text, int encoding,
                                    Expected<std::vector<ConnectionTuple>> candidates, std::int64_t time) {
  if (!text) return tl::unexpected(text.error());
  if (const auto known = check_encoding(encoding); !known) return tl::unexpected(known.error());
  if (!candidates) return tl::unexpected(candidates.error());
  const auto now = checked_time(time);
  if (!now) return tl::unexpected(now.error());
  return Question{parse_credential(*text, encoding), std::move(*candidates), *now};
}

std::unique_ptr<tecs_verification> answer(const tecs_verifier& verifier, const Question& question,
                                          KeySource& keys) {
  Verification verification =
      verifier.verifier.verify(question.credential, question.candidates, question.now, keys);
  auto result = std::make_unique<tecs_verification>();
  result->sentence = verification.detail();
  if (verification.result == Result::pass) {
    const Epoch epoch = Epoch::nearest(question.now + *verification.epoch_offset);
    result->replay_key =
        replay_key(question.candidates[*verification.candidate], epoch, *verification.domain);
    result->replay_expiry = replay_expiry(epoch, verifier.epoch_tolerance);
  }
  result->verification = std::move(verification);
  return result;
}

}  // namespace
}  // namespace tecs

tecs_verifier* tecs_verifier_new(const tecs_options* options, tecs_error** error) {
  return tecs::made<tecs_verifier>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_verifier>> {
    const auto wanted = tecs::consistent_options(options);
    if (!wanted) return tl::unexpected(wanted.error());
    return std::make_unique<tecs_verifier>(
        tecs_verifier{tecs::Verifier(wanted->verifier), wanted->verifier.epoch_tolerance});
  });
}

void tecs_verifier_free(tecs_verifier* verifier) {
  tecs::free_object(verifier);
}

tecs_verification* tecs_verifier_verify(const tecs_verifier* verifier, const char* credential, size_t length,
                                        int encoding, const tecs_tuple* candidates, size_t count,
                                        int64_t time, tecs_key_source* source, tecs_error** error) {
  return tecs::made<tecs_verification>(error, [&]() -> tecs::Expected<std::unique_ptr<tecs_verification>> {
    if (verifier == nullptr) return tecs::missing("verifier");
    if (source == nullptr) return tecs::missing("source");
    const auto question = tecs::checked_question(tecs::view_of(credential, length, "credential"), encoding,
                                                 tecs::checked_candidates(candidates, count), time);
    if (!question) return tl::unexpected(question.error());
    return tecs::answer(*verifier, *question, source->keys());
  });
}
