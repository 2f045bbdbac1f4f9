#include "tools/bounded_mail.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tecs {
namespace {

TEST(BoundedMail, KeepsOneOctetMoreThanAskedForAndReadsAll) {
  for (const std::size_t size : {0UL, 1UL, 99UL, 100UL, 101UL, 200UL, 65536UL, 300000UL}) {
    std::istringstream in(std::string(size, 'x'));
    EXPECT_EQ(read_bounded_mail(in, 100).size(), std::min<std::size_t>(size, 101)) << size;
    EXPECT_EQ(in.peek(), std::istringstream::traits_type::eof());
  }
  std::istringstream octets(std::string("a\0\r\n\xff", 5));
  EXPECT_EQ(read_bounded_mail(octets, 100), std::string("a\0\r\n\xff", 5));
}

}  // namespace
}  // namespace tecs
