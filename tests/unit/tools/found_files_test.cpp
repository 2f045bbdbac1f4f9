#include "tools/found_files.hpp"

#include <gmock/gmock.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FoundFiles : public CommandTest {};

TEST_F(FoundFiles, AreThoseThatFitInTheOrderOfTheirNames) {
  for (const char* name : {"b", "a", "c"}) std::filesystem::create_directories(path(name));
  write("b/x.conf", "");
  write("a/x.conf", "");
  write("c/y.conf", "");
  EXPECT_THAT(find_files(path("*/x.conf")), ElementsAre(path("a/x.conf"), path("b/x.conf")));
  EXPECT_THAT(find_files(path("c/y.conf")), ElementsAre(path("c/y.conf")));
  EXPECT_THAT(find_files(path("*/z.conf")), IsEmpty());
  EXPECT_THAT(find_files(path("d/x.conf")), IsEmpty());
}

}  // namespace
}  // namespace tecs
