// A maildir: a folder in which each mail is a file of its own, and its name says whether it was seen.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

// A folder with new/ and cur/ in it.
[[nodiscard]] bool is_maildir(const std::filesystem::path& folder);

// The regular files in new/, and those in cur/ without the flag S (seen), each by name: the oldest delivery
// first. Fails with io_error when one of the two cannot be read.
[[nodiscard]] Expected<std::vector<std::filesystem::path>> find_unseen_mails(
    const std::filesystem::path& maildir);

// Reads a mail that find_unseen_mails() found, at most one octet more than the maximum, which tells that it
// is too large. Empty: it is gone, as somebody else has dealt with it. Fails with io_error when it cannot be
// read, also when something else than a regular file stands there now: links are not followed.
[[nodiscard]] Expected<std::optional<std::string>> read_found_mail(const std::filesystem::path& mail,
                                                                   std::size_t maximum_octets);

// Moves a mail that find_unseen_mails() found to cur/ with the flag S; flags that it has stay. Fails with
// io_error, also when a mail of that name is there already: it would be lost.
[[nodiscard]] Expected<void> mark_seen(const std::filesystem::path& mail);

}  // namespace tecs
