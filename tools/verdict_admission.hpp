// What of a verdict that comes from elsewhere is let into a store.
#pragma once

#include "tecs/error.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// A pure function: the verdict as it is to be stored. Whoever wrote it may have written anything, so
//   - the id is a UUID, the end points, domain and selector are such, words have the form of words, the key
//     record can be read;
//   - the time is not before 2000 and no more than a day ahead of now, and no number is so large that sums of
//     them would leave the range of a database's;
//   - texts for people are made printable and cut, as tecs-milter does with what strangers send;
//   - what follows from the rest is not believed: organizational domain and client network are found anew.
// What tecs-milter wrote comes out as it is. Fails with protocol_error; the sentence names the field, and
// repeats nothing of what stands there.
[[nodiscard]] Expected<Verdict> admit_verdict(Verdict verdict, const PublicSuffixList& suffixes,
                                              Verdict::Time now);

}  // namespace tecs
