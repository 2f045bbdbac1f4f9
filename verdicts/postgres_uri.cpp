#include "verdicts/postgres_uri.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "verdicts/postgres_error.hpp"

namespace tecs {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
struct FreeText {
  void operator()(char* text) const noexcept { PQfreemem(text); }
};

std::string_view value_of(const PQconninfoOption* options, std::string_view keyword) noexcept {
  for (; options->keyword != nullptr; ++options) {
    if (options->keyword == keyword) return options->val == nullptr ? "" : options->val;
  }
  return {};
}

tl::unexpected<Error> unreadable(std::string_view why) {
  return failure(Reason::bad_option, "the store's URI cannot be used: " + std::string(why) +
                                         " (it is written postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
                                         "with %40 for @, %3A for : and %2F for / in a password)");
}

}  // namespace

Expected<void> check_postgres_uri(const std::string& uri) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(uri.c_str(), &message));
  const std::unique_ptr<char, FreeText> owner(message);
  if (!options) {
    constexpr std::string_view parameter = "invalid URI query parameter: ";
    const std::string_view said = message == nullptr ? "" : message;
    return unreadable(said.starts_with(parameter) ? postgres_sentence(said) : "libpq cannot read it");
  }
  // One host of several at least has a name that no host has, or a port that is no number.
  if (value_of(options.get(), "host").find('@') != std::string_view::npos)
    return unreadable("an @ stands in its host");
  if (value_of(options.get(), "port").find_first_not_of("0123456789,") != std::string_view::npos)
    return unreadable("its port is not a number");
  // The end of a password that has a "/" in it, and before that what looks like a port.
  if (value_of(options.get(), "dbname").find('@') != std::string_view::npos)
    return unreadable("an @ stands in the name of its database");
  return {};
}

}  // namespace tecs
