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

SessionId SessionRegistry::open(const OpenSession& session) {
  const std::lock_guard lock(mutex_);
  const SessionId id{++last_};
  entries_.emplace(id, Entry{session, std::nullopt});
  by_client_[session.client.address()].push_back(id);
  return id;
}

std::vector<Candidate> SessionRegistry::candidates(const SessionQuery& query) const {
  std::vector<Candidate> found;
  if (!query.client) return found;
  const std::lock_guard lock(mutex_);
  const auto of_client = by_client_.find(*query.client);
  if (of_client == by_client_.end()) return found;
  for (auto id = of_client->second.rbegin(); id != of_client->second.rend(); ++id) {
    const Entry& entry = entries_.at(*id);
    const auto tuple = entry.tuple(query);
    if (!tuple) continue;
    const bool sure = query.process && entry.session.process;
    if (sure) found.clear();
    if (!entry.passed()) found.push_back(Candidate{*id, *tuple});
    if (sure) break;
  }
  return found;
}

SessionRegistry::Marking SessionRegistry::mark(SessionId session, Authentication authentication) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(session);
  if (entry == entries_.end()) return Marking::closed;
  if (entry->second.passed()) return Marking::already_passed;
  entry->second.authentication = std::move(authentication);
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

}  // namespace tecs
