#include "signer/connection_signature.hpp"

#include <asio/use_awaitable.hpp>
#include <exception>
#include <string>
#include <utility>

#include "tecs/signed_view.hpp"

namespace tecs {
namespace {

// What finds no memory ends neither the pool's thread nor all other sessions: it leaves one unsigned.
Expected<Credential> sign(const Signer& identity, const ConnectionTuple& tuple, Epoch epoch) {
  try {
    return identity.sign(tuple, epoch);
  } catch (const std::exception& error) {
    return failure(Reason::io_error, std::string("the connection cannot be signed: ") + error.what());
  }
}

}  // namespace

void ConnectionSignature::begin(const Identity& identity, const ConnectionTuple& tuple) {
  begin(identity, tuple, Epoch::nearest(now()));
}

// The server may have taken its time, and the verifier looks at the clock: the epoch is that of this moment.
asio::awaitable<Expected<Credential>, Connection::Executor> ConnectionSignature::result(
    const Identity& identity, const ConnectionTuple& tuple, const std::optional<Challenge>& challenge,
    std::chrono::seconds skew) {
  const SignedView view = signed_view({tuple, now()}, challenge, skew);
  const Epoch epoch = Epoch::nearest(view.time);
  begin(identity, view.tuple, epoch);
  relay_.signed_tuples.add(view.tuple, epoch);
  const auto pending = std::exchange(begun_, std::nullopt)->credential;
  co_return co_await pending->result();
}

void ConnectionSignature::begin(const Identity& identity, const ConnectionTuple& tuple, Epoch epoch) {
  if (begun_ && begun_->identity == identity && begun_->tuple == tuple && begun_->epoch == epoch) return;
  auto credential = Background<Expected<Credential>>::begin(
      relay_.loop.get_executor(), relay_.pool,
      [identity, tuple, epoch] { return sign(*identity, tuple, epoch); });
  begun_.emplace(Begun{identity, tuple, epoch, std::move(credential)});
}

std::chrono::sys_seconds ConnectionSignature::now() const {
  return std::chrono::floor<std::chrono::seconds>(relay_.clock.now());
}

}  // namespace tecs
