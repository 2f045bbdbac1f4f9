// Where the MTA's milter client connects. Its source is the one file that includes libmilter's header: it
// turns callbacks into calls of MilterSession and answers into replies.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <functional>
#include <memory>

#include "milter/milter_session.hpp"
#include "tecs/adapters/door_address.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

struct MilterDoorState;

// libmilter keeps its state in global variables: one door in the life of a program.
class MilterDoor {
 public:
  struct Parts {
    const Clock& clock;
    // These are called from libmilter's threads, many at a time, and must not wait. replies: what is to be
    // negotiated for a connection that begins now.
    std::function<MilterReplies()> replies;
    std::function<std::unique_ptr<MilterSession>(const MilterConnection&)> open_session;
    std::function<void(Verdict)> close_session;  // gets the verdict of each session, once
    // libmilter has ended by itself: after an error that it wrote to syslog (failed), or because the kernel
    // gave a signal for the program to libmilter's own thread, which waits for the same ones.
    std::function<void(bool failed)> on_end;
    std::shared_ptr<spdlog::logger> log;
  };

  // Binds the socket; nobody is served before start(). Removes a stale unix socket first. Fails with
  // io_error.
  [[nodiscard]] static Expected<std::unique_ptr<MilterDoor>> open(const DoorAddress& address);
  MilterDoor(const MilterDoor&) = delete;
  MilterDoor& operator=(const MilterDoor&) = delete;
  ~MilterDoor();  // stops

  // Serves from a thread of its own; once. Throws std::system_error when the kernel gives none.
  void start(Parts parts);

  // Accepts nothing more, waits for the callbacks that are under way, then closes every session as
  // interrupted. When it returns true no part is called any more. The MTA's connections stay open and
  // unanswered until the program ends, which is to be soon. Takes some milliseconds; under load libmilter may
  // sleep for a second. A session that delays its client is waited for: DelayGate::open() comes first. It
  // cannot be started again, and is stopped once. False: after so long libmilter has not ended, or after so
  // long again a callback has not, and then no session is closed; the parts are used on.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);

 private:
  explicit MilterDoor(std::unique_ptr<MilterDoorState> state) noexcept;

  std::unique_ptr<MilterDoorState> state_;
};

}  // namespace tecs
