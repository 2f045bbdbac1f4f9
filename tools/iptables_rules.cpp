#include "tools/iptables_rules.hpp"

#include <charconv>
#include <sstream>
#include <string_view>

namespace tecs {
namespace {

using Json = nlohmann::json;

Json number_or_text(std::string_view text) {
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? Json(number) : Json(std::string(text));
}

Json ports(const std::string& text) {
  Json set = Json::array();
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t colon = part.find(':');
    if (colon == std::string::npos) {
      set.push_back(number_or_text(part));
    } else {
      set.push_back(
          {{"range", {number_or_text(part.substr(0, colon)), number_or_text(part.substr(colon + 1))}}});
    }
  }
  return {{"set", set}};
}

Json network(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return text;
  return {{"prefix", {{"addr", text.substr(0, slash)}, {"len", number_or_text(text.substr(slash + 1))}}}};
}

Json meta(const char* key) {
  return {{"meta", {{"key", key}}}};
}

Json payload(const std::string& protocol, const char* field) {
  return {{"payload", {{"protocol", protocol}, {"field", field}}}};
}

// Left and right side of the condition that an option with its value stands for; null: not known.
Json condition(const std::string& family, const std::string& option, const std::string& value) {
  if (option == "-p") return {meta("l4proto"), value};
  if (option == "--dport" || option == "--dports") return {payload("tcp", "dport"), ports(value)};
  if (option == "-d") return {payload(family, "daddr"), network(value)};
  if (option == "-s") return {payload(family, "saddr"), network(value)};
  if (option == "-o") return {meta("oifname"), value};
  if (option == "-i") return {meta("iifname"), value};
  if (option == "--uid-owner") return {meta("skuid"), number_or_text(value)};
  if (option == "--gid-owner") return {meta("skgid"), number_or_text(value)};
  if (option == "--dst-type" && value == "LOCAL") {
    return {{{"fib", {{"result", "type"}, {"flags", {"daddr"}}}}}, "local"};
  }
  return nullptr;
}

// "127.0.0.1:10025", "[::1]:10025", ":10025"
Json destination(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Json target = Json::object();
  if (colon == std::string::npos || text.ends_with(']')) return {{"addr", text}};
  std::string address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (!address.empty()) target["addr"] = address;
  target["port"] = number_or_text(text.substr(colon + 1));
  return target;
}

// "-j NAME", or "-g NAME", after which the rules below do not count.
Json target_of(const std::string& option, const std::string& name, const std::string& to) {
  if (option == "-g") return {{"goto", {{"target", name}}}};
  if (name == "REDIRECT") return {{"redirect", {{"port", number_or_text(to)}}}};
  if (name == "DNAT") return {{"dnat", destination(to)}};
  if (name == "RETURN") return {{"return", nullptr}};
  if (name == "ACCEPT") return {{"accept", nullptr}};
  if (name == "DROP") return {{"drop", nullptr}};
  if (name == "LOG" || name == "MARK" || name == "CONNMARK") return {{"counter", nullptr}};
  return {{"jump", {{"target", name}}}};
}

Json rule_of(const std::string& family, const std::string& line) {
  std::istringstream words(line);
  std::string word;
  std::string chain;
  std::string target;
  std::string target_option;
  std::string to;
  bool negated = false;
  Json statements = Json::array();
  while (words >> word) {
    if (word == "!") {
      negated = true;
      continue;
    }
    std::string value;
    if (word == "-m") {
      words >> value;
      continue;  // what follows says the same
    }
    words >> value;
    if (word == "-A") {
      chain = value;
    } else if (word == "-j" || word == "-g") {
      target = value;
      target_option = word;
    } else if (word == "--to-ports" || word == "--to-destination") {
      to = value;
    } else if (const Json sides = condition(family, word, value); !sides.is_null()) {
      statements.push_back(
          {{"match", {{"op", negated ? "!=" : "=="}, {"left", sides[0]}, {"right", sides[1]}}}});
    } else {
      statements.push_back({{"xt", {{"type", "match"}, {"name", word}}}});
    }
    negated = false;
  }
  if (!target.empty()) statements.push_back(target_of(target_option, target, to));
  return {{"rule", {{"family", family}, {"table", "nat"}, {"chain", chain}, {"expr", statements}}}};
}

Json chain_of(const std::string& family, const std::string& name) {
  Json chain{{"family", family}, {"table", "nat"}, {"name", name}};
  if (name == "OUTPUT" || name == "PREROUTING") {
    chain["type"] = "nat";
    chain["hook"] = name == "OUTPUT" ? "output" : "prerouting";
    chain["prio"] = -100;
  }
  return {{"chain", chain}};
}

}  // namespace

std::vector<Json> parse_iptables(const std::string& family, const std::string& saved) {
  std::vector<Json> objects;
  std::istringstream lines(saved);
  bool in_nat = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('*')) {
      in_nat = line == "*nat";
    } else if (in_nat && line.starts_with(':')) {
      objects.push_back(chain_of(family, line.substr(1, line.find(' ') - 1)));
    } else if (in_nat && line.starts_with("-A ")) {
      objects.push_back(rule_of(family, line));
    }
  }
  return objects;
}

}  // namespace tecs
