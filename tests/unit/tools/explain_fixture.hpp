// A receiver's verdict on a connection that was signed, and a DNS that has a key for it.
#pragma once

#include <string>
#include <vector>

#include "tecs/base64.hpp"
#include "tecs/key_record.hpp"
#include "tecs/signer.hpp"
#include "unit/tools/command_run.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

class ExplainTest : public CommandTest {
 protected:
  const std::string id = "0190163d-8694-739b-aea5-966c26f8ad90";

  ExplainTest() { publish(key_); }

  void publish(const SigningKey& key) {
    dns_.insert_or_assign("_domainkey.jgc.org",
                          TxtAnswer{.texts = {format_key_record(key)}, .ttl = {}, .dnssec = true});
  }

  // A receiver's verdict on a connection that was signed so.
  [[nodiscard]] Verdict verdict(const SigningKey& key,
                                std::chrono::seconds clients_clock = std::chrono::seconds{0},
                                const std::string& signed_source = "198.51.100.7:40213") const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto tuple =
        ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse(signed_source));
    const auto credential = Signer(*Domain::parse("jgc.org"), std::nullopt, key)
                                .sign(*tuple, Epoch::nearest(now + clients_clock));
    Verdict made;
    made.id = id;
    made.time = std::chrono::floor<std::chrono::milliseconds>(clock_.now());
    made.receiver = "mx.example.net";
    made.server = "192.0.2.25:25";
    made.client = "198.51.100.7:40213";
    made.helo = "mail.jgc.org";
    made.domain = "jgc.org";
    made.algorithm = "rsa-sha256";
    made.epoch = Epoch::nearest(now).time();
    made.credential = encode_base64(octets_of(credential->format()));
    return made;
  }
  [[nodiscard]] static Verdict refused(Verdict made, Result result, Reason reason) {
    made.result = result;
    made.reason = word(reason);
    made.detail = "as the receiver said";
    return made;
  }
  [[nodiscard]] static Verdict passed(Verdict made, std::chrono::seconds offset = std::chrono::seconds{0}) {
    made.result = Result::pass;
    made.detail = "pass";
    made.epoch_offset = offset;
    return made;
  }

  // The receiver had this key.
  [[nodiscard]] static Verdict kept(Verdict made, const SigningKey& key) {
    made.key_record = KeyRecord::parse(format_key_record(key))->format();
    return made;
  }

  Ran explain(const Verdict& made, std::vector<std::string> more = {}) {
    const auto store = open_verdict_store(StoreName::parse(store_).value(), StoreMode::read_write);
    EXPECT_TRUE(store);
    EXPECT_TRUE((*store)->write({&made, 1}));
    more.insert(more.begin(), {"explain", made.id, "--store", store_});
    Ran ran = run(more);
    std::filesystem::remove(path("verdicts.db"));
    return ran;
  }
  // What stands behind the last "Why: ".
  std::string why(const Verdict& made) {
    const Ran ran = explain(made);
    EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
    return ran.out.substr(ran.out.find("\nWhy: ") + 6);
  }

  const std::string store_ = "sqlite:" + path("verdicts.db");
  const SigningKey key_ = *SigningKey::generate(KeyType::rsa, 1024);
  const SigningKey other_key_ = *SigningKey::generate(KeyType::rsa, 1024);
  const SigningKey ed25519_ = *SigningKey::generate(KeyType::ed25519, 0);
};

}  // namespace tecs
