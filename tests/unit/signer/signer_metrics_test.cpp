#include "signer/signer_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SignerMetrics, count_connections_by_how_they_came_out) {
  SignerMetrics metrics;
  metrics.count({.ending = SessionReport::Ending::is_signed});
  metrics.count({.ending = SessionReport::Ending::is_signed});
  metrics.count({.ending = SessionReport::Ending::not_signed});
  metrics.count({.ending = SessionReport::Ending::failed});
  const std::string page = metrics.format();
  EXPECT_THAT(page, HasSubstr("tecs_signer_connections_total{result=\"signed\"} 2"));
  EXPECT_THAT(page, HasSubstr("tecs_signer_connections_total{result=\"unsigned\"} 1"));
  EXPECT_THAT(page, HasSubstr("tecs_signer_connections_total{result=\"failed\"} 1"));
}

TEST(SignerMetrics, count_refused_signatures) {
  SignerMetrics metrics;
  EXPECT_THAT(metrics.format(), HasSubstr("tecs_signer_refused_total 0"));
  metrics.count({.ending = SessionReport::Ending::not_signed, .refused = true});
  EXPECT_THAT(metrics.format(), HasSubstr("tecs_signer_refused_total 1"));
}

TEST(SignerMetrics, count_what_became_of_tls) {
  SignerMetrics metrics;
  metrics.count({.tls_level = TlsLevel::dane, .tls_result = TlsResult::dane});
  metrics.count({.tls_level = TlsLevel::verify, .tls_result = TlsResult::failed});
  const std::string page = metrics.format();
  EXPECT_THAT(page, HasSubstr("tecs_signer_tls_total{level=\"dane\",result=\"dane\"} 1"));
  EXPECT_THAT(page, HasSubstr("tecs_signer_tls_total{level=\"verify\",result=\"failed\"} 1"));
}

TEST(SignerMetrics, show_what_a_signature_cost_of_those_that_have_one) {
  SignerMetrics metrics;
  metrics.count({.ending = SessionReport::Ending::is_signed, .added_time = std::chrono::milliseconds(20)});
  metrics.count({.ending = SessionReport::Ending::not_signed});
  const std::string page = metrics.format();
  EXPECT_THAT(page, HasSubstr("tecs_signer_added_seconds_count 1"));
  EXPECT_THAT(page, HasSubstr("tecs_signer_added_seconds_bucket{le=\"0.01\"} 0"));
  EXPECT_THAT(page, HasSubstr("tecs_signer_added_seconds_bucket{le=\"0.025\"} 1"));
}

TEST(SignerMetrics, name_no_server) {
  SignerMetrics metrics;
  metrics.count({.ending = SessionReport::Ending::failed, .tls_level = TlsLevel::may});
  EXPECT_THAT(metrics.format(), Not(HasSubstr("server=")));
}

}  // namespace
}  // namespace tecs
