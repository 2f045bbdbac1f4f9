// What libtecs costs, beside the least that it can cost (OpenSSL alone) and beside what people use today
// (libopendkim). scripts/bench runs it and makes a table; by hand: library-bench --benchmark_filter=verify
#include "library_bench.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tecs/base64.hpp"
#include "tecs/signer.hpp"

namespace tecs::bench {
namespace {

// Keys of the tests: what they cost does not change from run to run.
SigningKey read_key(const std::string& name) {
  std::ifstream file(std::string(TECS_BENCH_KEYS) + "/" + name);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  auto key = SigningKey::from_pem(pem);
  if (!key) throw std::runtime_error(name + ": " + key.error().sentence);
  return *std::move(key);
}

}  // namespace

std::vector<ConnectionTuple> connections(std::int64_t count) {
  const Endpoint server = Endpoint::parse("192.0.2.25:25").value();
  const IpAddress client = IpAddress::parse("198.51.100.7").value();
  std::vector<ConnectionTuple> tuples;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(40000 + i);
    tuples.push_back(ConnectionTuple::make(server, Endpoint::make(client, port).value()).value());
  }
  return tuples;
}

std::string initial_response(const SigningKey& key, const ConnectionTuple& tuple) {
  const Signer signer(Domain::parse("example.org").value(), {}, key);
  return encode_base64(octets_of(signer.sign(tuple, Epoch::nearest(now)).value().format()));
}

}  // namespace tecs::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  using tecs::bench::read_key;
  const tecs::bench::Keys keys{read_key("rsa-2048.pem"), read_key("rsa-4096.pem"), read_key("ed25519.pem")};
  tecs::bench::add_verifications(keys);
  tecs::bench::add_openssl(keys);
  tecs::bench::add_credentials(keys);
  tecs::bench::add_keys(keys);
  tecs::bench::add_opendkim(keys);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
