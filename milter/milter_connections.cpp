#include "milter/milter_connections.hpp"

#include <exception>
#include <utility>

namespace tecs {

ConnectionToDoor& MilterConnections::add(const MilterReplies& replies) {
  auto made = std::make_unique<ConnectionToDoor>(ConnectionToDoor{replies});
  ConnectionToDoor& connection = *made;
  const std::lock_guard lock(mutex_);
  connections_.emplace(&connection, std::move(made));
  return connection;
}

void MilterConnections::remove(ConnectionToDoor* connection) {
  std::unique_lock lock(mutex_);
  const auto node = connections_.extract(connection);
  lock.unlock();
  if (!node.empty()) close_session(*node.mapped(), MilterSession::End::closed);
}

void MilterConnections::close_session(ConnectionToDoor& connection, MilterSession::End end) {
  if (const auto session = std::exchange(connection.session, nullptr)) sink_(session->close(end));
}

void MilterConnections::give_up_session(ConnectionToDoor* connection) noexcept {
  try {
    if (connection != nullptr) close_session(*connection, MilterSession::End::closed);
  } catch (const std::exception& error) {
    log_->error("a verdict is lost: {}", error.what());
  }
}

void MilterConnections::close_all(MilterSession::End end) {
  const std::lock_guard lock(mutex_);
  for (const auto& [address, connection] : connections_) close_session(*connection, end);
  connections_.clear();
}

}  // namespace tecs
