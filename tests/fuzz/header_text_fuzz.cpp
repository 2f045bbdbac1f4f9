// What strangers say at a receiver's milter door, the MTA's macros, and an address as the kernel gives it for
// the original destination. No octet of a stranger comes into a field of ours, no field that bears our name
// stays, and the verdict can be written and read again.
#include <strings.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/sinks/null_sink.h>

#include "fuzz/choices.hpp"
#include "milter/milter_macros.hpp"
#include "milter/milter_session.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "tecs/octets.hpp"
#include "unit/hand_clock.hpp"
#include "verdicts/verdict_json.hpp"

namespace {

using namespace tecs;
using test::Choices;

struct Field {
  std::string name;
  std::string body;
};

void demand(bool holds) {
  if (!holds) std::abort();
}

bool same_name(const std::string& left, const char* right) {
  return strcasecmp(left.c_str(), right) == 0;
}

class Door {
 public:
  std::unique_ptr<MilterSession> open(const char* client) {
    return std::make_unique<MilterSession>(
        MilterSession::Parts{registry_, clock_, id, greylist_, delays_, log_}, rules_,
        MilterConnection{Endpoint::parse(client).value(), Endpoint::parse("192.0.2.25:25").value(), 11,
                         MtaSoftware::postfix, MilterReplies{true, true}});
  }
  void mark(const char* client, const Verification& verification) {
    const Endpoint end = Endpoint::parse(client).value();
    const auto found = registry_.candidates({end.address(), end.port(), {}, {}, {}});
    Authentication authentication;
    authentication.verification = verification;
    authentication.number = 1;
    (void)registry_.mark(found.at(0).session, authentication, true);
  }

  const AuthservId id = AuthservId::parse("mx.example.net").value();

 private:
  test::HandClock clock_;
  std::shared_ptr<spdlog::logger> log_ =
      std::make_shared<spdlog::logger>("fuzz", std::make_shared<spdlog::sinks::null_sink_mt>());
  SessionRegistry registry_;
  Greylist greylist_{":memory:", clock_, log_};
  DelayGate delays_;
  std::shared_ptr<const ReceptionRules> rules_ = std::make_shared<const ReceptionRules>();
};

void see_that_it_is_folded_text(const std::string& body) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\n') {
      demand(body.substr(i + 1, 1) == "\t");
    } else {
      demand(body[i] == '\t' ? i != 0 && body[i - 1] == '\n' : body[i] >= ' ' && body[i] <= '~');
    }
  }
}

void see_that_no_forged_field_stays(std::vector<Field> header, const std::vector<FieldEdit>& edits,
                                    const AuthservId& ours) {
  for (const FieldEdit& edit : edits) {
    for (const std::uint32_t which : edit.deletions) {
      std::uint32_t count = 0;
      const auto doomed = std::find_if(header.begin(), header.end(), [&](const Field& field) {
        return same_name(field.name, edit.name) && ++count == which;
      });
      demand(doomed != header.end());
      header.erase(doomed);
    }
  }
  for (const Field& field : header) {
    demand(!same_name(field.name, "X-TECS"));
    demand(!same_name(field.name, "Authentication-Results") || !is_forged(field.body, ours));
  }
}

std::vector<Field> say_all(Choices& choices, MilterSession& session) {
  const std::string tls = choices.octets(64);
  session.helo(choices.octets(255) + choices.octets(255), tls);
  const std::string parameter = choices.octets(64);
  demand(!session.mail({.parameters = {parameter}, .tls_version = tls, .auth_type = "TECS-1"}));
  const std::string address = choices.octets(255);
  (void)session.recipient(address, choices.octets(32));
  std::vector<Field> header;
  while (!choices.over()) {
    constexpr const char* names[]{"Authentication-Results", "X-TECS", "x-tecs", "AUTHENTICATION-results"};
    constexpr const char* beginnings[]{"", "mx.example.net; ", "\tMX.example.net 1;", "other.example; "};
    const std::size_t name = choices.below(5);
    const std::string beginning = beginnings[choices.below(4)];
    // A name has no NUL: libmilter gives strings that end with one.
    header.push_back(
        {name < 4 ? names[name] : std::string(choices.octets(32).c_str()), beginning + choices.octets(255)});
    session.header(header.back().name, header.back().body);
  }
  return header;
}

void receive(Choices& choices) {
  constexpr const char* loud = "198.51.100.7:40213";
  constexpr const char* quiet = "198.51.100.8:40213";
  Door door;
  const auto session = door.open(loud);
  const auto other = door.open(quiet);
  if (const auto domain = Domain::parse(choices.octets(255)); domain && choices.below(2) == 0) {
    Verification verification;
    verification.result = choices.below(2) == 0 ? Result::pass : Result::fail;
    if (verification.result == Result::fail)
      verification.error = Error{Reason::bad_signature, "it is not right"};
    verification.domain = *domain;
    for (const char* const client : {loud, quiet}) door.mark(client, verification);
  }
  const std::vector<Field> header = say_all(choices, *session);
  demand(!other->mail({.auth_type = "TECS-1"}));
  const auto plain = other->end_of_message();
  if (const auto edits = session->end_of_message()) {
    demand(edits->size() == plain->size());
    for (std::size_t i = 0; i < edits->size(); ++i) {
      demand((*edits)[i].body == (*plain)[i].body);
      see_that_it_is_folded_text((*edits)[i].body);
    }
    see_that_no_forged_field_stays(header, *edits, door.id);
  }
  Verdict verdict = session->close(MilterSession::End::closed);
  verdict.id = "01890a5d-ac96-774b-bcce-b302099a8057";
  const std::string json = format_json(verdict);
  for (const char c : json) demand(c >= ' ' && c <= '~');
  demand(format_json(parse_json(json).value()) == json);
}

void read_addresses(Choices& choices) {
  SocketAddress address;
  const std::string octets = choices.octets(sizeof(sockaddr_storage));
  std::memcpy(&address.storage, octets.data(), octets.size());
  address.length = static_cast<socklen_t>(octets.size());
  if (const auto endpoint = address.endpoint()) demand(Endpoint::parse(endpoint->format()) == *endpoint);
  const std::string if_addr = choices.octets(64);
  const std::string daemon_addr = choices.octets(64);
  if (const auto server = server_endpoint(if_addr, daemon_addr, choices.octets(8))) {
    demand(Endpoint::parse(server->format()) == *server && server->port() != 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  Choices choices(text_of({input, size}));
  read_addresses(choices);
  receive(choices);
  return 0;
}
