#include "milter/policy/x_tecs_field.hpp"

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace tecs {

std::string format_x_tecs(const Judgement& judgement, PolicyMode mode) {
  constexpr std::size_t longest_line = 78;  // RFC 5322 section 2.1.1
  std::string body;
  std::size_t column =
      std::string_view(x_tecs_name).size() + 1;  // with the colon; the space after it is counted below
  for (const std::string& next :
       {"score=" + judgement.score.format(), "action=" + std::string(word(judgement.action)),
        "symbols=" + format_symbols(judgement.symbols), "mode=" + std::string(word(mode))}) {
    const bool fold = column + 1 + next.size() > longest_line;
    if (!body.empty()) body += fold ? "\n\t" : " ";
    body += next;
    column = fold ? 1 + next.size() : column + 1 + next.size();
  }
  return body;
}

}  // namespace tecs
