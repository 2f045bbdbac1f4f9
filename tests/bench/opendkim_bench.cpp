// What people use today: libopendkim verifying a whole message, with the key handed to it so that no DNS is
// measured.
#include <sys/types.h>

#include <opendkim/dkim.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "library_bench.hpp"
#include "tecs/key_record.hpp"

namespace tecs::bench {
namespace {

struct Message {
  std::vector<std::string> fields;  // without the CRLF at the end
  std::string body;
};

Message message(std::size_t octets) {
  Message message{{"From: Alice <alice@example.org>", "To: Bob <bob@example.net>",
                   "Subject: The minutes of our last meeting", "Date: Wed, 07 Feb 2007 00:00:00 +0000",
                   "Message-ID: <20070207000000.1234@mail.example.org>", "MIME-Version: 1.0",
                   "Content-Type: text/plain; charset=utf-8"},
                  {}};
  while (message.body.size() < octets) {
    message.body += "The quick brown fox jumps over the lazy dog, and then the dog gets up.\r\n";
  }
  return message;
}

unsigned char* writable(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void require(DKIM_STAT status, const char* step) {
  if (status != DKIM_STAT_OK) throw std::runtime_error(std::string("libopendkim: ") + step);
}

// One library handle serves a whole process, as in opendkim. Its key look-up is a function without context,
// which finds the record in the message's own context.
class Library {
 public:
  explicit Library(const SigningKey& key)
      : pem_(key.to_pem()), record_(format_key_record(key)), library_(dkim_init(nullptr, nullptr)) {
    if (!library_) throw std::runtime_error("libopendkim does not start");
    require(dkim_set_key_lookup(library_.get(), hand_in_key), "key look-up");
  }

  void sign(Message& message) {
    DKIM_STAT status = DKIM_STAT_OK;
    std::string selector = "sel";
    std::string domain = "example.org";
    const Handle handle{dkim_sign(library_.get(), id(), nullptr, writable(pem_), writable(selector),
                                  writable(domain), DKIM_CANON_RELAXED, DKIM_CANON_SIMPLE,
                                  DKIM_SIGN_RSASHA256, -1, &status)};
    require(status, "sign");
    read(*handle, message);
    require(dkim_eom(handle.get(), nullptr), "end of message");
    unsigned char* field = nullptr;
    std::size_t length = 0;
    require(dkim_getsighdr_d(handle.get(), std::strlen(DKIM_SIGNHEADER) + 2, &field, &length), "signature");
    message.fields.insert(message.fields.begin(),
                          std::string(DKIM_SIGNHEADER) + ": " + reinterpret_cast<const char*>(field));
  }

  [[nodiscard]] bool verify(Message& message) {
    DKIM_STAT status = DKIM_STAT_OK;
    const Handle handle{dkim_verify(library_.get(), id(), nullptr, &status)};
    require(status, "verify");
    require(dkim_set_user_context(handle.get(), &record_), "context");
    read(*handle, message);
    return dkim_eom(handle.get(), nullptr) == DKIM_STAT_OK;
  }

 private:
  struct Close {
    void operator()(DKIM_LIB* library) const noexcept { dkim_close(library); }
  };
  struct Free {
    void operator()(DKIM* handle) const noexcept { dkim_free(handle); }
  };
  using Handle = std::unique_ptr<DKIM, Free>;

  static const unsigned char* id() noexcept { return reinterpret_cast<const unsigned char*>("bench"); }

  static DKIM_CBSTAT hand_in_key(DKIM* handle, DKIM_SIGINFO* /*signature*/, unsigned char* buffer,
                                 std::size_t size) {
    const auto& record = *static_cast<const std::string*>(dkim_get_user_context(handle));
    if (record.size() >= size) return DKIM_CBSTAT_ERROR;
    std::copy_n(record.c_str(), record.size() + 1, buffer);
    return DKIM_CBSTAT_CONTINUE;
  }

  // A milter gets a body in pieces of this size at most.
  static void read(DKIM& handle, Message& message) {
    constexpr std::size_t piece = 65535;
    for (std::string& field : message.fields) {
      require(dkim_header(&handle, writable(field), field.size()), "header field");
    }
    require(dkim_eoh(&handle), "end of header");
    for (std::size_t start = 0; start < message.body.size(); start += piece) {
      require(
          dkim_body(&handle, writable(message.body) + start, std::min(piece, message.body.size() - start)),
          "body");
    }
  }

  std::string pem_;
  std::string record_;
  std::unique_ptr<DKIM_LIB, Close> library_;
};

void verify(benchmark::State& state, const SigningKey& key, std::size_t octets) {
  Library library(key);
  Message signed_message = message(octets);
  library.sign(signed_message);
  repeat(state, [&] {
    if (!library.verify(signed_message)) state.SkipWithError("not verified");
  });
}

}  // namespace

void add_opendkim(const Keys& keys) {
  for (const std::size_t kilobytes : {2U, 20U, 200U}) {
    benchmark::RegisterBenchmark(
        ("opendkim/verify/" + std::to_string(kilobytes) + "-KB").c_str(),
        [&keys, kilobytes](benchmark::State& state) { verify(state, keys.rsa_2048, kilobytes * 1000); });
  }
}

}  // namespace tecs::bench
