// TCP connections of loopback whose near ends belong to a loop in a thread of its own; the test holds the far
// ends.
#pragma once

#include <gtest/gtest.h>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "signer/connection.hpp"
#include "unit/smtp/scripted_server.hpp"

namespace tecs::test {

class LoopTest : public testing::Test {
 protected:
  // The near end becomes a Connection; the far end is given back.
  Connection make_end(std::unique_ptr<Peer>& far) {
    asio::ip::tcp::acceptor acceptor(loop_, {asio::ip::make_address("127.0.0.1"), 0});
    far = Peer::connect(*Endpoint::parse("127.0.0.1:" + std::to_string(acceptor.local_endpoint().port())));
    Connection::Socket socket(loop_.get_executor());
    acceptor.accept(socket);
    Connection connection(std::move(socket));
    connection.prepare();
    return connection;
  }

  void run_loop() {
    loop_thread_ = std::jthread([this] { loop_.run(); });
  }
  void end_loop() {
    if (!loop_thread_.joinable()) return;
    work_.reset();
    loop_thread_.join();
  }

  // In the thread of the loop.
  template <typename Question>
  auto ask(Question question) {
    std::promise<decltype(question())> answer;
    asio::post(loop_, [&] { answer.set_value(question()); });
    return answer.get_future().get();
  }

  std::vector<char> scratch_ = std::vector<char>(10'000);
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  std::jthread loop_thread_;
};

}  // namespace tecs::test
