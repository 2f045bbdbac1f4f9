#include "smtp/tls_session_cache.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tecs/digest.hpp"
#include "tecs/octets.hpp"

namespace tecs {
namespace {

// Octets that no other record has.
std::string encode(const TlsaRecord& record) {
  std::string octets{static_cast<char>(record.usage), static_cast<char>(record.selector),
                     static_cast<char>(record.matching_type)};
  const std::size_t size = record.association.size();
  for (const unsigned shift : {24U, 16U, 8U, 0U}) octets += static_cast<char>(size >> shift & 0xFFU);
  return octets + record.association;
}

std::string digest_of(const std::vector<TlsaRecord>& records) {
  std::vector<std::string> encoded(records.size());
  std::ranges::transform(records, encoded.begin(), encode);
  std::ranges::sort(encoded);
  Octets octets;
  for (const std::string& record : encoded) octets.insert(octets.end(), record.begin(), record.end());
  const Digest digest = sha256(octets);
  return {digest.begin(), digest.end()};
}

}  // namespace

void TlsSessionFree::operator()(ssl_session_st* session) const noexcept {
  SSL_SESSION_free(session);
}

TlsSessionCache::TlsSessionCache(const Clock& clock, const TlsSessionLimits& limits)
    : clock_(clock), limits_(limits) {}

void TlsSessionCache::keep(const std::string& key, const ssl_session_st& session, TimePoint end) {
  forget(key);
  if (SSL_SESSION_is_resumable(&session) == 0) return;
  const int size = i2d_SSL_SESSION(&session, nullptr);
  if (size <= 0 || static_cast<std::size_t>(size) > limits_.octets) return;
  std::string octets(static_cast<std::size_t>(size), '\0');
  auto* begin = reinterpret_cast<unsigned char*>(octets.data());
  (void)i2d_SSL_SESSION(&session, &begin);
  entries_.push_front({key, std::move(octets), end});
  places_.emplace(entries_.front().key, entries_.begin());
  if (entries_.size() <= limits_.sessions) return;
  places_.erase(entries_.back().key);
  entries_.pop_back();
}

TlsSessionCache::Found TlsSessionCache::find(const std::string& key) {
  const auto place = places_.find(key);
  if (place == places_.end()) return {};
  if (clock_.steady() >= place->second->end) {
    forget(key);
    return {};
  }
  entries_.splice(entries_.begin(), entries_, place->second);
  const std::string& octets = entries_.front().octets;
  const auto* begin = reinterpret_cast<const unsigned char*>(octets.data());
  return {TlsSession(d2i_SSL_SESSION(nullptr, &begin, static_cast<long>(octets.size()))),
          entries_.front().end};
}

void TlsSessionCache::forget(const std::string& key) {
  const auto place = places_.find(key);
  if (place == places_.end()) return;
  const auto entry = place->second;
  places_.erase(place);
  entries_.erase(entry);
}

std::string tls_session_key(const TlsPlan& plan, const Endpoint& server) {
  std::string key = server.format() + " " + std::string(word(plan.level)) + " " + plan.server_name + " ";
  for (const std::string& name : plan.other_names) key += name + " ";
  return plan.tlsa.empty() ? key : key + digest_of(plan.tlsa);
}

}  // namespace tecs
