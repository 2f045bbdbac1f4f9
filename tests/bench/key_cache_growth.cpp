// What the key cache takes in memory, and what a hit costs, as it grows: key-cache-growth SIZE... prints a
// line of JSON for each size, the smallest first. Every key is an RSA-2048 key of its own, read from its TXT
// record and used once, since OpenSSL keeps with a key what its first use computes.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tecs/adapters/key_cache.hpp"
#include "tecs/adapters/system_clock.hpp"
#include "tecs/base64.hpp"
#include "tecs/signing_key.hpp"

namespace {

using namespace tecs;

std::string name_of(std::size_t number) {
  return "_domainkey.example" + std::to_string(number) + ".org";
}

// Answers each name with a key of the same form, whose modulus is another odd number. Nobody could sign with
// it, but it takes the same memory.
class ManyKeys final : public TxtSource {
 public:
  Expected<TxtAnswer> lookup(const std::string& /*name*/) override {
    constexpr std::size_t modulus = 34;  // from its second octet to the last but one of 256 in the key's 294
    std::generate_n(octets_.begin() + modulus, 254, [&] { return static_cast<std::uint8_t>(random_()); });
    return TxtAnswer{{"v=DKIM1; k=rsa; p=" + encode_base64(octets_)}, std::chrono::hours(24), true};
  }

 private:
  std::minstd_rand random_;
  Octets octets_ = SigningKey::generate(KeyType::rsa, 2048).value().public_octets();
};

std::size_t resident_octets() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void use_key(KeyCache& cache, const std::string& name) {
  const KeyLookup lookup = cache.lookup(name);
  Octets signature(256, 1);  // below any modulus, and not right
  static_cast<void>(lookup.record.value()->key.value().recover_digest(signature));
}

double hit_us(KeyCache& cache, std::size_t size) {
  std::minstd_rand random;
  std::vector<std::string> names(10000);
  std::ranges::generate(names, [&] { return name_of(random() % size); });
  const auto begin = std::chrono::steady_clock::now();
  for (int turn = 0; turn < 20; ++turn) {
    for (const std::string& name : names) static_cast<void>(cache.lookup(name));
  }
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  return time.count() / (20 * static_cast<double>(names.size()));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::stoul(argv[i]));
  if (sizes.empty() || !std::ranges::is_sorted(sizes) || sizes.front() == 0) {
    std::fputs("usage: key-cache-growth SIZE..., the smallest first\n", stderr);
    return 2;
  }
  ManyKeys texts;
  TxtKeySource source(texts, KeyLimits{});
  const SystemClock clock;
  KeyCache cache(source, clock, KeyCacheOptions{.maximum_entries = sizes.back()});
  {
    KeyCache other(source, clock, KeyCacheOptions{});
    use_key(other, name_of(0));  // what OpenSSL sets up once is no part of the growth
  }
  const std::size_t empty = resident_octets();
  std::size_t filled = 0;
  for (const std::size_t size : sizes) {
    for (; filled < size; ++filled) use_key(cache, name_of(filled));
    const auto grown = static_cast<double>(resident_octets() - empty);
    std::printf("{\"keys\": %zu, \"memory_bytes\": %.0f, \"hit_us\": %.3f}\n", size, grown,
                hit_us(cache, size));
  }
  return 0;
}
