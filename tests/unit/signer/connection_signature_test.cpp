#include "signer/connection_signature.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <exception>
#include <optional>

#include "tecs/key_source.hpp"
#include "tecs/verifier.hpp"
#include "unit/libcrypto_memory.hpp"
#include "unit/signer/tls_planner_fixture.hpp"

namespace tecs::test {
namespace {

class OneKey final : public KeySource {
 public:
  explicit OneKey(const SigningKey& key)
      : record_(std::make_shared<const KeyRecord>(*KeyRecord::parse(format_key_record(key)))) {}
  [[nodiscard]] KeyLookup lookup(const std::string&) override { return {record_, 60s, false}; }

 private:
  std::shared_ptr<const KeyRecord> record_;
};

class ConnectionSignatureTest : public testing::Test {
 protected:
  ~ConnectionSignatureTest() override {
    pool_.stop();
    pool_.join();
  }

  // Of the next signature, in the thread that makes it.
  void refuse_memory(int number) {
    asio::post(pool_, [number] { refuse_libcrypto(number); });
  }

  Expected<Credential> sign() {
    std::optional<Expected<Credential>> got;
    asio::co_spawn(
        loop_.get_executor(),
        [&]() -> asio::awaitable<void, Connection::Executor> {
          got = co_await signature_.result(identity_, tuple_, std::nullopt, 0s);
        },
        [](const std::exception_ptr& exception) { EXPECT_FALSE(exception); });
    loop_.run();
    loop_.restart();
    return got.value();
  }

  Result verify(const Expected<Credential>& credential) {
    OneKey keys(key_);
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    return Verifier({}).verify(credential, std::span(&tuple_, 1), now, keys).result;
  }

  HandClock clock_;
  ScriptedSource tlsa_{clock_};
  TlsPlanner planner_{tlsa_, clock_};
  const SigningKey key_ = *SigningKey::generate(KeyType::rsa, 2048);
  const Identity identity_ =
      std::make_shared<const Signer>(*Domain::parse("example.org"), std::nullopt, key_);
  const ConnectionTuple tuple_ =
      *ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse("198.51.100.7:1001"));
  asio::io_context loop_{1};
  asio::thread_pool pool_{1};
  Relay relay_{.settings = {.upstream = OriginalDestination{}, .dialogue = {.host = "relay.example.org"}},
               .lookup = {},
               .planner = planner_,
               .tls = *TlsContext::make({}, clock_),
               .report = {},
               .clock = clock_,
               .log = std::make_shared<spdlog::logger>("test"),
               .loop = loop_,
               .pool = pool_,
               .lookup_pool = pool_,
               .scratch = {}};
  ConnectionSignature signature_{relay_};
};

TEST_F(ConnectionSignatureTest, is_made_when_it_is_asked_for) {
  EXPECT_EQ(verify(sign()), Result::pass);
}

// What is thrown in a thread of the pool would end the signer, and with it all sessions.
TEST_F(ConnectionSignatureTest, for_which_there_is_no_memory_is_an_error_and_the_next_one_is_made) {
  ASSERT_TRUE(gives_libcrypto_memory());
  refuse_memory(1);  // for the hash of what is signed
  const auto none = sign();
  ASSERT_FALSE(none);
  EXPECT_EQ(word(none.error().reason), "io-error");
  EXPECT_EQ(none.error().sentence, "the connection cannot be signed: OpenSSL cannot compute SHA-256");
  EXPECT_EQ(verify(sign()), Result::pass);
}

// So does one that was begun before anybody asked.
TEST_F(ConnectionSignatureTest, begun_without_memory_is_an_error_when_it_is_asked_for) {
  refuse_memory(1);
  signature_.begin(identity_, tuple_);
  const auto none = sign();
  ASSERT_FALSE(none);
  EXPECT_EQ(word(none.error().reason), "io-error");
  EXPECT_EQ(verify(sign()), Result::pass);
}

}  // namespace
}  // namespace tecs::test
