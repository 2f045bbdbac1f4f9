#include "signer/identity_match.hpp"

#include <utility>

#include "signer/host_name.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::string_view null_reverse_path = "<>";
constexpr std::size_t maximum_shown = 100;

tl::unexpected<Error> not_good(std::string_view text, std::string_view why) {
  return failure(Reason::bad_option, "\"" + printable_text(text, maximum_shown) + "\": " + std::string(why));
}

// Helo or Sender.
template <typename Named>
Expected<IdentityMatch> parse_name(std::string_view text) {
  std::string_view rest = text;
  const bool below = rest.starts_with("*.");
  if (below) rest.remove_prefix(2);
  if (rest.ends_with('.')) rest.remove_suffix(1);
  const auto name = parse_host_name(rest);
  if (!name) return not_good(text, "not a name, or *. and a name, written with A-labels");
  return IdentityMatch{Named{*name, below}};
}

Expected<IdentityMatch> parse_listener(std::string_view text) {
  return ListenAddress::parse(text).map(
      [](const ListenAddress& address) { return IdentityMatch{IdentityMatch::Listener{address}}; });
}

Expected<IdentityMatch> parse_source(std::string_view text) {
  const auto network = Network::parse(text);
  if (!network) return not_good(text, network.error().sentence);
  return IdentityMatch{IdentityMatch::Source{*network}};
}

Expected<IdentityMatch> parse_sender(std::string_view text) {
  if (text == null_reverse_path) return IdentityMatch{IdentityMatch::Sender{}};
  return parse_name<IdentityMatch::Sender>(text);
}

constexpr struct {
  std::string_view word;
  Expected<IdentityMatch> (*parse)(std::string_view text);
} kinds[] = {
    {"listener:", parse_listener},
    {"source:", parse_source},
    {"helo:", parse_name<IdentityMatch::Helo>},
    {"sender:", parse_sender},
};

struct Format {
  std::string operator()(const IdentityMatch::Listener& listener) const {
    return "listener:" + listener.address.format();
  }
  std::string operator()(const IdentityMatch::Source& source) const {
    return "source:" + source.network.format();
  }
  std::string operator()(const IdentityMatch::Helo& helo) const {
    return (helo.below ? "helo:*." : "helo:") + helo.name;
  }
  std::string operator()(const IdentityMatch::Sender& sender) const {
    if (sender.name.empty()) return "sender:" + std::string(null_reverse_path);
    return (sender.below ? "sender:*." : "sender:") + sender.name;
  }
  std::string operator()(const IdentityMatch::Default& /*all*/) const { return "default"; }
};

}  // namespace

Expected<IdentityMatch> IdentityMatch::parse(std::string_view text) {
  if (text == "default") return IdentityMatch{Default{}};
  for (const auto& kind : kinds) {
    if (text.starts_with(kind.word)) return kind.parse(text.substr(kind.word.size()));
  }
  return not_good(text, "an entry begins with listener:, source:, helo:, sender: or default");
}

std::string IdentityMatch::format() const {
  return std::visit(Format{}, party);
}

}  // namespace tecs
