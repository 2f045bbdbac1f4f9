// A verdict looked at again: what was signed, which key was kept with it and which stands in DNS now, and
// whether the one fits the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "tecs/key_source.hpp"
#include "tecs/verification.hpp"
#include "tools/key_name_report.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct VerdictExamination {
  Verdict verdict;
  Expected<Credential> credential;       // as sent; an error also when none was sent
  std::optional<ConnectionTuple> tuple;  // empty: the verdict lacks an end point or a port
  // The one that matched or, when none is known to, the receiver's own.
  Epoch epoch = Epoch::nearest({});
  bool epoch_guessed = false;              // the verdict has none: its time stands for it
  std::vector<KeyNameReport> key_names{};  // each name that a verifier asks for, as it is now
  // The first at which a verifier stops; empty: there is no key record at all, or nobody was asked.
  std::optional<std::size_t> decisive{};
  // With the key of now and for those end points. The epoch is the one that matched; when none is known to,
  // all those within ten minutes, so that a clock that is wrong is seen.
  std::optional<Verification> verification{};
  // RSA only: whether the key of now made the signature, whatever it signed.
  std::optional<bool> made_with_this_key{};

  // The three above with the key that the receiver used, as kept in the verdict. Null: it kept none that can
  // be read, as it had none or was of an older version.
  std::shared_ptr<const KeyRecord> kept_key{};
  std::optional<Verification> kept_verification{};
  std::optional<bool> made_with_kept_key{};
  // Whether DNS has that key now; empty: no key was kept, or DNS does not say.
  std::optional<bool> kept_key_stands{};

  [[nodiscard]] const KeyRecord* key_record() const noexcept;  // null: none that can be used
};

// Asks the source only if the credential could be read.
[[nodiscard]] VerdictExamination examine_verdict(const Verdict& verdict, TxtSource& source);

// Of a key record's p=, in hexadecimal digits: the SHA-256 of its octets. Empty when there is no key.
[[nodiscard]] std::string key_fingerprint(const std::string& text);

}  // namespace tecs
