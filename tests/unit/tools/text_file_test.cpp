#include "tools/text_file.hpp"

#include <sys/stat.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using TextFile = CommandTest;

TEST_F(TextFile, ReadsAll) {
  const std::string text(200'000, 'x');
  EXPECT_EQ(read_text_file(write("file", text)), text);
  EXPECT_EQ(read_text_file(write("empty", "")), "");
}

TEST_F(TextFile, RefusesWhatIsNoTextFile) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  struct Row {
    std::string name;
    std::string path;
    std::string want;
  };
  for (const Row& row : {Row{"not there", path("x"), "No such file"}, Row{"a folder", path(""), "not a file"},
                         Row{"a FIFO that nobody writes to", path("fifo"), "not a file"},
                         Row{"too large", write("large", std::string(maximum_text_file_octets + 1, 'x')),
                             "too large for a configuration"}}) {
    SCOPED_TRACE(row.name);
    const auto text = read_text_file(row.path);
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().sentence, HasSubstr(row.want));
  }
}

}  // namespace
}  // namespace tecs
