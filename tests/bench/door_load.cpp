// A load for an authentication server, in the Dovecot protocol: as many smtpd processes as there are
// connections, each with one request under way. For TECS-1 it first tells tecs-milter's other door of the
// SMTP connections that the requests come from, as Postfix does, and signs a credential for each. How it is
// run: measured_load.hpp.
#include <boost/program_options.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "auth_connection.hpp"
#include "measured_load.hpp"
#include "milter_sessions.hpp"
#include "scram_client.hpp"
#include "tecs/adapters/key_file.hpp"
#include "tecs/base64.hpp"
#include "tecs/signer.hpp"

namespace {

using namespace tecs;
using namespace tecs::bench;
namespace po = boost::program_options;

constexpr const char* password = "correct-horse";

struct LoadOptions {
  std::string socket;
  std::string mechanism;
  std::size_t connections;
  std::size_t requests;  // in one run
  std::size_t runs;
  std::string milter_socket;
  std::string key;
  std::string domain;
  std::size_t sessions;
  std::size_t addresses;
  std::size_t network;
  bool tied;
  std::string user;

  [[nodiscard]] std::size_t all_requests() const { return requests * runs; }
  [[nodiscard]] ConnectionPlan plan(std::size_t count) const {
    return {count, addresses, static_cast<std::uint8_t>(network), tied};
  }
};

LoadOptions read_options(int argument_count, const char* const* argument_list) {
  po::options_description table;
  auto add = table.add_options();
  add("socket", po::value<std::string>()->required());
  add("mechanism", po::value<std::string>()->required());
  add("connections", po::value<std::size_t>()->default_value(1));
  add("requests", po::value<std::size_t>()->default_value(1000));
  add("runs", po::value<std::size_t>()->default_value(1));  // each asks so many requests of its own
  // For TECS-1: sessions of the milter, 0: one a request; how many addresses they come from, 0: one a
  // session; tied: the milter is told the process, and all requests of a connection belong to one session.
  add("milter-socket", po::value<std::string>()->default_value(""));
  add("key", po::value<std::string>()->default_value(""));
  add("domain", po::value<std::string>()->default_value(""));
  add("sessions", po::value<std::size_t>()->default_value(0));
  add("addresses", po::value<std::size_t>()->default_value(0));
  add("network", po::value<std::size_t>()->default_value(0));  // of the clients: 10.NUMBER.0.0/16
  add("tied", po::bool_switch());
  add("user", po::value<std::string>()->default_value(""));  // for the other mechanisms
  po::variables_map values;
  po::store(po::parse_command_line(argument_count, argument_list, table), values);
  po::notify(values);
  const auto number = [&](const char* name) { return values[name].as<std::size_t>(); };
  const auto text = [&](const char* name) { return values[name].as<std::string>(); };
  LoadOptions options{text("socket"),      text("mechanism"), number("connections"),
                      number("requests"),  number("runs"),    text("milter-socket"),
                      text("key"),         text("domain"),    number("sessions"),
                      number("addresses"), number("network"), values["tied"].as<bool>(),
                      text("user")};
  if (options.sessions == 0) options.sessions = options.all_requests();
  if (options.addresses == 0) options.addresses = options.sessions;
  return options;
}

DoorAddress door(const std::string& text) {
  return DoorAddress::parse(text).value();
}

// What a load consists of, once it is set up.
struct Load {
  std::unique_ptr<MilterSessions> sessions{};  // null: the server needs none
  std::vector<AuthConnection> connections{};
  std::vector<std::deque<AuthRequest>> requests{};  // for each connection, those that are still to be asked

  void deal(std::size_t number, AuthRequest request) {
    requests[number % requests.size()].push_back(std::move(request));
  }
};

// With as many threads as there are processors.
std::vector<AuthRequest> sign(const LoadOptions& options, const std::vector<SmtpConnection>& signed_for) {
  const Signer signer(Domain::parse(options.domain).value(), std::nullopt,
                      read_key_file(options.key).value());
  const Epoch now =
      Epoch::nearest(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  std::vector<AuthRequest> made(signed_for.size());
  std::vector<std::jthread> threads;
  const std::size_t processors = std::max(std::thread::hardware_concurrency(), 1U);
  for (std::size_t first = 0; first < processors; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < signed_for.size(); i += processors) {
        const auto credential = signer.sign(signed_for[i].tuple, now).value();
        made[i] = {signed_for[i].tuple.source().address().format(),
                   encode_base64(octets_of(credential.format()))};
      }
    });
  }
  threads.clear();
  return made;
}

// The sessions that requests belong to stand at even distances among those that are open.
Load signed_load(const LoadOptions& options) {
  const auto open = make_connections(options.plan(options.sessions));
  const std::size_t asked = options.tied ? options.connections : options.all_requests();
  std::vector<SmtpConnection> asking;
  for (std::size_t i = 0; i < asked; ++i) asking.push_back(open.at((2 * i + 1) * open.size() / (2 * asked)));
  Load load;
  load.sessions = std::make_unique<MilterSessions>(door(options.milter_socket), open);
  load.requests.resize(options.connections);
  const auto made = sign(options, asking);
  for (std::size_t i = 0; i < options.all_requests(); ++i) load.deal(i, made[i % made.size()]);
  const ChallengeAnswer none = [](const AuthRequest&, std::string_view) -> std::string {
    throw std::runtime_error("a challenge came after an initial response");
  };
  for (std::size_t i = 0; i < options.connections; ++i) {
    const std::uint32_t process =
        options.tied ? asking[i].process.value() : static_cast<std::uint32_t>(i + 1);
    load.connections.emplace_back(door(options.socket), process, options.mechanism, none);
  }
  return load;
}

Load password_load(const LoadOptions& options) {
  const auto client = std::make_shared<ScramClient>(options.user, password);
  const bool scram = options.mechanism.starts_with("SCRAM");
  const std::string plain = std::string(1, '\0') + options.user + std::string(1, '\0') + password;
  const auto clients = make_connections(options.plan(options.all_requests()));
  Load load;
  load.requests.resize(options.connections);
  for (std::size_t i = 0; i < options.all_requests(); ++i) {
    const std::string first =
        scram ? client->first_message("fyko+d2lbbFgONRv9qkx" + std::to_string(i)) : plain;
    load.deal(i, {clients[i].tuple.source().address().format(), encode_base64(octets_of(first))});
  }
  for (std::size_t i = 0; i < options.connections; ++i) {
    load.connections.emplace_back(
        door(options.socket), static_cast<std::uint32_t>(i + 1), options.mechanism,
        [client](const AuthRequest& request, std::string_view challenge) {
          const auto said = decode_base64(challenge).value();
          const auto first = decode_base64(request.response).value();
          return encode_base64(octets_of(client->answer(text_of(first), text_of(said))));
        });
  }
  return load;
}

RequestTimes ask(AuthConnection& connection, std::deque<AuthRequest>& requests, std::size_t count) {
  RequestTimes times;
  times.reserve(count);
  for (std::size_t i = 0; i < count && !requests.empty(); ++i) {
    times.push_back(connection.ask(requests.front()));
    requests.pop_front();
  }
  return times;
}

}  // namespace

int main(int argument_count, char** argument_list) {
  try {
    const LoadOptions options = read_options(argument_count, argument_list);
    Load load = options.milter_socket.empty() ? password_load(options) : signed_load(options);
    const std::size_t each = (options.requests + options.connections - 1) / options.connections;
    run_measured_load(load.connections.size(), [&](std::size_t number) {
      return ask(load.connections[number], load.requests[number], each);
    });
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "door-load: " << error.what() << "\n";
    return 1;
  }
}
