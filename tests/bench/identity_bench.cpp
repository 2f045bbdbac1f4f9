// Identities of a signer for many customers, each with a key file of its own: loading them all, and finding
// one. What a key costs in memory is in the counter octets_an_entry.
#include <benchmark/benchmark.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "signer/identity_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace {

using namespace tecs;

// File systems let a file have some 60,000 names.
constexpr std::int64_t names_of_a_file = 30'000;

double resident_octets() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * 4096;
}

// A file of sender entries and their keys. Files with the same key have one inode, so that 100,000 do not
// fill the disk; the signer does not know.
class Customers {
 public:
  Customers(std::int64_t count, const SigningKey& key) : file_(folder_.file("identities")) {
    std::ofstream file(file_);
    std::string first;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string name = "customer" + std::to_string(i) + ".example";
      const std::string path = folder_.file(name + ".pem");
      if (i % names_of_a_file == 0) {
        first = path;
        std::ofstream(path) << key.to_pem();
        ::chmod(path.c_str(), 0600);
      } else {
        std::filesystem::create_hard_link(first, path);
      }
      file << "sender:" << name << ' ' << name << " s1 " << name << ".pem\n";
    }
  }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  test::TemporaryDirectory folder_;
  std::string file_;
};

void load(benchmark::State& state, const SigningKey& key) {
  const Customers customers(state.range(0), key);
  const double before = resident_octets();
  double after = before;
  for (auto _ : state) {
    const auto table = load_identities(customers.file(), std::nullopt);
    if (!table) state.SkipWithError(table.error().sentence.c_str());
    after = resident_octets();
  }
  state.counters["octets_an_entry"] = (after - before) / static_cast<double>(state.range(0));
}

void load_ed25519(benchmark::State& state) {
  load(state, SigningKey::generate(KeyType::ed25519, 0).value());
}
void load_rsa_2048(benchmark::State& state) {
  load(state, SigningKey::generate(KeyType::rsa, 2048).value());
}

// By number, of a table that has an entry for each number below count.
using MakeMatch = std::string (*)(std::int64_t number);

IdentityTable make_table(std::int64_t count, MakeMatch make_match) {
  const Signer signer(Domain::parse("example.org").value(), std::nullopt,
                      SigningKey::generate(KeyType::ed25519, 0).value());
  const Identity identity = std::make_shared<const Signer>(signer);
  IdentityTable table;
  for (std::int64_t i = 0; i < count; ++i) {
    if (!table.add(IdentityMatch::parse(make_match(i)).value(), identity)) std::abort();
  }
  return table;
}

void find_sender(benchmark::State& state) {
  const IdentityTable table = make_table(
      state.range(0), [](std::int64_t i) { return "sender:customer" + std::to_string(i) + ".example"; });
  for (auto _ : state) {
    if (!table.of_sender("Customer42.Example")) state.SkipWithError("not found");
  }
}

void find_parent_of_sender(benchmark::State& state) {
  const IdentityTable table = make_table(
      state.range(0), [](std::int64_t i) { return "sender:*.customer" + std::to_string(i) + ".example"; });
  for (auto _ : state) {
    if (!table.of_sender("bounces.east.mail.Customer42.Example")) state.SkipWithError("not found");
  }
}

// Half of the networks of each of two lengths.
void find_source(benchmark::State& state) {
  const IdentityTable table = make_table(state.range(0), [](std::int64_t i) {
    const std::string first = "10." + std::to_string(i / 512 % 256) + "." + std::to_string(i / 2 % 256);
    return "source:" + first + (i % 2 == 0 ? ".0/24" : ".64/26");
  });
  const ListenAddress listener = ListenAddress::parse("127.0.0.1:10025").value();
  const IpAddress source = IpAddress::parse("10.0.21.7").value();
  for (auto _ : state) {
    if (!table.of_connection(listener, source)) state.SkipWithError("not found");
  }
}

BENCHMARK(load_ed25519)->Arg(100)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(load_rsa_2048)->Arg(100)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(find_sender)->Arg(100)->Arg(10'000)->Arg(100'000);
BENCHMARK(find_parent_of_sender)->Arg(100)->Arg(10'000)->Arg(100'000);
BENCHMARK(find_source)->Arg(100)->Arg(10'000)->Arg(100'000);

}  // namespace
