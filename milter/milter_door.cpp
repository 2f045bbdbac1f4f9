#include "milter/milter_door.hpp"

#include <libmilter/mfapi.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "milter/listening_socket.hpp"
#include "milter/milter_macros.hpp"
#include "tecs/adapters/socket_address.hpp"

#ifdef __SANITIZE_THREAD__
// When it stops, libmilter destroys locks that its own workers still use. Only reports with a frame in
// libmilter go unseen: what our callbacks do is above it.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libmilter.so\nmutex:libmilter.so\n";
}
#endif

namespace tecs {

struct MilterDoorState {
  explicit MilterDoorState(DoorAddress where) : address(std::move(where)) {}

  DoorAddress address;
  MilterDoor::Parts parts;
  std::thread thread;  // in smfi_main()
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool ended = false;  // smfi_main() has returned
  std::unordered_map<MilterSession*, std::unique_ptr<MilterSession>> sessions;
};

namespace {

// libmilter hands its callbacks nothing of ours when a connection begins, so the way to the door is global.
// Callbacks hold the lock while they work. libmilter's threads may still come when main() has returned:
// neither the lock nor the pointer is ever destroyed.
std::shared_mutex door_mutex;
MilterDoorState* door = nullptr;
static_assert(std::is_trivially_destructible_v<std::shared_mutex>);

// libmilter takes texts as char* and does not write to them.
char* text(const char* constant) {
  return const_cast<char*>(constant);
}

std::string_view view(const char* argument) {
  return argument == nullptr ? std::string_view() : std::string_view(argument);
}

std::string_view macro(SMFICTX* context, const char* name) {
  return view(smfi_getsymval(context, text(name)));
}

// Null when the connection has none.
MilterSession* session_of(SMFICTX* context) {
  return static_cast<MilterSession*>(smfi_getpriv(context));
}

std::unique_ptr<MilterSession> take_session(MilterDoorState& state, SMFICTX* context) {
  const std::lock_guard lock(state.mutex);
  auto node = state.sessions.extract(session_of(context));
  smfi_setpriv(context, nullptr);
  return node.empty() ? nullptr : std::move(node.mapped());
}

void close_session(MilterDoorState& state, SMFICTX* context) {
  if (const auto session = take_session(state, context)) {
    state.parts.close_session(session->close(MilterSession::End::closed));
  }
}

// After an exception: what is known of the connection is still worth a verdict.
void end_session(MilterDoorState& state, SMFICTX* context) noexcept {
  try {
    close_session(state, context);
  } catch (const std::exception& error) {
    state.parts.log->error("a verdict is lost: {}", error.what());
  }
}

// Every callback works inside of this. No exception may cross libmilter, which is C; a session that met one
// is not to be trusted with a message any more.
template <typename Work>
sfsistat inside_door(SMFICTX* context, sfsistat otherwise, Work work) noexcept {
  const std::shared_lock lock(door_mutex);
  if (door == nullptr) return otherwise;
  try {
    return work(*door);
  } catch (const std::exception& error) {
    door->parts.log->error("a milter callback failed: {}", error.what());
    end_session(*door, context);
    return otherwise;
  }
}

// For the steps that the MTA waits for no answer to.
template <typename Work>
sfsistat with_session(SMFICTX* context, Work work) noexcept {
  return inside_door(context, SMFIS_NOREPLY, [&](MilterDoorState&) {
    if (MilterSession* const session = session_of(context)) work(*session);
    return SMFIS_NOREPLY;
  });
}

// The least protocol, as every step and every reply costs the MTA (DESIGN section 3). The reply to connect
// stays: without it Postfix would not tell of the connection before MAIL, which is after AUTH.
sfsistat on_negotiate(SMFICTX* context, unsigned long actions, unsigned long steps, unsigned long,
                      unsigned long, unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* reserved_2, unsigned long* reserved_3) {
  constexpr unsigned long needed = SMFIF_ADDHDRS | SMFIF_CHGHDRS;
  constexpr unsigned long unwanted = SMFIP_NOBODY | SMFIP_NOEOH | SMFIP_NODATA | SMFIP_NOUNKNOWN;
  constexpr unsigned long unanswered = SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR;
  *reserved_2 = 0;
  *reserved_3 = 0;
  // libmilter offers these itself, and answers for us when the MTA waits all the same.
  *wanted_steps = (steps & unwanted) | unanswered;
  *wanted_actions = needed | (actions & SMFIF_SETSYMLIST);
  return inside_door(context, SMFIS_REJECT, [&](MilterDoorState& state) {
    if ((actions & needed) != needed) {
      state.parts.log->error("the MTA does not let a milter add and remove header fields");
      return SMFIS_REJECT;
    }
    if ((actions & SMFIF_SETSYMLIST) != 0) {
      smfi_setsymlist(context, SMFIM_CONNECT, text("{daemon_addr} {daemon_port} {if_addr} {tecs_pid}"));
      smfi_setsymlist(context, SMFIM_HELO, text("{tls_version}"));
      smfi_setsymlist(context, SMFIM_ENVFROM, text("{tls_version}"));
    }
    return SMFIS_CONTINUE;
  });
}

// Empty for a client that has no TCP end point, such as one on a unix socket.
std::optional<Endpoint> client_endpoint(const sockaddr* name) {
  const auto endpoint = SocketAddress::of(name).endpoint();
  return endpoint ? std::optional(*endpoint) : std::nullopt;
}

sfsistat on_connect(SMFICTX* context, char*, sockaddr* name) {
  return inside_door(context, SMFIS_TEMPFAIL, [&](MilterDoorState& state) {
    close_session(state, context);  // an MTA may use one milter connection for several clients
    auto session = state.parts.open_session(
        MilterConnection{client_endpoint(name),
                         server_endpoint(macro(context, "{if_addr}"), macro(context, "{daemon_addr}"),
                                         macro(context, "{daemon_port}")),
                         process_id(macro(context, "{tecs_pid}"))});
    MilterSession* const address = session.get();
    const std::lock_guard lock(state.mutex);
    state.sessions.emplace(address, std::move(session));
    smfi_setpriv(context, address);
    return SMFIS_CONTINUE;
  });
}

sfsistat on_helo(SMFICTX* context, char* name) {
  return with_session(
      context, [&](MilterSession& session) { session.helo(view(name), macro(context, "{tls_version}")); });
}

sfsistat on_mail(SMFICTX* context, char** arguments) {
  return with_session(context, [&](MilterSession& session) {
    std::vector<std::string_view> parameters;
    if (*arguments != nullptr) {
      for (char** next = arguments + 1; *next != nullptr; ++next) parameters.emplace_back(*next);
    }
    session.mail(parameters, macro(context, "{tls_version}"));
  });
}

sfsistat on_recipient(SMFICTX* context, char**) {
  return with_session(context, [](MilterSession& session) { session.recipient(); });
}

sfsistat on_header(SMFICTX* context, char* name, char* body) {
  return with_session(context, [&](MilterSession& session) { session.header(view(name), view(body)); });
}

bool apply(SMFICTX* context, const HeaderEdits& edits) {
  char* const field = text("Authentication-Results");
  for (const std::uint32_t occurrence : edits.deletions) {
    if (smfi_chgheader(context, field, static_cast<int>(occurrence), nullptr) != MI_SUCCESS) return false;
  }
  return smfi_insheader(context, 0, field, text(edits.authentication_results.c_str())) == MI_SUCCESS;
}

// A message whose forged fields may still be there is not let through: the MTA's client tries again.
sfsistat on_end_of_message(SMFICTX* context) {
  return inside_door(context, SMFIS_TEMPFAIL, [&](MilterDoorState&) {
    MilterSession* const session = session_of(context);
    if (session == nullptr) return SMFIS_TEMPFAIL;
    const auto edits = session->end_of_message();
    if (!edits) {
      smfi_setreply(context, text("550"), text("5.7.1"),
                    text("too many Authentication-Results fields in the name of this host"));
      return SMFIS_REJECT;
    }
    return apply(context, *edits) ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
  });
}

sfsistat on_abort(SMFICTX* context) {
  with_session(context, [](MilterSession& session) { session.abort(); });
  return SMFIS_CONTINUE;
}

// Comes also for connections that never said who the client is, such as a port probe.
sfsistat on_close(SMFICTX* context) {
  return inside_door(context, SMFIS_CONTINUE, [&](MilterDoorState& state) {
    close_session(state, context);
    return SMFIS_CONTINUE;
  });
}

smfiDesc description() {
  smfiDesc filter{};
  filter.xxfi_name = text("tecs-milter");
  filter.xxfi_version = SMFI_VERSION;
  filter.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_SETSYMLIST;
  filter.xxfi_connect = on_connect;
  filter.xxfi_helo = on_helo;
  filter.xxfi_envfrom = on_mail;
  filter.xxfi_envrcpt = on_recipient;
  filter.xxfi_header = on_header;
  filter.xxfi_eom = on_end_of_message;
  filter.xxfi_abort = on_abort;
  filter.xxfi_close = on_close;
  filter.xxfi_negotiate = on_negotiate;
  return filter;
}

void run(MilterDoorState& state) {
  smfi_main();
  std::unique_lock lock(state.mutex);
  state.ended = true;
  const bool unexpected = !state.stopping;
  lock.unlock();
  state.changed.notify_all();
  if (unexpected) state.parts.on_end();
}

// libmilter looks whether it is to stop only every five seconds or when a connection comes, and smfi_stop()
// waits for that. So connections come.
void stop_libmilter(MilterDoorState& state) {
  std::thread stopping([] { smfi_stop(); });
  std::unique_lock lock(state.mutex);
  while (!state.ended) {
    lock.unlock();
    knock(state.address);
    lock.lock();
    state.changed.wait_for(lock, std::chrono::milliseconds(20), [&state] { return state.ended; });
  }
  lock.unlock();
  stopping.join();
  state.thread.join();
}

}  // namespace

Expected<std::unique_ptr<MilterDoor>> MilterDoor::open(const DoorAddress& address) {
  if (const auto removed = remove_stale_socket(address); !removed) return tl::unexpected(removed.error());
  std::string where = address.format_port_first();
  if (smfi_register(description()) != MI_SUCCESS || smfi_setconn(where.data()) != MI_SUCCESS ||
      smfi_opensocket(false) != MI_SUCCESS) {
    return failure(Reason::io_error,
                   address.format() + ": cannot listen there; libmilter wrote the cause to syslog");
  }
  auto state = std::make_unique<MilterDoorState>(address);
  return std::unique_ptr<MilterDoor>(new MilterDoor(std::move(state)));
}

MilterDoor::MilterDoor(std::unique_ptr<MilterDoorState> state) noexcept : state_(std::move(state)) {}

MilterDoor::~MilterDoor() {
  stop();
}

void MilterDoor::start(Parts parts) {
  state_->parts = std::move(parts);
  {
    const std::unique_lock lock(door_mutex);
    door = state_.get();
  }
  state_->thread = std::thread([state = state_.get()] { run(*state); });
}

void MilterDoor::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->stopping, true)) return;
  }
  if (state_->thread.joinable()) stop_libmilter(*state_);
  {
    const std::unique_lock lock(door_mutex);
    door = nullptr;
  }
  for (const auto& [address, session] : state_->sessions) {
    state_->parts.close_session(session->close(MilterSession::End::interrupted));
  }
  state_->sessions.clear();
  remove_socket_file(state_->address);
}

}  // namespace tecs
