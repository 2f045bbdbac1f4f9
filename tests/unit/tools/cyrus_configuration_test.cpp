#include "tools/cyrus_configuration.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(CyrusConfiguration, ReadsOptions) {
  const CyrusConfiguration configuration(
      "# mech_list: PLAIN\n\n  mech_list:  TECS-1 PLAIN \r\ntecs_socket:unix:/run/tecs/sasl\nno "
      "colon\nempty:");
  EXPECT_EQ(configuration.value("mech_list"), "TECS-1 PLAIN");
  EXPECT_EQ(configuration.value("tecs_socket"), "unix:/run/tecs/sasl");
  EXPECT_EQ(configuration.value("empty"), "");
  EXPECT_FALSE(configuration.value("no colon"));
  EXPECT_FALSE(configuration.value("pwcheck_method"));
}

TEST(CyrusConfiguration, TheFirstOfSeveralHolds) {
  EXPECT_EQ(CyrusConfiguration("a: 1\na: 2\n").value("a"), "1");
}

TEST(CyrusConfiguration, NamesAreComparedWithoutRegardToCase) {
  EXPECT_EQ(CyrusConfiguration("Mech_List: TECS-1\n").value("mech_list"), "TECS-1");
}

}  // namespace
}  // namespace tecs
