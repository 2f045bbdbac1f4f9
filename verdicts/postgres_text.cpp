#include "verdicts/postgres_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tecs {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

// RFC 3629 section 4, as the table of the Unicode Standard that it refers to: only the second octet is bound
// to what stands before it.
struct Sequence {
  unsigned char first_low, first_high, second_low, second_high;
  std::size_t octets;
};
constexpr std::array<Sequence, 8> sequences{{{0xc2, 0xdf, 0x80, 0xbf, 2},
                                             {0xe0, 0xe0, 0xa0, 0xbf, 3},
                                             {0xe1, 0xec, 0x80, 0xbf, 3},
                                             {0xed, 0xed, 0x80, 0x9f, 3},
                                             {0xee, 0xef, 0x80, 0xbf, 3},
                                             {0xf0, 0xf0, 0x90, 0xbf, 4},
                                             {0xf1, 0xf3, 0x80, 0xbf, 4},
                                             {0xf4, 0xf4, 0x80, 0x8f, 4}}};

struct Piece {
  std::size_t octets;
  bool valid;
};

// What the text begins with: a character, or the octets that one U+FFFD stands for. Not for an empty text.
Piece first_piece(std::string_view text) noexcept {
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (octet(0) < 0x80) return {1, octet(0) != 0};
  const auto sequence = std::find_if(sequences.begin(), sequences.end(), [&](const Sequence& candidate) {
    return candidate.first_low <= octet(0) && octet(0) <= candidate.first_high;
  });
  if (sequence == sequences.end()) return {1, false};
  if (text.size() < 2 || octet(1) < sequence->second_low || octet(1) > sequence->second_high)
    return {1, false};
  std::size_t read = 2;
  while (read < sequence->octets && read < text.size() && (octet(read) & 0xc0U) == 0x80U) ++read;
  return {read, read == sequence->octets};
}

// Nearly all of nearly every text: neither to be made fit nor to be escaped.
bool is_plain(char letter) noexcept {
  const auto octet = static_cast<unsigned char>(letter);
  return (octet >= 0x20) & (octet < 0x80) & (letter != '\\');
}

// At the beginning. Many at a time, for which compilers have instructions.
std::size_t plain_octets(std::string_view text) noexcept {
  constexpr std::size_t at_a_time = 32;
  std::size_t plain = 0;
  while (text.size() - plain >= at_a_time) {
    bool all = true;
    for (std::size_t i = 0; i < at_a_time; ++i) all &= is_plain(text[plain + i]);
    if (!all) break;
    plain += at_a_time;
  }
  while (plain < text.size() && is_plain(text[plain])) ++plain;
  return plain;
}

// Calls take(characters) for all of it: for those that are plain together, for others one by one.
template <typename Take>
void for_each_character(std::string_view octets, Take take) {
  while (true) {
    const std::size_t plain = plain_octets(octets);
    if (plain != 0) take(octets.substr(0, plain));
    octets.remove_prefix(plain);
    if (octets.empty()) return;
    const Piece piece = first_piece(octets);
    take(piece.valid ? octets.substr(0, piece.octets) : replacement);
    octets.remove_prefix(piece.octets);
  }
}

}  // namespace

bool is_postgres_text(std::string_view octets) noexcept {
  while (true) {
    octets.remove_prefix(plain_octets(octets));
    if (octets.empty()) return true;
    const Piece piece = first_piece(octets);
    if (!piece.valid) return false;
    octets.remove_prefix(piece.octets);
  }
}

std::string postgres_text(std::string_view octets) {
  std::string text;
  text.reserve(octets.size());
  for_each_character(octets, [&](std::string_view characters) { text += characters; });
  return text;
}

void append_copy_text(std::string& row, std::string_view octets) {
  for_each_character(octets, [&](std::string_view characters) {
    switch (characters.front()) {
      case '\\':
        row += "\\\\";
        break;
      case '\t':
        row += "\\t";
        break;
      case '\n':
        row += "\\n";
        break;
      case '\r':
        row += "\\r";
        break;
      default:
        row += characters;
    }
  });
}

}  // namespace tecs
