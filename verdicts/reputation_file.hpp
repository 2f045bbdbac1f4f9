// Reputation from a file: a line a domain, "example.org good". What follows a # is a comment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "verdicts/reputation_source.hpp"

namespace tecs {

// Immutable after load(), which reads all of it: the file is not looked at again. It takes about as much
// memory as the file is large, and a million lines are loaded in less than a second.
class ReputationFile final : public ReputationSource {
 public:
  static constexpr std::size_t maximum_octets = std::size_t{256} * 1024 * 1024;

  // Fails with bad_option: the sentence names the file and, unless it cannot be read, the line. A domain may
  // stand several times if all lines agree.
  [[nodiscard]] static Expected<std::unique_ptr<ReputationFile>> load(const std::string& path);

  // Never fails and never waits. The ttl says for ever.
  [[nodiscard]] Expected<ReputationFinding> lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) override;

  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  ReputationFile() = default;
  // False: the domain is there with another reputation.
  [[nodiscard]] bool add(std::string_view domain, Reputation reputation);
  // Where the domain stands in slots_, or belongs.
  [[nodiscard]] std::size_t slot_of(std::string_view domain) const;
  [[nodiscard]] std::string_view name_at(std::uint32_t entry) const;
  void grow();

  // An entry is an octet of reputation, one of length, and the name. A slot of the hash table is the place of
  // an entry; 0: free, as nothing begins at 0.
  std::vector<char> entries_{'\0'};
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(16);
  std::size_t count_ = 0;
};

}  // namespace tecs
