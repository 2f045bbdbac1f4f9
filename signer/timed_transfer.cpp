#include "signer/timed_transfer.hpp"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace tecs {

void TimedTransfer::expire() noexcept {
  deadline_ = TimePoint::max();
  timed_out_ = true;
  if (awaited_ == nullptr) return;
  asio::error_code ignored;
  awaited_->socket().cancel(ignored);
}

TimedTransfer::Awaitable<bool> TimedTransfer::wait(Connection& connection, Connection::Wait what) {
  if (std::exchange(timed_out_, stopped_)) co_return false;
  asio::error_code ignored;  // of the socket: it shows when it is tried
  awaited_ = &connection;
  co_await connection.socket().async_wait(
      what, asio::redirect_error(asio::use_awaitable_t<Connection::Executor>(), ignored));
  awaited_ = nullptr;
  co_return !std::exchange(timed_out_, stopped_);
}

TimedTransfer::Awaitable<TimedTransfer::Outcome> TimedTransfer::read(Connection& connection,
                                                                     std::span<char> space) {
  Transfer transfer{Transfer::State::want_read};
  if (connection.holds_octets()) transfer = connection.read_some(space);
  while (wanting(transfer.state)) {
    const bool in_time = co_await wait(connection, wait_for(transfer.state));
    if (!in_time) co_return std::nullopt;
    transfer = connection.read_some(space);
  }
  co_return transfer;
}

TimedTransfer::Awaitable<TimedTransfer::Outcome> TimedTransfer::write(Connection& connection,
                                                                      std::string_view octets) {
  while (!octets.empty()) {
    const Transfer transfer = connection.write_some(octets);
    if (wanting(transfer.state)) {
      const bool in_time = co_await wait(connection, wait_for(transfer.state));
      if (!in_time) co_return std::nullopt;
    } else if (transfer.state != Transfer::State::done) {
      co_return transfer;
    } else {
      octets.remove_prefix(transfer.octets);
    }
  }
  co_return Transfer{Transfer::State::done};
}

}  // namespace tecs
