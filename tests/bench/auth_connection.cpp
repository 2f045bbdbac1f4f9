#include "auth_connection.hpp"

#include <stdexcept>
#include <utility>

namespace tecs::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::runtime_error unexpected(const std::string& line) {
  return std::runtime_error("the server said " + (line.empty() ? "nothing" : line));
}

}  // namespace

AuthConnection::AuthConnection(const DoorAddress& door, std::uint32_t process, std::string mechanism,
                               ChallengeAnswer answer)
    : client_(door), mechanism_(std::move(mechanism)), answer_(std::move(answer)) {
  client_.send("VERSION\t1\t2\nCPID\t" + std::to_string(process) + "\n");
  const std::string greeting = client_.receive_until("DONE\n");
  if (!greeting.ends_with("DONE\n")) throw unexpected(greeting);
}

std::chrono::nanoseconds AuthConnection::ask(const AuthRequest& request) {
  const std::string id = std::to_string(++last_);
  // The words of Postfix's smtpd, over TLS.
  const std::string line = "AUTH\t" + id + "\t" + mechanism_ +
                           "\tservice=smtp\tnologin\tlip=198.51.100.25\trip=" + request.client +
                           "\tsecured\tresp=" + request.response + "\n";
  const std::string challenge = "CONT\t" + id + "\t";
  const auto begin = Clock::now();
  client_.send(line);
  std::string said = client_.receive_until("\n");
  while (said.starts_with(challenge)) {
    said.pop_back();
    client_.send(challenge + answer_(request, std::string_view(said).substr(challenge.size())) + "\n");
    said = client_.receive_until("\n");
  }
  const auto end = Clock::now();
  if (!said.starts_with("OK\t" + id + "\t")) throw unexpected(said);
  return end - begin;
}

}  // namespace tecs::bench
