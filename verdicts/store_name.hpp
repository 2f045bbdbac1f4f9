// Where verdicts are kept, as somebody writes it: "sqlite:FILE" or "postgresql://...".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tecs/error.hpp"

namespace tecs {

// Immutable value; thread safe.
class StoreName {
 public:
  struct SqliteFile {
    std::string path;
    friend bool operator==(const SqliteFile&, const SqliteFile&) = default;
  };
  // A connection URI as libpq reads it. It may hold a password: never to be printed.
  struct PostgresDatabase {
    std::string uri;
    friend bool operator==(const PostgresDatabase&, const PostgresDatabase&) = default;
  };
  using Place = std::variant<SqliteFile, PostgresDatabase>;

  // "sqlite:FILE", "postgresql://..." or "postgres://...". Whether the place exists is not known yet. Fails
  // with bad_option; the sentence does not repeat the text.
  [[nodiscard]] static Expected<StoreName> parse(std::string_view text);

  // For people and logs: as written, but without a password.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const Place& place() const noexcept { return place_; }

  friend bool operator==(const StoreName&, const StoreName&) = default;

 private:
  StoreName(std::string text, Place place) noexcept : text_(std::move(text)), place_(std::move(place)) {}

  std::string text_;
  Place place_;
};

}  // namespace tecs
