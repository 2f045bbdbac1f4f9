#include "milter/policy/folded_words.hpp"

#include <cstddef>

namespace tecs {

std::string fold_words(std::string_view name, const std::vector<std::string>& words) {
  constexpr std::size_t longest_line = 78;
  std::string body;
  std::size_t line = name.size() + 1;  // with the colon
  for (const std::string& next : words) {
    const bool folds = !body.empty() && line + 1 + next.size() > longest_line;
    if (!body.empty()) body += folds ? "\n\t" : " ";
    body += next;
    line = (folds ? 0 : line) + 1 + next.size();
  }
  return body;
}

}  // namespace tecs
