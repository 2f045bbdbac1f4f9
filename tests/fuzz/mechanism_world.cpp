#include "fuzz/mechanism_world.hpp"

#include <spdlog/sinks/null_sink.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "signer/auth_exchange.hpp"
#include "tecs/signed_view.hpp"
#include "test_folders.hpp"

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t maximum_connections = 6;
constexpr std::size_t maximum_lines = 8;         // that one exchange may have before it counts as endless
constexpr std::size_t maximum_smtp_line = 2048;  // Postfix cuts an AUTH line there

// The key files are of no domain anywhere.
constexpr std::array domains_and_keys{std::pair{"alice.example", "rsa-1024.pem"},
                                      std::pair{"bob.example", "ed25519.pem"},
                                      std::pair{"mallory.example", "rsa-1025.pem"}};

struct Holder {
  Signer signer;
  std::string record;
};

const std::vector<Holder>& all_holders() {
  static const std::vector<Holder> holders = [] {
    std::vector<Holder> made;
    for (const auto& [domain, file] : domains_and_keys) {
      std::ifstream stream(std::string(TECS_TEST_KEYS) + "/" + file);
      const std::string pem{std::istreambuf_iterator<char>(stream), {}};
      const SigningKey key = SigningKey::from_pem(pem).value();
      made.push_back({Signer(Domain::parse(domain).value(), std::nullopt, key), format_key_record(key)});
    }
    return made;
  }();
  return holders;
}

std::shared_ptr<spdlog::logger> silent_log() {
  static const auto log =
      std::make_shared<spdlog::logger>("fuzz", std::make_shared<spdlog::sinks::null_sink_mt>());
  return log;
}

void demand(bool holds) {
  if (!holds) std::abort();
}

Endpoint end(const char* address, std::size_t port) {
  return Endpoint::make(IpAddress::parse(address).value(), static_cast<std::uint16_t>(port)).value();
}

std::string_view second_word(std::string_view line) {
  const std::size_t space = line.find(' ');
  return space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
}

}  // namespace

void PublishedKeys::publish(const Domain& domain, const std::string& record) {
  records_["_domainkey." + domain.text()] =
      std::make_shared<const KeyRecord>(KeyRecord::parse(record).value());
}

KeyLookup PublishedKeys::lookup(const std::string& name) {
  const auto found = records_.find(name);
  return {found == records_.end() ? nullptr : found->second, 60s, false};
}

MechanismWorld::MechanismWorld(Choices& choices)
    : choices_(choices),
      rules_(std::make_shared<const ExchangeRules>(ExchangeRules{.limits = {.attempts = 1000}})),
      mechanism_({.registry = registry_,
                  .keys = keys_,
                  .rules = rules_,
                  .clock = clock_,
                  .log = silent_log(),
                  .unattributed = [](const Verdict&) {},
                  .receiver = "mx.example.net",
                  .would_ask = [](const std::string&) { return false; }}) {
  for (const Holder& holder : all_holders()) keys_.publish(holder.signer.domain(), holder.record);
}

void MechanismWorld::step() {
  const std::size_t kind = choices_.below(8);
  if (kind == 0 || connections_.empty()) return connect();
  Connection& connection = connections_[choices_.below(connections_.size())];
  if (kind == 1) return disconnect();
  if (kind == 2) return clock_.advance(std::chrono::seconds(choices_.below(100)));
  if (kind < 6) return authenticate(connection);
  attack(connection);
}

// Alice and Bob share an address, Mallory has one of her own and that one too. Ports are few, so that they
// come again.
void MechanismWorld::connect() {
  if (connections_.size() == maximum_connections) return disconnect();
  const std::size_t holder = choices_.below(all_holders().size());
  const bool translated = choices_.below(3) == 0;
  const bool shared_address = holder != 2 || choices_.below(2) == 0;
  const std::size_t port = 1000 + choices_.below(4);
  const Endpoint server = end("192.0.2.25", 25);
  const Endpoint seen = end(shared_address ? "198.51.100.7" : "203.0.113.9", port);
  for (const Connection& other : connections_) {
    if (other.seen.source() == seen) return;  // the port is taken
  }
  const Endpoint own = translated ? end("10.0.0.5", 4000 + holder) : seen;
  std::optional<std::uint32_t> process;
  if (choices_.below(4) != 0) process = ++last_process_;
  const auto session = registry_.open({seen, server, process});
  connections_.push_back({session.value(), ConnectionTuple::make(server, seen).value(),
                          ConnectionTuple::make(server, own).value(), process, holder});
  begin_door(connections_.back());
}

void MechanismWorld::disconnect() {
  const std::size_t which = choices_.below(connections_.size());
  registry_.close(connections_[which].session);
  connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(which));
}

Credential MechanismWorld::sign(std::size_t holder, const ConnectionTuple& tuple, Epoch epoch) {
  const Signer& signer = all_holders()[holder].signer;
  signed_.insert({signer.domain().text(), tuple, epoch});
  return signer.sign(tuple, epoch).value();
}

