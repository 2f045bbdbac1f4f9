#include "tools/keygen.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>

#include "tools/key_file.hpp"
#include "tools/protocol_options.hpp"
#include "tools/txt_record.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr unsigned default_bits = 2048;
// The limits of a verifier (PROTOCOL section 4): a key outside of them would be of no use.
constexpr unsigned minimum_bits = 1024;
constexpr unsigned maximum_bits = KeyLimits{}.maximum_rsa_bits;

struct KeyKind {
  KeyType type;
  unsigned bits;
};

Outcome<KeyKind> read_kind(const OptionValues& values) {
  const auto algorithm = parse_algorithm(values["algorithm"].as<std::string>());
  if (!algorithm) return failed(ExitCode::usage, "--algorithm: rsa-sha256 or ed25519-sha256");
  const KeyType type = key_type_of(*algorithm);
  if (type == KeyType::ed25519) {
    if (values.count("bits") != 0)
      return failed(ExitCode::usage, "--bits: only an RSA key has a size to choose");
    return KeyKind{type, 0};
  }
  const unsigned bits = values.count("bits") != 0 ? values["bits"].as<unsigned>() : default_bits;
  if (bits < minimum_bits || bits > maximum_bits) {
    return failed(ExitCode::usage, "--bits: from " + std::to_string(minimum_bits) + " to " +
                                       std::to_string(maximum_bits) + ", or no verifier takes the key");
  }
  return KeyKind{type, bits};
}

Outcome<ExitCode> keygen(const OptionValues& values, const Environment& environment) {
  const auto domain = read_domain(values);
  if (!domain) return tl::unexpected(domain.error());
  const auto selector = read_selector(values);
  if (!selector) return tl::unexpected(selector.error());
  const auto kind = read_kind(values);
  if (!kind) return tl::unexpected(kind.error());

  const auto key = SigningKey::generate(kind->type, kind->bits);
  if (!key) return failed(key.error(), "--bits");
  const auto path = values["out"].as<std::string>();
  const auto written = write_key_file(path, *key);
  if (!written) return tl::unexpected(written.error());

  environment.out << format_key_txt_record(*key, *domain, *selector);
  environment.err << "The private key is in " << path << ". Publish the record above in DNS.\n";
  if (key->type() == KeyType::rsa && key->bits() < default_bits) {
    environment.err << "warning: receivers may give a key of fewer than " << default_bits
                    << " bits less weight\n";
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode run_keygen(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_domain_options(table);
  auto add = table.add_options();
  add("algorithm", po::value<std::string>()->value_name("NAME")->default_value("rsa-sha256"),
      "rsa-sha256 or ed25519-sha256");
  add("bits", po::value<unsigned>()->value_name("N"), "size of an RSA key, 1024 to 4096 (default: 2048)");
  add("out", po::value<std::string>()->required()->value_name("FILE"),
      "where to write the private key; a new file");
  const ProgramText text{
      .name = "tecs keygen",
      .usage = "--domain DOMAIN [--selector SELECTOR] [--algorithm NAME] [--bits N] --out FILE",
      .description =
          "Makes a private key, writes it to a new file that only you can read (PKCS#8 PEM), and\n"
          "prints the DNS record to publish, in the form of a zone file.",
      .examples =
          "tecs keygen --domain example.org --out example.org.pem\n"
          "tecs keygen --domain example.org --selector s1 --algorithm ed25519-sha256 --out s1.pem"};
  return run_subcommand({text, table, keygen}, arguments, environment);
}

}  // namespace tecs
