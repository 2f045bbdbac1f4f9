#include "milter/session_registry.hpp"

#include <algorithm>
#include <utility>

namespace tecs {
namespace {

// Unknown on either side says nothing against it.
template <typename Known, typename Asked>
bool differ(const std::optional<Known>& known, const std::optional<Asked>& asked) {
  return known && asked && *known != *asked;
}

}  // namespace

bool SessionRegistry::Entry::passed() const noexcept {
  return authentication && authentication->verification.result == Result::pass;
}

std::optional<ConnectionTuple> SessionRegistry::Entry::tuple(const SessionQuery& query) const {
  if (query.client_port && *query.client_port != session.client.port()) return std::nullopt;
  if (differ(session.process, query.process)) return std::nullopt;
  std::optional<Endpoint> server = session.server;
  if (server) {
    if (query.server && *query.server != server->address()) return std::nullopt;
    if (query.server_port && *query.server_port != server->port()) return std::nullopt;
  } else if (query.server && query.server_port) {
    const auto asked = Endpoint::make(*query.server, *query.server_port);
    if (asked) server = *asked;
  }
  if (!server) return std::nullopt;
  const auto tuple = ConnectionTuple::make(*server, session.client);
  return tuple ? std::optional(*tuple) : std::nullopt;
}

void SessionRegistry::set_maximum(std::size_t maximum) {
  const std::lock_guard lock(mutex_);
  maximum_ = maximum;
}

std::optional<SessionId> SessionRegistry::open(const OpenSession& session) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= maximum_) {
    ++refused_;
    return std::nullopt;
  }
  const SessionId id{++last_};
  entries_.emplace(id, Entry{session});
  by_client_[session.client.address()].push_back(id);
  return id;
}

void SessionRegistry::close_refused() {
  const std::lock_guard lock(mutex_);
  --refused_;
}

// The lock is held.
std::vector<Candidate> SessionRegistry::matching(const SessionQuery& query) const {
  std::vector<Candidate> found;
  if (!query.client) return found;
  const auto of_client = by_client_.find(*query.client);
  if (of_client == by_client_.end()) return found;
  for (auto id = of_client->second.rbegin(); id != of_client->second.rend(); ++id) {
    const Entry& entry = entries_.at(*id);
    const auto tuple = entry.tuple(query);
    if (!tuple) continue;
    const bool certain = query.client_port || (query.process && entry.session.process);
    if (certain) return {Candidate{*id, *tuple, true, true}};
    found.push_back(Candidate{*id, *tuple, false, false});
  }
  if (found.size() == 1 && refused_ == 0) found.front().sole = true;
  return found;
}

std::vector<Candidate> SessionRegistry::candidates(const SessionQuery& query) const {
  const std::lock_guard lock(mutex_);
  std::vector<Candidate> found = matching(query);
  std::erase_if(found, [this](const Candidate& candidate) {
    return !candidate.certain && entries_.at(candidate.session).passed();
  });
  return found;
}

std::optional<Endpoint> SessionRegistry::only_client(const SessionQuery& query) const {
  const std::lock_guard lock(mutex_);
  const std::vector<Candidate> found = matching(query);
  return !found.empty() && found.front().sole ? std::optional(found.front().tuple.source()) : std::nullopt;
}

unsigned SessionRegistry::next_attempt(SessionId session) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(session);
  return entry == entries_.end() ? 0 : ++entry->second.attempts;
}

SessionRegistry::Marking SessionRegistry::mark(SessionId session, Authentication authentication,
                                               bool certain) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(session);
  if (entry == entries_.end()) return Marking::closed;
  if (!certain && entry->second.passed()) return Marking::already_passed;
  auto& known = entry->second.authentication;
  if (known && known->number > authentication.number) return Marking::superseded;
  known = std::move(authentication);
  return Marking::marked;
}

std::optional<Authentication> SessionRegistry::authentication(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(session);
  return entry == entries_.end() ? std::nullopt : entry->second.authentication;
}

std::optional<Authentication> SessionRegistry::close(SessionId session) {
  const std::lock_guard lock(mutex_);
  const auto node = entries_.extract(session);
  if (node.empty()) return std::nullopt;
  Entry& entry = node.mapped();
  const auto of_client = by_client_.find(entry.session.client.address());
  std::erase(of_client->second, session);
  if (of_client->second.empty()) by_client_.erase(of_client);
  return std::move(entry.authentication);
}

std::size_t SessionRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool SessionRegistry::incomplete() const {
  const std::lock_guard lock(mutex_);
  return refused_ > 0;
}

}  // namespace tecs