// The client as tecs-signer conducts it, over lines that somebody else may hear and change.
void MechanismWorld::authenticate(Connection& connection) {
  const bool ask = connection.own != connection.seen || choices_.below(2) == 0;
  const bool certain = connection.process.has_value() && !connection.touched;
  AuthExchange client(ask);
  std::optional<Signed> made;
  AuthExchange::Move move = client.begin();
  for (std::size_t lines = 0; lines < maximum_lines; ++lines) {
    if (move.kind == AuthExchange::Move::Kind::sign) {
      const SignedView view = signed_view({connection.own, now()}, move.challenge, 120s);
      const Epoch epoch = Epoch::nearest(view.time);
      made = Signed{all_holders()[connection.holder].signer.domain().text(), view.tuple, epoch};
      move = client.signed_with(sign(connection.holder, view.tuple, epoch));
      continue;
    }
    if (move.kind != AuthExchange::Move::Kind::write) break;
    const std::string line = move.text.substr(0, move.text.size() - 2);
    const std::string arrived = middle_.pass(line);
    const std::string reply = answer(connection, arrived);
    const std::string heard = middle_.pass(reply);
    if (arrived != line || heard != reply) connection.touched = true;
    SmtpReplyReader reader;
    reader.append(heard + "\r\n");
    const auto read = reader.next();
    if (!read || !*read) return;  // the client gives the connection up
    move = client.on_reply(**read);
  }
  if (!certain || connection.touched) return;
  const auto used = made ? passed_.find(*made) : passed_.end();
  const bool replay = used != passed_.end() && used->second != connection.session;
  demand((move.kind == AuthExchange::Move::Kind::accepted) == !replay);
}

// Somebody else says something on this connection: what was heard anywhere, as it was or changed; or Mallory
// signs for herself what is none of hers.
void MechanismWorld::attack(Connection& connection) {
  connection.touched = true;
  std::string word = middle_.any_word();
  if (choices_.below(4) == 0) {
    const ConnectionTuple& tuple = connections_[choices_.below(connections_.size())].seen;
    word = encode_base64(octets_of(sign(2, tuple, Epoch::nearest(now())).format()));
  }
  if (choices_.below(2) == 0) word = middle_.edited(std::move(word));
  (void)answer(connection, connection.prompted ? word : "AUTH TECS-1 " + word);
}

// As Postfix does it.
std::string MechanismWorld::answer(Connection& connection, const std::string& line) {
  if (line.find_first_of(std::string_view("\0\t\r\n", 4)) != std::string::npos) return "501 5.5.4 Bad syntax";
  if (std::exchange(connection.prompted, false)) {
    if (line == "*") return "501 5.7.0 Authentication aborted";
    return answer_of_the_door(connection, "CONT\t1\t" + line);
  }
  if (!line.starts_with("AUTH TECS-1") || line.size() > maximum_smtp_line) return "500 5.5.2 Bad command";
  std::string request =
      "AUTH\t1\tTECS-1\tservice=smtp\tlip=192.0.2.25\trip=" + connection.seen.source().address().format();
  if (const auto response = second_word(second_word(line)); !response.empty())
    request += "\tresp=" + std::string(response);
  return answer_of_the_door(connection, request);
}

void MechanismWorld::begin_door(Connection& connection) const {
  connection.server.emplace(
      AuthGreeting{1, static_cast<std::uint32_t>(connection.session), std::string(32, '0')});
  const std::string greeting =
      "VERSION\t1\t2\nCPID\t" + std::to_string(connection.process.value_or(99)) + "\n";
  while (!std::holds_alternative<AuthProtocol::Read>(connection.server->next())) {
  }
  connection.server->received(greeting);
}

std::string MechanismWorld::answer_of_the_door(Connection& connection, const std::string& line) {
  AuthProtocol& server = *connection.server;
  bool given = false;
  while (true) {
    const AuthProtocol::NextAction action = server.next();
    if (const auto* const write = std::get_if<AuthProtocol::Write>(&action)) {
      if (write->octets.starts_with("OK\t")) return "235 2.7.0 Authentication successful";
      if (!write->octets.starts_with("CONT\t")) return "535 5.7.8 Error: authentication failed";
      connection.prompted = true;
      const std::string_view octets = write->octets;
      return "334 " +
             std::string(octets.substr(octets.rfind('\t') + 1, octets.size() - octets.rfind('\t') - 2));
    }
    if (const auto* const challenge = std::get_if<AuthProtocol::Challenge>(&action)) {
      server.challenge(mechanism_.challenge(challenge->origin));
    } else if (const auto* const request = std::get_if<AuthProtocol::Authenticate>(&action)) {
      const Verification verification = mechanism_.authenticate(request->origin, request->response);
      see_that_only_the_signed_passed(verification.result == Result::pass);
      server.answer(verification);
    } else if (std::holds_alternative<AuthProtocol::Close>(action)) {
      begin_door(connection);
      return "454 4.7.0 Temporary authentication failure";
    } else {
      demand(!std::exchange(given, true));  // a whole line has an answer
      server.received(line + "\n");
    }
  }
}

void MechanismWorld::see_that_only_the_signed_passed(bool passed) {
  bool found = false;
  for (const Connection& connection : connections_) {
    const auto marked = registry_.authentication(connection.session);
    if (!marked || marked->verification.result != Result::pass || marked->number <= last_passed_) continue;
    demand(passed && !std::exchange(found, true));
    last_passed_ = marked->number;
    const auto steps = static_cast<int>(marked->verification.epoch_offset.value() / Epoch::step);
    demand(std::abs(steps) <= VerifierOptions{}.epoch_tolerance);
    const Signed claim{marked->verification.domain->text(), connection.seen,
                       Epoch::nearest(now()).moved(steps)};
    demand(signed_.contains(claim));
    demand(passed_.emplace(claim, connection.session).first->second == connection.session);
  }
  demand(found == passed);
}

std::chrono::sys_seconds MechanismWorld::now() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.now());
}

}  // namespace tecs::test
