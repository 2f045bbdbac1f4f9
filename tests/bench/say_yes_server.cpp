// The least server that answers in the Dovecot authentication protocol: a thread a connection, one read and
// one write a request, and it says yes to whatever line begins with AUTH. What it costs, no server with
// threads can save.
//
// Usage: say-yes-server PATH. Runs until it is killed.
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "tecs/adapters/door_address.hpp"
#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/key_file.hpp"

namespace {

using namespace tecs;

constexpr std::string_view greeting =
    "VERSION\t1\t2\nMECH\tPLAIN\nSPID\t1\nCUID\t1\nCOOKIE\t00000000000000000000000000000000\nDONE\n";

// Shared by all threads.
struct SignedOnce {
  Octets key;  // SubjectPublicKeyInfo
  Octets signature;
};

// OpenSSL's operation and nothing else, with a context that is kept.
class Recovery {
 public:
  explicit Recovery(const SignedOnce& made) : signature_(made.signature) {
    const unsigned char* position = made.key.data();
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        d2i_PUBKEY(nullptr, &position, static_cast<long>(made.key.size())), EVP_PKEY_free);
    context_.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    EVP_PKEY_verify_recover_init(context_.get());
    EVP_PKEY_CTX_set_rsa_padding(context_.get(), RSA_PKCS1_PADDING);
    EVP_PKEY_CTX_set_signature_md(context_.get(), EVP_sha256());
  }

  [[nodiscard]] bool succeeds() {
    std::array<unsigned char, 512> digest{};
    std::size_t size = digest.size();
    return EVP_PKEY_verify_recover(context_.get(), digest.data(), &size, signature_.data(),
                                   signature_.size()) == 1;
  }

 private:
  const Octets& signature_;
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context_{nullptr, EVP_PKEY_CTX_free};
};

SignedOnce sign_once(const std::string& file) {
  const SigningKey key = read_key_file(file).value();
  return {key.public_octets(), key.sign(sha256(octets_of("floor"))).value()};
}

// Requests come one at a time, each in one piece: the load is ours.
void say_yes(const FileDescriptor& connection, const std::optional<SignedOnce>& made) {
  std::optional<Recovery> recovery;
  if (made) recovery.emplace(*made);
  send(connection.number(), greeting.data(), greeting.size(), MSG_NOSIGNAL);
  std::array<char, 16 * 1024> buffer{};
  while (true) {
    const ssize_t count = recv(connection.number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    std::string_view line(buffer.data(), static_cast<std::size_t>(count));
    const auto request = line.find("AUTH\t");
    if (request == std::string_view::npos) continue;  // the handshake
    line.remove_prefix(request);                      // which may have come with it
    if (recovery && !recovery->succeeds()) return;
    const std::string_view id = line.substr(5, line.find('\t', 5) - 5);
    const std::string answer = "OK\t" + std::string(id) + "\tuser=tecs:signed.example\n";
    if (send(connection.number(), answer.data(), answer.size(), MSG_NOSIGNAL) <= 0) return;
  }
}

int serve(const DoorAddress& address, const std::optional<SignedOnce>& made) {
  const FileDescriptor listening(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto name = address.socket_address();
  if (bind(listening.number(), name.pointer(), name.length) != 0 || listen(listening.number(), 1024) != 0) {
    std::cerr << "say-yes-server: cannot listen at " << address.format() << "\n";
    return 1;
  }
  while (true) {
    FileDescriptor connection(accept4(listening.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return 1;
    std::thread([connection = std::move(connection), &made] { say_yes(connection, made); }).detach();
  }
}

}  // namespace

int main(int argument_count, char** argument_list) {
  if (argument_count < 2 || argument_count > 3) return 64;
  std::optional<SignedOnce> made;
  if (argument_count == 3) made = sign_once(argument_list[2]);
  return serve(DoorAddress::parse("unix:" + std::string(argument_list[1])).value(), made);
}
