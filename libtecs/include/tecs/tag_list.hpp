// A DKIM tag-list: "name=value" pairs separated by semicolons (RFC 6376 section 3.2).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Looks into the text that it was parsed from and lives no longer than that. Immutable; thread safe.
class TECS_API TagList {
 public:
  struct Tag {
    std::string_view name;
    std::string_view value;  // without white space around it; folding white space inside is kept
  };

  // Fails with bad_credential when the text is not a tag-list or a name stands twice. The octets allowed are
  // those of the RFC: printable ASCII, space, tab, and CRLF before white space.
  [[nodiscard]] static Expected<TagList> parse(std::string_view text);

  // In the order of the text.
  [[nodiscard]] const std::vector<Tag>& tags() const noexcept { return tags_; }
  // Names are case-sensitive. Empty when there is no such tag; an empty value is not the same.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  std::vector<Tag> tags_;
};

// True when some piece of the text between semicolons is named so, even if the whole is not a tag-list.
[[nodiscard]] TECS_API bool mentions_tag(std::string_view text, std::string_view name) noexcept;

}  // namespace tecs
