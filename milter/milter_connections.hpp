// The MTA's connections to the milter door, each with the session of the SMTP connection that it tells of.
#pragma once

#include <spdlog/logger.h>

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "milter/milter_session.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Used by the one thread that serves the connection.
struct ConnectionToDoor {
  MilterReplies replies;
  std::unique_ptr<MilterSession> session{};  // null until the MTA tells of a client
};

// Thread safe, as long as each connection is used by one thread at a time.
class MilterConnections {
 public:
  // sink: gets the verdict of each session, once.
  MilterConnections(std::function<void(Verdict)> sink, std::shared_ptr<spdlog::logger> log) noexcept
      : sink_(std::move(sink)), log_(std::move(log)) {}

  // The connection lives until remove() or close_all().
  [[nodiscard]] ConnectionToDoor& add(const MilterReplies& replies);
  // Closes its session as well. Nothing happens for one that is not there.
  void remove(ConnectionToDoor* connection);

  // Nothing happens when there is no session.
  void close_session(ConnectionToDoor& connection, MilterSession::End end);
  // After an exception: a session that met one is not to be trusted with a message any more, but what is
  // known of it is still worth a verdict.
  void give_up_session(ConnectionToDoor* connection) noexcept;

  // To be called when no thread serves any of them.
  void close_all(MilterSession::End end);

 private:
  std::function<void(Verdict)> sink_;
  std::shared_ptr<spdlog::logger> log_;
  std::mutex mutex_;
  std::unordered_map<ConnectionToDoor*, std::unique_ptr<ConnectionToDoor>> connections_;
};

}  // namespace tecs
