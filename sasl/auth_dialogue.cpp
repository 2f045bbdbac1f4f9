#include "sasl/auth_dialogue.hpp"

#include <algorithm>
#include <utility>

#include "tecs/domain.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

using NextAction = AuthDialogue::NextAction;

constexpr std::string_view mechanism = "TECS-1";
constexpr std::string_view exchange_id = "1";  // a connection has one exchange
constexpr std::size_t longest_reason = 200;

std::string_view take_field(std::string_view& rest) {
  const std::size_t tab = rest.find('\t');
  const std::string_view field = rest.substr(0, tab);
  rest.remove_prefix(tab == std::string_view::npos ? rest.size() : tab + 1);
  return field;
}

NextAction unavailable(std::string sentence) {
  return Unavailable{Error{Reason::protocol_error, std::move(sentence)}};
}

std::string auth_line(const AuthRequest& request) {
  std::string line = "AUTH\t";
  line.append(exchange_id).append("\t").append(mechanism).append("\tservice=smtp");
  const auto add_end = [&line](char side, const std::optional<Endpoint>& end) {
    if (!end) return;
    line.append("\t").append(1, side).append("ip=").append(end->address().format());
    line.append("\t").append(1, side).append("port=").append(std::to_string(end->port()));
  };
  add_end('l', request.server);
  add_end('r', request.client);
  // The last parameter. "=" says that it is there and empty (RFC 4954 section 4).
  if (request.response) {
    line.append("\tresp=").append(request.response->empty() ? "=" : *request.response);
  }
  return line + "\n";
}

// A door of another kind must not be able to log a person in, whatever it answers.
NextAction passed(std::string_view rest) {
  constexpr std::string_view prefix = "tecs:";
  while (!rest.empty()) {
    std::string_view field = take_field(rest);
    if (!field.starts_with("user=")) continue;
    const std::string_view user = field.substr(5);
    if (!user.starts_with(prefix)) break;
    const auto domain = Domain::parse(user.substr(prefix.size()));
    if (!domain || domain->text() != user.substr(prefix.size())) break;
    return Passed{std::string(user)};
  }
  return unavailable("the answer names no signing domain");
}

// Dovecot's word for "not now" is a field of its own, "temp".
NextAction refused(std::string_view rest) {
  std::string reason;
  while (!rest.empty()) {
    const std::string_view field = take_field(rest);
    if (field == "temp") return unavailable("the answer is a temporary failure");
    if (field.starts_with("reason=")) reason = printable_text(field.substr(7), longest_reason);
  }
  return Refused{std::move(reason)};
}

}  // namespace

AuthDialogue::AuthDialogue(AuthRequest request) : request_(std::move(request)) {
  due_ = Write{"VERSION\t1\t2\nCPID\t" + std::to_string(request_.process) + "\n"};
}

NextAction AuthDialogue::next() {
  if (due_) return *std::exchange(due_, std::nullopt);
  while (true) {
    const std::size_t end = received_.find('\n');
    if (end == std::string::npos) break;
    const std::string text = received_.substr(0, end);
    received_.erase(0, end + 1);
    if (auto action = line(text)) return std::move(*action);
  }
  if (total_ > maximum_octets) {
    return unavailable("more than " + std::to_string(maximum_octets) + " octets and no answer");
  }
  // PROTOCOL section 5: this is how temperror is said once AUTH was heard.
  if (closed_)
    return unavailable(asked_ ? "closed without an answer" : "closed before the end of its greeting");
  return Read{};
}

void AuthDialogue::received(std::string_view octets) {
  total_ += octets.size();
  received_.append(octets);
}

void AuthDialogue::closed() {
  closed_ = true;
}

void AuthDialogue::respond(std::string_view response) {
  due_ = Write{"CONT\t" + std::string(exchange_id) + "\t" + std::string(response) + "\n"};
}

std::optional<NextAction> AuthDialogue::line(std::string_view text) {
  std::string_view rest = text;
  const std::string_view command = take_field(rest);
  return asked_ ? answer(command, rest) : greeting(command, rest);
}

std::optional<NextAction> AuthDialogue::greeting(std::string_view command, std::string_view rest) {
  if (!version_known_) {
    if (command != "VERSION" || take_field(rest) != "1") return unavailable("does not begin with VERSION 1");
    version_known_ = true;
    return std::nullopt;
  }
  if (command == "MECH" && take_field(rest) == mechanism) offered_ = true;
  if (command != "DONE") return std::nullopt;  // SPID, CUID, COOKIE, other mechanisms
  if (!offered_) return unavailable("does not offer TECS-1");
  asked_ = true;
  return Write{auth_line(request_)};
}

// What is not known is passed over, as the protocol demands.
std::optional<NextAction> AuthDialogue::answer(std::string_view command, std::string_view rest) {
  if (command != "CONT" && command != "OK" && command != "FAIL") return std::nullopt;
  if (take_field(rest) != exchange_id) return unavailable("the answer is to something that was not asked");
  if (command == "OK") return passed(rest);
  if (command == "FAIL") return refused(rest);
  return challenge(rest);
}

// PROTOCOL section 6: one challenge, and none where there was an initial response.
NextAction AuthDialogue::challenge(std::string_view rest) {
  if (request_.response) return unavailable("a challenge that was not due");
  request_.response.emplace();
  return Challenge{std::string(take_field(rest))};
}

}  // namespace tecs
