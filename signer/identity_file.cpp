#include "signer/identity_file.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <unordered_map>
#include <utility>
#include <variant>

#include "program/text_lines.hpp"
#include "signer/identity_keys.hpp"

namespace tecs {
namespace {

// Three names and a path of the longest that there are.
constexpr TextBounds bounds{.longest_line = 5000, .maximum_lines = 1'000'000};

constexpr std::string_view not_signed = "unsigned";

Expected<std::optional<Selector>> parse_selector(std::string_view text) {
  if (text == "-") return std::nullopt;
  return Selector::parse(text).map([](Selector selector) { return std::optional(std::move(selector)); });
}

Expected<IdentityLine> parse_line(const TextLine& line, const std::filesystem::path& folder) {
  const auto words = words_of_line(line.content);
  auto match = IdentityMatch::parse(words[0]);
  if (!match) return tl::unexpected(match.error());
  const bool no_signature = words.size() > 1 && words[1] == not_signed;
  if (no_signature && words.size() == 2) return IdentityLine{line.number, *std::move(match), std::nullopt};
  if (no_signature) return failure(Reason::bad_option, "nothing stands behind \"unsigned\"");
  if (words.size() != 4) {
    return failure(Reason::bad_option,
                   "an entry is MATCH DOMAIN SELECTOR KEYFILE, with - for no selector, or MATCH unsigned");
  }
  const auto domain = Domain::parse(words[1]);
  if (!domain) return failure(Reason::bad_option, "the second word: " + domain.error().sentence);
  const auto selector = parse_selector(words[2]);
  if (!selector) return failure(Reason::bad_option, "the third word: " + selector.error().sentence);
  return IdentityLine{line.number, *std::move(match),
                      IdentityLine::Signing{*domain, *selector, (folder / words[3]).string()}};
}

// A path has many spellings.
std::string normal(const std::string& path) {
  std::error_code error;
  return std::filesystem::absolute(path, error).lexically_normal().string();
}

// The key files in the order in which lines first name them.
struct KeyFiles {
  std::vector<std::string> paths;
  std::vector<unsigned> lines;
  std::unordered_map<std::string, std::size_t> index;  // of a normal path

  explicit KeyFiles(const std::vector<IdentityLine>& entries) {
    for (const IdentityLine& entry : entries) {
      if (!entry.signing || !index.try_emplace(normal(entry.signing->key_path), paths.size()).second)
        continue;
      paths.push_back(entry.signing->key_path);
      lines.push_back(entry.number);
    }
  }
};

class SharedIdentities {
 public:
  SharedIdentities(const KeyFiles& files, std::vector<SigningKey> keys)
      : files_(files), keys_(std::move(keys)) {}

  void share(const StandardEntry& standard) {
    const auto key = files_.index.find(normal(standard.key_path));
    if (key == files_.index.end()) return;
    const Signer& signer = *standard.identity;
    identities_[name_of(signer.domain(), signer.selector(), key->second)] = standard.identity;
  }

  [[nodiscard]] Identity of(const std::optional<IdentityLine::Signing>& signing) {
    if (!signing) return nullptr;
    const std::size_t key = files_.index.at(normal(signing->key_path));
    Identity& identity = identities_[name_of(signing->domain, signing->selector, key)];
    if (!identity) identity = std::make_shared<Signer>(signing->domain, signing->selector, keys_[key]);
    return identity;
  }

 private:
  [[nodiscard]] static std::string name_of(const Domain& domain, const std::optional<Selector>& selector,
                                           std::size_t key) {
    return domain.text() + ' ' + (selector ? selector->text() : "") + ' ' + std::to_string(key);
  }

  const KeyFiles& files_;
  std::vector<SigningKey> keys_;
  std::unordered_map<std::string, Identity> identities_;
};

}  // namespace

Expected<std::vector<IdentityLine>> parse_identities(std::string_view text, const std::string& path) {
  const auto lines = text_lines(text, path, bounds);
  if (!lines) return tl::unexpected(lines.error());
  const auto folder = std::filesystem::path(path).parent_path();
  std::vector<IdentityLine> entries;
  entries.reserve(lines->size());
  std::unordered_map<std::string, unsigned> seen;  // on which line
  for (const TextLine& line : *lines) {
    auto entry = parse_line(line, folder);
    if (!entry) return failure_in_line(path, line.number, entry.error());
    const auto [same, is_new] = seen.try_emplace(entry->match.format(), line.number);
    if (!is_new) {
      return failure_in_line(
          path, line.number,
          {Reason::bad_option, same->first + " stands in line " + std::to_string(same->second) + " too"});
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

Expected<IdentityTable> load_identities(const std::string& path,
                                        const std::optional<StandardEntry>& standard) {
  const auto entries =
      read_text(path).and_then([&path](const std::string& text) { return parse_identities(text, path); });
  if (!entries) return tl::unexpected(entries.error());
  const KeyFiles files(*entries);
  auto keys = read_key_files(files.paths);
  if (!keys) return failure_in_line(path, files.lines[keys.error().index], keys.error().error);
  SharedIdentities identities(files, *std::move(keys));
  if (standard) identities.share(*standard);
  auto table = standard ? IdentityTable(standard->identity) : IdentityTable();
  for (const IdentityLine& entry : *entries) {
    if (table.add(entry.match, identities.of(entry.signing))) continue;
    // Two lines for the same are refused above.
    return failure_in_line(
        path, entry.number,
        {Reason::bad_option, "the options domain, selector and key are the default entry already"});
  }
  return table;
}

}  // namespace tecs
