// The TXT records of one name (separated by a NUL here), a verification with whatever key comes out, and what
// is kept of that key.
#include <cstdlib>

#include "tecs/verifier.hpp"

namespace {

class Records final : public tecs::TxtSource {
 public:
  explicit Records(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  tecs::Expected<tecs::TxtAnswer> lookup(const std::string& /*name*/) override {
    return tecs::TxtAnswer{texts_, std::chrono::seconds{60}, false};
  }

 private:
  std::vector<std::string> texts_;
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> pieces;
  while (true) {
    const std::size_t nul = text.find('\0');
    pieces.emplace_back(text.substr(0, nul));
    if (nul == std::string_view::npos) return pieces;
    text.remove_prefix(nul + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  using namespace tecs;
  Records records(split(text_of({input, size})));
  TxtKeySource keys(records, KeyLimits{});
  const ConnectionTuple tuple = ConnectionTuple::make(Endpoint::parse("192.0.2.25:25").value(),
                                                      Endpoint::parse("198.51.100.7:40213").value())
                                    .value();
  for (const Algorithm algorithm : {Algorithm::rsa_sha256, Algorithm::ed25519_sha256}) {
    const Credential credential{algorithm, Domain::parse("example.org").value(), {}, Octets(64, 1)};
    const auto verification = Verifier(VerifierOptions{}).verify(credential, {&tuple, 1}, {}, keys);
    if (verification.result == Result::pass || !verification.error) std::abort();
    if ((verification.key_record != nullptr) != (verification.key_bits != 0)) std::abort();
    if (verification.key_record == nullptr) continue;
    // What is kept of a key that was read is short, and is that key.
    const std::string kept = verification.key_record->format();
    const auto again = KeyRecord::parse(kept);
    if (kept.size() > 800 || !again || !again->key || again->format() != kept) std::abort();
  }
  return 0;
}
