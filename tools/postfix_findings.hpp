// What is unsafe, broken or could be better in a Postfix that TECS is meant for.
#pragma once

#include <vector>

#include "tools/finding.hpp"
#include "tools/postfix_configuration.hpp"
#include "tools/postfix_rules.hpp"

namespace tecs {

// In the order of the services in master.cf. Asks nothing but `sockets`.
[[nodiscard]] std::vector<Finding> find_postfix_faults(const PostfixConfiguration& configuration,
                                                       const TecsDoors& doors, const SocketView& sockets);

}  // namespace tecs
