// The server of a dialogue that is written down, for `tecs probe`.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/server_connection.hpp"

namespace tecs {

// Lines: "S: " what the server says, "C: " what the client has to say, where a final '*' stands for anything;
// "TLS" a handshake, "TLS fails". At the end the server closes.
class PlayedServer final : public ServerConnection {
 public:
  PlayedServer(const std::string& script, const ConnectionTuple& tuple) : tuple_(tuple) {
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
      line.erase(0, line.find_first_not_of(' '));
      if (!line.empty()) lines_.push_back(line);
    }
  }

  [[nodiscard]] const ConnectionTuple& tuple() const override { return tuple_; }

  [[nodiscard]] Expected<std::string> receive() override {
    std::string octets;
    while (!lines_.empty() && lines_.front().starts_with("S: ")) octets += take().substr(3) + "\r\n";
    if (octets.empty()) return failure(Reason::io_error, "the server closed the connection");
    return octets;
  }

  [[nodiscard]] Expected<void> send(std::string_view octets) override {
    if (lines_.empty()) return failure(Reason::io_error, "Broken pipe");
    std::string want = take();
    EXPECT_TRUE(want.starts_with("C: ")) << want << " when the client says " << octets;
    want.erase(0, 3);
    EXPECT_TRUE(octets.ends_with("\r\n"));
    const std::string said(octets.substr(0, octets.size() - 2));
    if (want.ends_with('*') && want.size() > 1) {
      want.pop_back();
      EXPECT_EQ(said.substr(0, want.size()), want);
    } else {
      EXPECT_EQ(said, want);
    }
    return {};
  }

  [[nodiscard]] Expected<std::string> start_tls(const TlsPlan&) override {
    if (lines_.empty()) return failure(Reason::io_error, "the server closed the connection");
    const std::string line = take();
    if (line == "TLS") return std::string("TLSv1.3.");
    EXPECT_EQ(line, "TLS fails");
    return failure(Reason::io_error, "TLS: wrong version number");
  }

  [[nodiscard]] bool finished() const { return lines_.empty(); }

 private:
  std::string take() {
    std::string line = lines_.front();
    lines_.pop_front();
    return line;
  }

  std::deque<std::string> lines_;
  ConnectionTuple tuple_;
};

}  // namespace tecs
