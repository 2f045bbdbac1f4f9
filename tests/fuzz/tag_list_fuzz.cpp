// A tag-list. Its tags are what stands between the semicolons, in their order, each name once.
#include <cstdlib>
#include <set>
#include <string>

#include "tecs/octets.hpp"
#include "tecs/tag_list.hpp"

namespace {

using namespace tecs;

void demand(bool holds) {
  if (!holds) std::abort();
}

void see_that_it_is_what_was_written(std::string_view text, const TagList& list) {
  std::string again;
  std::set<std::string_view> names;
  for (const TagList::Tag& tag : list.tags()) {
    demand(names.insert(tag.name).second && list.find(tag.name) == tag.value && mentions_tag(text, tag.name));
    demand(tag.name.data() >= text.data() &&
           tag.value.data() + tag.value.size() <= text.data() + text.size());
    again.append(tag.name).append("=").append(tag.value).append(";");
  }
  const auto second = TagList::parse(again);
  demand(second && second->tags().size() == list.tags().size());
  for (std::size_t i = 0; i < list.tags().size(); ++i) {
    demand(second->tags()[i].name == list.tags()[i].name && second->tags()[i].value == list.tags()[i].value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view text = text_of({input, size});
  const auto list = TagList::parse(text);
  if (list) {
    see_that_it_is_what_was_written(text, *list);
  } else {
    demand(list.error().reason == Reason::bad_credential);
  }
  (void)mentions_tag(text, "d");
  return 0;
}
