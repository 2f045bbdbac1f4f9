#include "milter/milter_door.hpp"

#include <libmilter/mfapi.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "milter/listening_socket.hpp"
#include "milter/milter_macros.hpp"
#include "milter/milter_service.hpp"
#include "milter/milter_thread.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {

struct MilterDoorState {
  explicit MilterDoorState(DoorAddress where) : address(std::move(where)) {}

  DoorAddress address;
  std::optional<MilterService> service;  // from start() on
  MilterThread thread;                   // in smfi_main()
  std::optional<bool> ended;             // what stop() returned
  bool failed = false;                   // what smfi_main() returned; of that thread
};

namespace {

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

// Null when there is none.
ConnectionToDoor* connection_of(SMFICTX* context) {
  return static_cast<ConnectionToDoor*>(smfi_getpriv(context));
}

// Null when the MTA has not told of a client.
MilterSession* session_of(SMFICTX* context) {
  const ConnectionToDoor* const connection = connection_of(context);
  return connection == nullptr ? nullptr : connection->session.get();
}

// What is known when the MTA uses a connection for a further client without negotiating again, which none
// does: to answer where it does not wait for that is harmless, the reverse would leave it waiting.
constexpr MilterReplies answer_all{true, true};

ConnectionToDoor& add_connection(MilterService& service, SMFICTX* context, const MilterReplies& replies) {
  ConnectionToDoor& connection = service.connections.add(replies);
  smfi_setpriv(context, &connection);
  return connection;
}

// Every callback works inside of this. No exception may cross libmilter, which is C; a session that met one
// is not to be trusted with a message any more.
template <typename Work>
sfsistat inside_door(SMFICTX* context, sfsistat otherwise, Work work) noexcept {
  const MilterServiceInUse service;
  try {
    return work(*service);
  } catch (const std::exception& error) {
    service->parts.log->error("a milter callback failed: {}", error.what());
    service->connections.give_up_session(connection_of(context));
    return otherwise;
  }
}

// For the steps that the MTA waits for no answer to.
template <typename Work>
sfsistat with_session(SMFICTX* context, Work work) noexcept {
  return inside_door(context, SMFIS_NOREPLY, [&](MilterService&) {
    if (MilterSession* const session = session_of(context)) work(*session);
    return SMFIS_NOREPLY;
  });
}

sfsistat reply(SMFICTX* context, const Refusal& refusal) {
  smfi_setreply(context, text(refusal.code), text(refusal.status), text(refusal.sentence.c_str()));
  return refusal.temporary() ? SMFIS_TEMPFAIL : SMFIS_REJECT;
}

// For a step that the MTA waits for an answer to if that was negotiated. An error of ours stops no mail.
template <typename Work>
sfsistat answer_with_session(SMFICTX* context, bool MilterReplies::*step, Work work) noexcept {
  return inside_door(context, SMFIS_CONTINUE, [&](MilterService&) {
    const ConnectionToDoor* const connection = connection_of(context);
    if (connection == nullptr || connection->session == nullptr) return SMFIS_CONTINUE;
    const bool waited_for = connection->replies.*step;
    const std::optional<Refusal> refusal = work(*connection->session);
    if (!waited_for) return SMFIS_NOREPLY;
    return refusal ? reply(context, *refusal) : SMFIS_CONTINUE;
  });
}

// The least protocol, as every step and every reply costs the MTA (DESIGN section 3). The reply to connect
// stays: without it Postfix would not tell of the connection before MAIL, which is after AUTH.
unsigned long unanswered_steps(const MilterReplies& replies) {
  return SMFIP_NR_HELO | SMFIP_NR_HDR | (replies.mail ? 0 : SMFIP_NR_MAIL) |
         (replies.recipient ? 0 : SMFIP_NR_RCPT);
}

void ask_for_macros(SMFICTX* context) {
  smfi_setsymlist(context, SMFIM_CONNECT, text("{daemon_addr} {daemon_port} {if_addr} {tecs_pid} v"));
  smfi_setsymlist(context, SMFIM_HELO, text("{tls_version}"));
  smfi_setsymlist(context, SMFIM_ENVFROM, text("{tls_version} {auth_type}"));
  smfi_setsymlist(context, SMFIM_ENVRCPT, text("{rcpt_addr} {rcpt_mailer}"));
}

sfsistat on_negotiate(SMFICTX* context, unsigned long actions, unsigned long steps, unsigned long,
                      unsigned long, unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* reserved_2, unsigned long* reserved_3) {
  constexpr unsigned long needed = SMFIF_ADDHDRS | SMFIF_CHGHDRS;
  constexpr unsigned long unwanted = SMFIP_NOBODY | SMFIP_NOEOH | SMFIP_NODATA | SMFIP_NOUNKNOWN;
  *reserved_2 = 0;
  *reserved_3 = 0;
  *wanted_actions = needed | (actions & SMFIF_SETSYMLIST);
  return inside_door(context, SMFIS_REJECT, [&](MilterService& service) {
    if ((actions & needed) != needed) {
      if (service.refused_negotiations.due()) {
        service.parts.log->error("the MTA does not let a milter add and remove header fields");
      }
      return SMFIS_REJECT;
    }
    const MilterReplies replies = service.parts.replies();
    // libmilter offers what has no reply itself, and answers for us when the MTA waits all the same.
    *wanted_steps = (steps & unwanted) | unanswered_steps(replies);
    if ((actions & SMFIF_SETSYMLIST) != 0) ask_for_macros(context);
    add_connection(service, context, replies);
    return SMFIS_CONTINUE;
  });
}

sfsistat on_connect(SMFICTX* context, char*, sockaddr* name) {
  return inside_door(context, SMFIS_TEMPFAIL, [&](MilterService& service) {
    ConnectionToDoor* const known = connection_of(context);
    ConnectionToDoor& connection = known == nullptr ? add_connection(service, context, answer_all) : *known;
    service.connections.close_session(connection, MilterSession::End::closed);  // of a former client
    const SocketAddress client_name = SocketAddress::of(name);
    const auto client = client_name.endpoint();
    const auto client_address = client_name.address();
    connection.session = service.parts.open_session(
        MilterConnection{client ? std::optional(*client) : std::nullopt,
                         server_endpoint(macro(context, "{if_addr}"), macro(context, "{daemon_addr}"),
                                         macro(context, "{daemon_port}")),
                         process_id(macro(context, "{tecs_pid}")), mta_software(macro(context, "v")),
                         connection.replies, client_address ? std::optional(*client_address) : std::nullopt});
    return SMFIS_CONTINUE;
  });
}

sfsistat on_helo(SMFICTX* context, char* name) {
  return with_session(
      context, [&](MilterSession& session) { session.helo(view(name), macro(context, "{tls_version}")); });
}

sfsistat on_mail(SMFICTX* context, char** arguments) {
  return answer_with_session(context, &MilterReplies::mail, [&](MilterSession& session) {
    MilterSession::MailCommand command;
    if (*arguments != nullptr) {
      for (char** next = arguments + 1; *next != nullptr; ++next) command.parameters.emplace_back(*next);
    }
    command.tls_version = macro(context, "{tls_version}");
    command.auth_type = macro(context, "{auth_type}");
    return session.mail(command);
  });
}

sfsistat on_recipient(SMFICTX* context, char**) {
  return answer_with_session(context, &MilterReplies::recipient, [&](MilterSession& session) {
    return session.recipient(macro(context, "{rcpt_addr}"), macro(context, "{rcpt_mailer}"));
  });
}

sfsistat on_header(SMFICTX* context, char* name, char* body) {
  return with_session(context, [&](MilterSession& session) { session.header(view(name), view(body)); });
}

bool apply(SMFICTX* context, const std::vector<FieldEdit>& edits) {
  for (const FieldEdit& edit : edits) {
    for (const std::uint32_t occurrence : edit.deletions) {
      const int number = static_cast<int>(occurrence);
      if (smfi_chgheader(context, text(edit.name), number, nullptr) != MI_SUCCESS) return false;
    }
  }
  return std::all_of(edits.begin(), edits.end(), [context](const FieldEdit& edit) {
    return smfi_insheader(context, 0, text(edit.name), text(edit.body.c_str())) == MI_SUCCESS;
  });
}

// A message whose forged fields may still be there is not let through: the MTA's client tries again.
sfsistat on_end_of_message(SMFICTX* context) {
  return inside_door(context, SMFIS_TEMPFAIL, [&](MilterService&) {
    MilterSession* const session = session_of(context);
    if (session == nullptr) return SMFIS_TEMPFAIL;
    const auto edits = session->end_of_message();
    if (!edits) {
      return reply(context, Refusal{"550", "5.7.1", "too many header fields in the name of this host"});
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
  return inside_door(context, SMFIS_CONTINUE, [&](MilterService& service) {
    service.connections.remove(connection_of(context));
    smfi_setpriv(context, nullptr);
    return SMFIS_CONTINUE;
  });
}

// How long libmilter waits for the next octet of a connection, and for the MTA to take one. Strangers do not
// reach this door, but they rule for how long their session is silent here: Postfix and Sendmail tell of a
// message when all of it has come, and let its client take minutes or an hour for each line. A session that
// we gave up meanwhile would have its message accepted with its forged fields, if the MTA is told to accept
// mail without us; libmilter's own two hours are no long wait for that. A silent MTA costs us little: its
// number of connections is bounded by its own limit on clients, and of one that is gone the kernel tells (at
// once on a unix socket, by keep-alive over TCP, which libmilter sets). So this only has to be finite.
constexpr std::chrono::seconds silence = std::chrono::hours(24);

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

}  // namespace

Expected<std::unique_ptr<MilterDoor>> MilterDoor::open(const DoorAddress& address) {
  if (const auto removed = remove_stale_socket(address); !removed) return tl::unexpected(removed.error());
  std::string where = address.format_port_first();
  if (smfi_register(description()) != MI_SUCCESS || smfi_setconn(where.data()) != MI_SUCCESS ||
      smfi_settimeout(static_cast<int>(silence.count())) != MI_SUCCESS ||
      smfi_opensocket(false) != MI_SUCCESS) {
    return failure(Reason::io_error,
                   address.format() + ": cannot listen there; libmilter wrote the cause to syslog");
  }
  auto state = std::make_unique<MilterDoorState>(address);
  return std::unique_ptr<MilterDoor>(new MilterDoor(std::move(state)));
}

MilterDoor::MilterDoor(std::unique_ptr<MilterDoorState> state) noexcept : state_(std::move(state)) {}

MilterDoor::~MilterDoor() {
  const bool ended = state_->ended ? *state_->ended : stop(std::chrono::seconds(1));
  // A thread that hangs in libmilter or in a callback keeps what it was given.
  if (!ended) static_cast<void>(state_.release());
}

void MilterDoor::start(Parts parts) {
  const auto on_end = parts.on_end;
  if (state_->address.unix_socket() == nullptr) {
    parts.log->warn(
        "milter-socket {}: whoever can connect there can end this program, as libmilter reads past the end "
        "of "
        "some packets; a unix socket is for its group only",
        state_->address.format());
  }
  state_->service.emplace(std::move(parts));
  begin_milter_service(*state_->service);
  state_->thread.start([state = state_.get()] { state->failed = smfi_main() != MI_SUCCESS; },
                       [state = state_.get(), on_end] { on_end(state->failed); });
}

bool MilterDoor::stop(std::chrono::milliseconds patience) {
  const bool main_ended = state_->thread.stop([] { smfi_stop(); }, state_->address, patience);
  const bool callbacks_ended = !state_->service || end_milter_service(patience);
  if (state_->service && callbacks_ended) {
    state_->service->connections.close_all(MilterSession::End::interrupted);
  }
  remove_socket_file(state_->address);
  state_->ended = main_ended && callbacks_ended;
  return *state_->ended;
}

}  // namespace tecs
