#include "milter/policy/x_tecs_field.hpp"

#include "milter/policy/folded_words.hpp"

namespace tecs {

std::string format_x_tecs(const Judgement& judgement, PolicyMode mode) {
  return fold_words(x_tecs_name,
                    {"score=" + judgement.score.format(), "action=" + std::string(word(judgement.action)),
                     "symbols=" + format_symbols(judgement.symbols), "mode=" + std::string(word(mode))});
}

}  // namespace tecs
