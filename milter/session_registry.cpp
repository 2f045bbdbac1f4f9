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

bool SessionRegistry::OfClient::may_be(const SessionQuery& query) const noexcept {
  return !(query.client_port && *query.client_port != port) && !differ(process, query.process);
}

std::optional<ConnectionTuple> SessionRegistry::Entry::tuple(const SessionQuery& query) const {
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
  Entry& entry = entries_.emplace(id, Entry{id, session}).first->second;
  by_client_[session.client.address()].push_back({&entry, session.process, session.client.port()});
  return id;
}

void SessionRegistry::close_refused() {
  const std::lock_guard lock(mutex_);
  --refused_;
}

// The lock is held.
std::vector<Candidate> SessionRegistry::matching(const SessionQuery& query, Passed passed) const {
  std::vector<Candidate> found;
  if (!query.client) return found;
  const auto of_client = by_client_.find(*query.client);
  if (of_client == by_client_.end()) return found;
  std::size_t uncertain = 0;
  for (auto session = of_client->second.rbegin(); session != of_client->second.rend(); ++session) {
    if (!session->may_be(query)) continue;
    const Entry& entry = *session->entry;
    const auto tuple = entry.tuple(query);
    if (!tuple) continue;
    const bool certain = query.client_port || (query.process && session->process);
    if (certain) return {Candidate{entry.id, *tuple, true, true}};
    ++uncertain;
    if (passed == Passed::left_out && entry.passed()) continue;
    found.push_back(Candidate{entry.id, *tuple, false, false});
  }
  if (uncertain == 1 && refused_ == 0 && !found.empty()) found.front().sole = true;
  return found;
}

std::vector<Candidate> SessionRegistry::candidates(const SessionQuery& query) const {
  const std::lock_guard lock(mutex_);
  return matching(query, Passed::left_out);
}

std::optional<Endpoint> SessionRegistry::only_client(const SessionQuery& query) const {
  const std::lock_guard lock(mutex_);
  const std::vector<Candidate> found = matching(query, Passed::included);
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
  std::erase_if(of_client->second, [&entry](const OfClient& each) { return each.entry == &entry; });
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
