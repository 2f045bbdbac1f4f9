#include "milter/auth_protocol.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

constexpr std::string_view mechanism = "TECS-1";

using NextAction = AuthProtocol::NextAction;

// Takes the text up to the next TAB off the front.
std::string_view take_field(std::string_view& rest) {
  const std::size_t tab = rest.find('\t');
  const std::string_view field = rest.substr(0, tab);
  rest.remove_prefix(tab == std::string_view::npos ? rest.size() : tab + 1);
  return field;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

NextAction broken(std::string sentence) {
  return AuthProtocol::Close{Error{Reason::protocol_error, std::move(sentence)}};
}

// A sentence holds no octets that were not checked; this line is the last place to be sure of it.
std::string fail_line(std::uint32_t id, std::string_view reason, std::string_view sentence) {
  constexpr std::size_t longest = 200;
  std::string text(reason);
  text.append(": ").append(sentence.substr(0, longest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return "FAIL\t" + std::to_string(id) + "\treason=" + text + "\n";
}

// The parameters of an AUTH that matter here. Those that are not known are passed over, as the protocol
// demands.
struct Parameters {
  SessionQuery origin;
  std::optional<std::string_view> response;
};

template <typename Value>
bool set_once(std::optional<Value>& place, std::optional<Value> value) {
  if (place || !value) return false;
  place = value;
  return true;
}

// A port that is no port is an error of the MTA. An address that is none is not: an MTA also serves clients
// that have no address, or one with a scope, and no session will be found for them.
bool take_parameter(std::string_view field, std::string_view& rest, Parameters& parameters) {
  const std::size_t equals = field.find('=');
  const std::string_view name = field.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : field.substr(equals + 1);
  SessionQuery& origin = parameters.origin;
  if (name == "rport") return set_once(origin.client_port, parse_number<std::uint16_t>(value));
  if (name == "lport") return set_once(origin.server_port, parse_number<std::uint16_t>(value));
  if (name == "rip" || name == "lip") {
    const auto address = IpAddress::parse(value);
    std::optional<IpAddress>& place = name == "rip" ? origin.client : origin.server;
    return !address || set_once(place, std::optional(*address));
  }
  // The initial response stands last. "=" alone is one that is there and empty (RFC 4954 section 4).
  if (name == "resp") {
    parameters.response = value == "=" ? std::string_view() : value;
    return std::exchange(rest, std::string_view()).empty();
  }
  return true;
}

std::optional<Parameters> parse_parameters(std::string_view rest) {
  Parameters parameters;
  while (!rest.empty()) {
    const std::string_view field = take_field(rest);
    if (!take_parameter(field, rest, parameters)) return std::nullopt;
  }
  return parameters;
}

}  // namespace

AuthProtocol::AuthProtocol(const AuthGreeting& greeting) : connection_(greeting.connection) {
  std::string octets = "VERSION\t1\t2\nMECH\t";
  octets.append(mechanism);
  octets.append("\nSPID\t").append(std::to_string(greeting.server_process));
  octets.append("\nCUID\t").append(std::to_string(greeting.connection));
  octets.append("\nCOOKIE\t").append(greeting.cookie).append("\nDONE\n");
  due_ = Write{std::move(octets)};
}

NextAction AuthProtocol::next() {
  if (due_) return *std::exchange(due_, std::nullopt);
  while (true) {
    const std::size_t end = received_.find('\n');
    if (std::min(end, received_.size()) > maximum_line) {
      return broken("a line is longer than " + std::to_string(maximum_line) + " octets");
    }
    if (end == std::string::npos) return Read{};
    auto action = line(std::string_view(received_).substr(0, end));
    received_.erase(0, end + 1);
    if (action) return std::move(*action);
  }
}

void AuthProtocol::received(std::string_view octets) {
  received_.append(octets);
}

// PROTOCOL section 6: what the 334 carries. The MTA passes the base64 on as it stands.
void AuthProtocol::challenge(std::string_view text) {
  if (!exchange_) return;
  due_ = Write{"CONT\t" + std::to_string(exchange_->id) + "\t" + encode_base64(octets_of(text)) + "\n"};
}

void AuthProtocol::answer(const Verification& verification) {
  const auto exchange = std::exchange(exchange_, std::nullopt);
  if (!exchange) return;
  if (verification.result == Result::temperror) {
    due_ = Close{};
  } else if (verification.result == Result::pass && verification.domain) {
    due_ = Write{"OK\t" + std::to_string(exchange->id) + "\tuser=tecs:" + verification.domain->text() + "\n"};
  } else {
    const std::string_view reason =
        verification.error ? word(verification.error->reason) : word(verification.result);
    due_ = Write{fail_line(exchange->id, reason, verification.detail())};
  }
}

std::optional<NextAction> AuthProtocol::line(std::string_view text) {
  std::string_view rest = text;
  const std::string_view command = take_field(rest);
  if (!process_) return handshake(command, rest);
  if (command == "AUTH") return auth(rest);
  if (command == "CONT") return cont(rest);
  if (command == "CANCEL") return cancel(rest);
  return broken("a command is none of AUTH, CONT and CANCEL");
}

// VERSION comes first, CPID ends it. A minor version that differs is compatible.
std::optional<NextAction> AuthProtocol::handshake(std::string_view command, std::string_view rest) {
  if (!version_known_) {
    if (command != "VERSION" || take_field(rest) != "1")
      return broken("the client does not begin with VERSION 1");
    version_known_ = true;
    return std::nullopt;
  }
  const auto process = parse_number<std::uint32_t>(rest);
  if (command != "CPID" || !process || *process == 0)
    return broken("the client does not give its process id");
  process_ = process;
  return std::nullopt;
}

std::optional<NextAction> AuthProtocol::auth(std::string_view rest) {
  exchange_.reset();
  const auto id = parse_number<std::uint32_t>(take_field(rest));
  if (!id) return broken("an AUTH has no id");
  if (!equal_ignoring_case(take_field(rest), mechanism)) {
    return Write{fail_line(*id, "unknown-mechanism", "only TECS-1 is offered here")};
  }
  const auto parameters = parse_parameters(rest);
  if (!parameters) return broken("the parameters of an AUTH cannot be read");
  exchange_ = Exchange{*id, parameters->origin};
  exchange_->origin.process = process_;
  exchange_->origin.door_connection = connection_;
  if (parameters->response) return authenticate(*parameters->response);
  return Challenge{exchange_->origin};
}

std::optional<NextAction> AuthProtocol::cont(std::string_view rest) {
  const auto id = parse_number<std::uint32_t>(take_field(rest));
  if (!id) return broken("a CONT has no id");
  if (!exchange_ || exchange_->id != *id) {
    return Write{fail_line(*id, "no-exchange", "nothing was asked that this could answer")};
  }
  return authenticate(rest);
}

std::optional<NextAction> AuthProtocol::cancel(std::string_view rest) {
  const auto id = parse_number<std::uint32_t>(rest);
  if (!id) return broken("a CANCEL has no id");
  if (exchange_ && exchange_->id == *id) exchange_.reset();
  return std::nullopt;
}

NextAction AuthProtocol::authenticate(std::string_view response) {
  return Authenticate{exchange_->origin, std::string(response)};
}

}  // namespace tecs
