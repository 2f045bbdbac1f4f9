#include "tecs/verifier.hpp"

#include <algorithm>
#include <utility>

#include "tecs/signed_octets.hpp"

namespace tecs {
namespace {

struct Match {
  std::size_t candidate;
  int steps;
};

// The verifier's own epoch, then one step back, one on, two back, and so on (PROTOCOL section 3). Stops at
// the first step for which visit() returns true. There is no epoch before 1970: it is signed without a sign.
template <typename Visit>
bool for_each_step(Epoch now, int tolerance, Visit visit) {
  const auto visit_epoch = [&](int steps) {
    const Epoch epoch = now.moved(steps);
    return epoch.time() >= std::chrono::sys_seconds{} && visit(steps, epoch);
  };
  if (visit_epoch(0)) return true;
  for (int distance = 1; distance <= tolerance; ++distance) {
    if (visit_epoch(-distance) || visit_epoch(distance)) return true;
  }
  return false;
}

Digest digest_of(const ConnectionTuple& tuple, Epoch epoch) {
  return sha256(SignedOctets(tuple, epoch).octets());
}

Error mismatch() {
  return {Reason::signature_mismatch, "the signature is not one of this connection at this time"};
}

// One public-key operation gives the digest that was signed; every tuple and epoch is compared with that.
Expected<Match> match_rsa(const PublicKey& key, OctetView signature,
                          std::span<const ConnectionTuple> candidates, Epoch now, int tolerance) {
  const auto signed_digest = key.recover_digest(signature);
  if (!signed_digest) return tl::unexpected(mismatch());
  std::optional<Match> match;
  for_each_step(now, tolerance, [&](int steps, Epoch epoch) {
    for (std::size_t i = 0; i < candidates.size() && !match; ++i) {
      if (digest_of(candidates[i], epoch) == *signed_digest) match = Match{i, steps};
    }
    return match.has_value();
  });
  if (!match) return tl::unexpected(mismatch());
  return *match;
}

Expected<Match> match_ed25519(const PublicKey& key, OctetView signature,
                              std::span<const ConnectionTuple> candidates, Epoch now, int tolerance,
                              std::size_t maximum_checks) {
  std::optional<Match> match;
  std::size_t checks = 0;
  const bool ended = for_each_step(now, tolerance, [&](int steps, Epoch epoch) {
    for (std::size_t i = 0; i < candidates.size() && !match; ++i) {
      if (checks++ == maximum_checks) return true;
      if (key.verify(digest_of(candidates[i], epoch), signature)) match = Match{i, steps};
    }
    return match.has_value();
  });
  if (match) return *match;
  if (ended) {
    return failure(Reason::too_many_candidates,
                   "too many connections of this client are open to tell which one it is");
  }
  return tl::unexpected(mismatch());
}

struct FoundKey {
  std::shared_ptr<const KeyRecord> record;
  bool dnssec;
};

// PROTOCOL section 4: the names in order; only "nothing here" leads to the next one. A failure must not, or
// who can keep one answer away chooses the key.
Expected<FoundKey> find_key(const Credential& credential, KeySource& keys) {
  bool dnssec = true;
  for (const std::string& name : key_names(credential.domain, credential.selector)) {
    const KeyLookup lookup = keys.lookup(name);
    if (!lookup.record) return tl::unexpected(lookup.record.error());
    dnssec = dnssec && lookup.dnssec;
    if (*lookup.record) return FoundKey{*lookup.record, dnssec};
  }
  return failure(Reason::no_key, "no key record for " + credential.domain.text() + " in DNS");
}

}  // namespace

Verification Verifier::verify(const Expected<Credential>& credential,
                              std::span<const ConnectionTuple> candidates, std::chrono::sys_seconds now,
                              KeySource& keys) const {
  if (!credential) return failed_verification(credential.error());

  Verification verification;
  verification.domain = credential->domain;
  verification.selector = credential->selector;
  verification.algorithm = credential->algorithm;
  const auto end_with = [&](Error error) {
    verification.result = result_of(error.reason);
    verification.error = std::move(error);
    return verification;
  };
  if (candidates.empty()) {
    return end_with({Reason::unknown_connection, "the end points of this connection are not known here"});
  }

  const auto found = find_key(*credential, keys);
  if (!found) return end_with(found.error());
  verification.dnssec = found->dnssec;
  verification.testing = found->record->testing;
  if (!found->record->key) return end_with({Reason::key_revoked, "the domain has revoked this key"});

  const PublicKey& key = *found->record->key;
  verification.key_bits = key.bits();
  verification.key_record = found->record;
  if (key.type() != key_type_of(credential->algorithm)) {
    return end_with({Reason::key_type_mismatch, "the key in DNS is of another type than a= names"});
  }

  const Epoch epoch = Epoch::nearest(now);
  const int tolerance = std::clamp(options_.epoch_tolerance, 0, VerifierOptions::maximum_epoch_tolerance);
  const auto match = key.type() == KeyType::rsa
                         ? match_rsa(key, credential->signature, candidates, epoch, tolerance)
                         : match_ed25519(key, credential->signature, candidates, epoch, tolerance,
                                         options_.maximum_ed25519_checks);
  if (!match) return end_with(match.error());
  verification.candidate = match->candidate;
  verification.epoch_offset = match->steps * Epoch::step;
  // PROTOCOL section 5: "policy" is said of a signature that verifies.
  if (key.type() == KeyType::rsa && key.bits() < options_.minimum_rsa_bits) {
    return end_with({Reason::key_too_short, "an RSA key of " + std::to_string(key.bits()) +
                                                " bits is shorter than this server accepts"});
  }
  if (options_.require_dnssec && !found->dnssec) {
    return end_with(
        {Reason::no_dnssec, "this server accepts only keys whose DNS answer was validated by DNSSEC"});
  }
  verification.result = Result::pass;
  return verification;
}

}  // namespace tecs
