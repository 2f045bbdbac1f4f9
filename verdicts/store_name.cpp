#include "verdicts/store_name.hpp"

#include <algorithm>

namespace tecs {
namespace {

constexpr std::string_view sqlite = "sqlite:";
constexpr std::string_view hidden = "***";

// Where the user information that begins at start ends: at the "@" after it; npos: there is none. libpq looks
// for it up to the first "/", whatever else stands before (RFC 3986 section 3.2 has it end at "?" and "#"
// too). In a password that stands as itself there may be any of these, and then libpq takes its beginning for
// a host and a port, so whatever an "@" stands behind counts as a password, but in a parameter.
std::size_t end_of_user(std::string_view uri, std::size_t colon) {
  const std::size_t slash = std::min(uri.find('/', colon), uri.size());
  const std::size_t question = std::min(uri.find('?', colon), uri.size());
  const std::size_t at = uri.substr(0, std::max(slash, question)).rfind('@');
  if (at != std::string_view::npos) return at;
  const std::size_t equals = std::min(uri.find('=', question), uri.size());
  const bool has_parameters = uri.find('@', question) > equals;
  const std::size_t end = std::min(uri.find_first_of("/?,", colon), uri.size());
  const std::string_view port = uri.substr(colon + 1, end - colon - 1);
  const bool is_port = port.find_first_not_of("0123456789") == std::string_view::npos;
  const bool is_address = uri.substr(0, colon).find("//[") != std::string_view::npos;
  return has_parameters && (is_port || is_address) ? std::string_view::npos : uri.rfind('@');
}

std::string without_user_password(std::string_view uri) {
  const std::size_t start = uri.find("//") + 2;
  const std::size_t colon = uri.find(':', start);
  if (colon == std::string_view::npos) return std::string(uri);
  const std::size_t at = end_of_user(uri, colon);
  if (at == std::string_view::npos || colon > at) return std::string(uri);
  return std::string(uri.substr(0, colon + 1)).append(hidden).append(uri.substr(at));
}

// libpq decodes the names of parameters too. Any "%" in one is odd enough to hide what it stands for.
bool is_secret(std::string_view parameter) {
  const std::string_view name = parameter.substr(0, parameter.find('='));
  return name == "password" || name == "sslpassword" || name.find('%') != std::string_view::npos;
}

std::string without_passwords(std::string_view uri) {
  std::string text = without_user_password(uri);
  const std::size_t question = text.find('?');
  if (question == std::string::npos) return text;
  const std::string parameters = text.substr(question + 1);
  text.erase(question + 1);
  for (std::size_t start = 0; start <= parameters.size();) {
    const std::size_t end = std::min(parameters.find('&', start), parameters.size());
    const std::string_view parameter = std::string_view(parameters).substr(start, end - start);
    if (start != 0) text += '&';
    const std::size_t value = parameter.find('=');
    const bool secret = value != std::string_view::npos && is_secret(parameter);
    text += secret ? parameter.substr(0, value + 1) : parameter;
    if (secret) text += hidden;
    start = end + 1;
  }
  return text;
}

}  // namespace

Expected<StoreName> StoreName::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return failure(Reason::bad_option, "the name of a verdict store has no NUL in it");
  if (text.starts_with(sqlite) && text.size() > sqlite.size())
    return StoreName(std::string(text), SqliteFile{std::string(text.substr(sqlite.size()))});
  if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
    return StoreName(without_passwords(text), PostgresDatabase{std::string(text)});
  return failure(Reason::bad_option, "a verdict store is written sqlite:FILE or postgresql://...");
}

}  // namespace tecs
