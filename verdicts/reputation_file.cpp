#include "verdicts/reputation_file.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include "tecs/domain.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::string_view blanks = " \t\r";

// Takes the first word off the line; empty when there is none.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

struct Line {
  Domain domain;
  Reputation reputation;
};

// Empty: nothing but a comment.
Expected<std::optional<Line>> parse_line(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const std::string_view name = next_word(line);
  if (name.empty()) return std::optional<Line>();
  const auto domain = Domain::parse(name);
  if (!domain) return tl::unexpected(domain.error());
  const auto reputation = parse_reputation(next_word(line));
  if (!reputation || !next_word(line).empty()) {
    return failure(Reason::bad_option, "behind the domain stands one of good, medium, bad and unknown");
  }
  return std::optional(Line{*domain, *reputation});
}

struct OpenedFile {
  std::ifstream stream;
  std::size_t size;
};

Expected<OpenedFile> open_file(const std::string& path) {
  const auto unreadable = [&](const std::string& why) {
    return failure(Reason::bad_option, path + " cannot be read: " + why);
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) return unreadable(error.message());
  // A device or a pipe may have no end.
  if (!std::filesystem::is_regular_file(status)) return unreadable("it is not a plain file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) return unreadable(error.message());
  if (size > ReputationFile::maximum_octets) return unreadable("it is larger than 256 MiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return unreadable(std::generic_category().message(errno));
  return OpenedFile{std::move(stream), size};
}

}  // namespace

Expected<std::unique_ptr<ReputationFile>> ReputationFile::load(const std::string& path) {
  auto opened = open_file(path);
  if (!opened) return tl::unexpected(opened.error());
  std::ifstream& stream = opened->stream;
  std::unique_ptr<ReputationFile> file(new ReputationFile);
  file->entries_.reserve(opened->size + 1);  // a line is longer than its entry
  std::array<char, longest_line + 1> buffer{};
  for (std::size_t number = 1;; ++number) {
    const auto wrong = [&](const std::string& why) {
      return failure(Reason::bad_option,
                     std::string(path).append(":").append(std::to_string(number)).append(": ").append(why));
    };
    stream.getline(buffer.data(), buffer.size());
    if (stream.bad()) return failure(Reason::bad_option, path + " cannot be read to its end");
    const auto count = static_cast<std::size_t>(stream.gcount());
    if (stream.fail()) {
      if (stream.eof() && count == 0) return file;
      return wrong("a line of more than " + std::to_string(longest_line) + " octets");
    }
    // The line break is counted, and not there at the end of the file.
    const auto line = parse_line({buffer.data(), stream.eof() ? count : count - 1});
    if (!line) return wrong(line.error().sentence);
    if (*line && !file->add((*line)->domain.text(), (*line)->reputation))
      return wrong("this domain stands above with another reputation");
  }
}

Expected<ReputationFinding> ReputationFile::lookup(const std::string& domain,
                                                   std::chrono::milliseconds /*time_left*/) {
  ReputationFinding found{std::nullopt, std::chrono::seconds::max()};
  if (const std::uint32_t entry = slots_[slot_of(domain)]; entry != 0)
    found.reputation = static_cast<Reputation>(entries_[entry]);
  return found;
}

bool ReputationFile::add(std::string_view domain, Reputation reputation) {
  const std::size_t slot = slot_of(domain);
  if (slots_[slot] != 0) return entries_[slots_[slot]] == static_cast<char>(reputation);
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back(static_cast<char>(reputation));
  entries_.push_back(static_cast<char>(domain.size()));  // 253 at most
  entries_.insert(entries_.end(), domain.begin(), domain.end());
  ++count_;
  if (2 * count_ > slots_.size()) grow();
  return true;
}

// Linear probing; at least every other slot is free. Whoever writes the file can make it slow, and only for
// themselves.
std::size_t ReputationFile::slot_of(std::string_view domain) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(domain)&mask;
  while (slots_[slot] != 0 && name_at(slots_[slot]) != domain) slot = (slot + 1) & mask;
  return slot;
}

std::string_view ReputationFile::name_at(std::uint32_t entry) const {
  return {&entries_[entry + 2], static_cast<unsigned char>(entries_[entry + 1])};
}

void ReputationFile::grow() {
  const std::vector<std::uint32_t> former =
      std::exchange(slots_, std::vector<std::uint32_t>(2 * slots_.size()));
  for (const std::uint32_t entry : former) {
    if (entry != 0) slots_[slot_of(name_at(entry))] = entry;
  }
}

}  // namespace tecs
