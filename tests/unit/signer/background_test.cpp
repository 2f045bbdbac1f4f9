#include "signer/background.hpp"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <future>
#include <string>
#include <thread>

namespace tecs {
namespace {

using Task = Background<std::string>;

class BackgroundTest : public testing::Test {
 protected:
  asio::awaitable<void, Task::Executor> ask(std::shared_ptr<Task> task) {
    got_ = co_await task->result();
    asked_in_ = std::this_thread::get_id();
  }

  asio::io_context loop_{1};
  asio::thread_pool pool_{1};
  std::string got_;
  std::thread::id asked_in_;
};

TEST_F(BackgroundTest, is_done_by_another_thread_and_awaited_in_this_one) {
  std::promise<std::thread::id> done_in;
  const auto task = Task::begin(loop_.get_executor(), pool_, [&done_in] {
    done_in.set_value(std::this_thread::get_id());
    return std::string("done");
  });
  asio::co_spawn(loop_.get_executor(), ask(task), asio::detached);
  loop_.run();
  EXPECT_EQ(got_, "done");
  EXPECT_EQ(asked_in_, std::this_thread::get_id());
  EXPECT_NE(done_in.get_future().get(), std::this_thread::get_id());
}

TEST_F(BackgroundTest, may_be_ready_before_it_is_asked) {
  const auto task = Task::begin(loop_.get_executor(), pool_, [] { return std::string("early"); });
  pool_.join();
  loop_.run();  // brings the value
  loop_.restart();
  asio::co_spawn(loop_.get_executor(), ask(task), asio::detached);
  loop_.run();
  EXPECT_EQ(got_, "early");
}

TEST_F(BackgroundTest, may_be_forgotten) {
  std::promise<void> go;
  auto task = Task::begin(loop_.get_executor(), pool_, [&go] {
    go.get_future().wait();
    return std::string("for nobody");
  });
  task.reset();
  go.set_value();
  pool_.join();
  EXPECT_EQ(loop_.run(), 1U);  // the value came back to this thread, and is destroyed here
}

}  // namespace
}  // namespace tecs
