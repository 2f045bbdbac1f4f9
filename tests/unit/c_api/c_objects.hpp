// Owners for what tecs.h gives, and what most tests need of it. They see libtecs through tecs.h alone.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tecs.h"
#include "test_folders.hpp"

namespace tecs::c_api {

template <auto free>
struct Free {
  template <typename Object>
  void operator()(Object* object) const noexcept {
    free(object);
  }
};
using Key = std::unique_ptr<tecs_signing_key, Free<tecs_signing_key_free>>;
using Signer = std::unique_ptr<tecs_signer, Free<tecs_signer_free>>;
using Credential = std::unique_ptr<tecs_credential, Free<tecs_credential_free>>;
using Options = std::unique_ptr<tecs_options, Free<tecs_options_free>>;
using Source = std::unique_ptr<tecs_key_source, Free<tecs_key_source_free>>;
using Record = std::unique_ptr<tecs_key_record, Free<tecs_key_record_free>>;
using Verifier = std::unique_ptr<tecs_verifier, Free<tecs_verifier_free>>;
using Verification = std::unique_ptr<tecs_verification, Free<tecs_verification_free>>;

// Where a call writes its error; empty when it wrote none.
class Failure {
 public:
  Failure() = default;
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;
  ~Failure() { tecs_error_free(error_); }

  // For one call after the other: what the former one left is freed.
  [[nodiscard]] tecs_error** place() {
    tecs_error_free(std::exchange(error_, nullptr));
    return &error_;
  }
  [[nodiscard]] std::string reason() const { return text(tecs_error_reason(error_)); }
  [[nodiscard]] std::string sentence() const { return text(tecs_error_sentence(error_)); }

 private:
  [[nodiscard]] static std::string text(const char* text) { return text == nullptr ? "" : text; }
  tecs_error* error_ = nullptr;
};

constexpr std::int64_t noon = 1170806410;  // of PROTOCOL's examples

// name: rsa-2048 or ed25519.
inline std::string pem_of(const std::string& name) {
  std::ifstream file(std::string(TECS_TEST_DATA) + "/verify/keys/" + name + ".pem");
  return {std::istreambuf_iterator<char>(file), {}};
}

inline Key key_of(const std::string& name) {
  const std::string pem = pem_of(name);
  Key key(tecs_signing_key_new(pem.data(), pem.size(), nullptr));
  EXPECT_TRUE(key);
  return key;
}

inline tecs_endpoint endpoint(const char* text) {
  tecs_endpoint result{};
  EXPECT_EQ(tecs_endpoint_parse(text, &result, nullptr), 0) << text;
  return result;
}

inline tecs_tuple tuple(const char* destination = "192.0.2.25:25",
                        const char* source = "198.51.100.7:40213") {
  return {endpoint(destination), endpoint(source)};
}

// As example.org, or below a selector.
inline Credential sign(const std::string& key, const tecs_tuple& connection = tuple(),
                       std::int64_t time = noon, const char* selector = nullptr) {
  const Signer signer(tecs_signer_new("example.org", selector, key_of(key).get(), nullptr));
  Credential credential(tecs_signer_sign(signer.get(), &connection, time, nullptr));
  EXPECT_TRUE(credential);
  return credential;
}

// What a look-up of this program knows, and which names it was asked for.
struct Zone {
  static int lookup(void* context, const char* name, tecs_txt_answer* answer) {
    auto& zone = *static_cast<Zone*>(context);
    zone.asked.emplace_back(name);
    const auto found = zone.texts.find(name);
    if (found != zone.texts.end()) {
      for (const std::string& text : found->second) tecs_txt_answer_add(answer, text.data(), text.size());
    }
    tecs_txt_answer_set_ttl(answer, zone.ttl);
    tecs_txt_answer_set_dnssec(answer, zone.dnssec ? 1 : 0);
    return zone.outcome;
  }

  std::map<std::string, std::vector<std::string>, std::less<>> texts;
  std::uint32_t ttl = 0;
  bool dnssec = false;
  int outcome = TECS_LOOKUP_DONE;
  std::vector<std::string> asked;
};

inline Source source_of(Zone& zone, const tecs_options* options = nullptr) {
  Source source(tecs_key_source_new_lookup(Zone::lookup, &zone, options, nullptr));
  EXPECT_TRUE(source);
  return source;
}

// A zone with the key at _domainkey.example.org.
inline Zone zone_of(const std::string& key) {
  Zone zone;
  zone.texts["_domainkey.example.org"] = {tecs_signing_key_record(key_of(key).get())};
  return zone;
}

inline Verification verify(std::string_view base64, tecs_key_source* source,
                           const std::vector<tecs_tuple>& candidates = {tuple()}, std::int64_t time = noon,
                           const tecs_options* options = nullptr) {
  const Verifier verifier(tecs_verifier_new(options, nullptr));
  Verification verification(tecs_verifier_verify(verifier.get(), base64.data(), base64.size(), TECS_BASE64,
                                                 candidates.data(), candidates.size(), time, source,
                                                 nullptr));
  EXPECT_TRUE(verification);
  return verification;
}

// Null pointers as an empty text.
inline std::string text(const char* text) {
  return text == nullptr ? "" : text;
}

}  // namespace tecs::c_api
