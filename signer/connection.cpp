#include "signer/connection.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

Transfer result_of(const asio::error_code& error, std::size_t octets, Transfer::State wanted) noexcept {
  if (!error) return {Transfer::State::done, octets};
  if (error == asio::error::would_block || error == asio::error::try_again) return {wanted};
  return {error == asio::error::eof ? Transfer::State::closed : Transfer::State::failed};
}

}  // namespace

void Connection::prepare() noexcept {
  asio::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Transfer Connection::read_some(std::span<char> space) noexcept {
  if (tls_) return tls_->read_some(space);
  const std::size_t octets = socket_.read_some(asio::buffer(space.data(), space.size()), error_);
  return result_of(error_, octets, Transfer::State::want_read);
}

Transfer Connection::write_some(std::string_view octets) noexcept {
  if (tls_) return tls_->write_some(octets);
  const std::size_t written = socket_.write_some(asio::buffer(octets), error_);
  return result_of(error_, written, Transfer::State::want_write);
}

void Connection::start_tls(const TlsContext& context, const TlsPlan& plan, const Endpoint& server) {
  tls_.emplace(context, descriptor(), plan, server);
}

void Connection::finish_sending() noexcept {
  if (tls_) tls_->close();
  asio::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Connection::close() noexcept {
  tls_.reset();
  asio::error_code ignored;
  socket_.close(ignored);
}

std::string Connection::failure_sentence() const {
  return tls_ ? tls_->failure_sentence() : system_sentence(error_.value());
}

}  // namespace tecs
