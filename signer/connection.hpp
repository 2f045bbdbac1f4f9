// One TCP connection, with or without TLS, that is only ever tried and never blocks. Waiting is separate, so
// that no buffer is tied up by a connection that has nothing to say.
#pragma once

#include <asio/basic_stream_socket.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtp/tls_plan.hpp"
#include "smtp/tls_stream.hpp"
#include "smtp/transfer.hpp"
#include "tecs/endpoint.hpp"

namespace tecs {

// Used by one thread, that of the io_context.
class Connection {
 public:
  using Executor = asio::io_context::executor_type;
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  using Wait = Socket::wait_type;

  explicit Connection(Socket socket) noexcept : socket_(std::move(socket)) {}

  // A connected socket is made ready: it does not block, and small writes leave at once. Best effort.
  void prepare() noexcept;

  [[nodiscard]] Transfer read_some(std::span<char> space) noexcept;
  // With TLS, after want_read or want_write the next call must begin with the same octets.
  [[nodiscard]] Transfer write_some(std::string_view octets) noexcept;
  // True when read_some() may give octets although the socket is not readable.
  [[nodiscard]] bool holds_octets() const noexcept { return tls_ && tls_->holds_octets(); }

  // From here on all is said through TLS; handshake() must be done first.
  void start_tls(const TlsContext& context, const TlsPlan& plan, const Endpoint& server);
  [[nodiscard]] Transfer handshake() noexcept { return tls_->handshake(); }
  [[nodiscard]] bool has_tls() const noexcept { return tls_.has_value(); }
  [[nodiscard]] std::string tls_version() const { return tls_ ? tls_->version() : "none"; }
  [[nodiscard]] TlsResult tls_result() const noexcept { return tls_ ? tls_->result() : TlsResult::clear; }
  [[nodiscard]] bool tls_resumed() const noexcept { return tls_ && tls_->resumed(); }

  // Nothing more is sent; what the peer sends can still be read.
  void finish_sending() noexcept;
  // What waits is cancelled. May be called again.
  void close() noexcept;

  // Of the last transfer that failed; printable.
  [[nodiscard]] std::string failure_sentence() const;

  [[nodiscard]] Socket& socket() noexcept { return socket_; }
  [[nodiscard]] int descriptor() noexcept { return socket_.native_handle(); }

 private:
  Socket socket_;
  std::optional<TlsStream> tls_;
  asio::error_code error_;  // of the socket
};

// What must happen before a transfer is tried again. state: want_read or want_write.
[[nodiscard]] constexpr Connection::Wait wait_for(Transfer::State state) noexcept {
  return state == Transfer::State::want_write ? Connection::Socket::wait_write
                                              : Connection::Socket::wait_read;
}

}  // namespace tecs
