#include "tools/verdict_examination.hpp"

#include <algorithm>
#include <utility>

#include "tecs/base64.hpp"
#include "tecs/digest.hpp"
#include "tecs/tag_list.hpp"
#include "tecs/verifier.hpp"
#include "tools/signed_fields.hpp"
#include "verdicts/kept_key.hpp"

namespace tecs {
namespace {

// What was found once, said again, so that the record that is shown is the one that is verified with.
class RepeatedAnswers final : public TxtSource {
 public:
  explicit RepeatedAnswers(const std::vector<KeyNameReport>& reports) noexcept : reports_(reports) {}
  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override {
    const auto report = std::find_if(reports_.begin(), reports_.end(),
                                     [&](const KeyNameReport& asked) { return asked.name == name; });
    return report == reports_.end() ? TxtAnswer{} : report->answer;
  }

 private:
  const std::vector<KeyNameReport>& reports_;
};

std::optional<ConnectionTuple> tuple_of(const Verdict& verdict) {
  const auto destination = Endpoint::parse(verdict.server);
  const auto source = Endpoint::parse(verdict.client);
  if (!destination || !source) return std::nullopt;
  const auto tuple = ConnectionTuple::make(*destination, *source);
  return tuple ? std::optional(*tuple) : std::nullopt;
}

void find_epoch(VerdictExamination& examination) {
  const Verdict& verdict = examination.verdict;
  examination.epoch_guessed = !verdict.epoch;
  auto time = verdict.epoch.value_or(std::chrono::floor<std::chrono::seconds>(verdict.time));
  if (verdict.epoch_offset) time += *verdict.epoch_offset;
  examination.epoch = Epoch::nearest(time);
}

void find_keys(VerdictExamination& examination, TxtSource& source) {
  const Credential& credential = *examination.credential;
  for (const std::string& name : key_names(credential.domain, credential.selector))
    examination.key_names.push_back(examine_key_name(name, source));
  for (std::size_t i = 0; i < examination.key_names.size() && !examination.decisive; ++i) {
    if (examination.key_names[i].standing() != KeyStanding::no_key) examination.decisive = i;
  }
}

void find_kept_key(VerdictExamination& examination) {
  const auto record = KeyRecord::parse(examination.verdict.key_record);
  if (!record || !record->key) return;
  examination.kept_key = std::make_shared<const KeyRecord>(*record);
  const bool no_answer = examination.decisive &&
                         examination.key_names[*examination.decisive].standing() == KeyStanding::no_answer;
  if (no_answer) return;
  const KeyRecord* now = examination.key_record();
  examination.kept_key_stands = now != nullptr && now->format() == record->format();
}

bool epoch_is_known(const Verdict& verdict) {
  return verdict.epoch && verdict.epoch_offset;
}

Verification verify_with(const VerdictExamination& examination, KeySource& keys) {
  const bool known = epoch_is_known(examination.verdict);
  const VerifierOptions options{.epoch_tolerance = known ? 0 : VerifierOptions::maximum_epoch_tolerance};
  return Verifier(options).verify(examination.credential, {&*examination.tuple, 1}, examination.epoch.time(),
                                  keys);
}

// The epoch becomes the one that matched; the key of then knows better than that of now. Offsets are counted
// from the receiver's own epoch, as in the verdict.
void settle_epoch(VerdictExamination& examination) {
  const bool known = epoch_is_known(examination.verdict);
  std::chrono::seconds matched{0};
  for (auto* const verification : {&examination.verification, &examination.kept_verification}) {
    if (!*verification || !(*verification)->epoch_offset) continue;
    matched = *(*verification)->epoch_offset;
    if (known) (*verification)->epoch_offset = examination.verdict.epoch_offset;
  }
  examination.epoch = Epoch::nearest(examination.epoch.time() + matched);
}

void verify_again(VerdictExamination& examination) {
  if (!examination.tuple) return;
  RepeatedAnswers answers(examination.key_names);
  TxtKeySource keys_of_now(answers, KeyLimits{});
  examination.verification = verify_with(examination, keys_of_now);
  if (examination.kept_key != nullptr) {
    KeptKey key_of_then(examination.verdict.key_record);
    examination.kept_verification = verify_with(examination, key_of_then);
  }
  settle_epoch(examination);
}

std::optional<bool> made_with(const KeyRecord* record, const Credential& credential) {
  if (record == nullptr || record->type != KeyType::rsa || credential.algorithm != Algorithm::rsa_sha256)
    return std::nullopt;
  return record->key->recover_digest(credential.signature).has_value();
}

}  // namespace

const KeyRecord* VerdictExamination::key_record() const noexcept {
  if (!decisive || !key_names[*decisive].selected) return nullptr;
  const KeyRecord* record = key_names[*decisive].selected->get();
  return record != nullptr && record->key ? record : nullptr;
}

VerdictExamination examine_verdict(const Verdict& verdict, TxtSource& source) {
  VerdictExamination examination{.verdict = verdict,
                                 .credential = Credential::parse_base64(verdict.credential),
                                 .tuple = tuple_of(verdict)};
  find_epoch(examination);
  if (!examination.credential) return examination;
  find_keys(examination, source);
  find_kept_key(examination);
  verify_again(examination);
  examination.made_with_this_key = made_with(examination.key_record(), *examination.credential);
  examination.made_with_kept_key = made_with(examination.kept_key.get(), *examination.credential);
  return examination;
}

std::string key_fingerprint(const std::string& text) {
  const auto tags = TagList::parse(text);
  if (!tags) return {};
  const auto key = tags->find("p");
  const auto octets = key ? decode_folded_base64(*key) : std::nullopt;
  return octets && !octets->empty() ? hexadecimal(sha256(*octets)) : std::string();
}

}  // namespace tecs
