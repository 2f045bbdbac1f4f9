// TECS-1 as PROTOCOL says it and as it is built: a signer, a verifier, an attacker, address translation.
// docs/model.md tells what of it is here and what is not.

#include "parameters.pml"
#include "world.pml"
#include "properties.pml"
#include "replay_memory.pml"
#include "verifier.pml"
#include "attacker.pml"
#include "signer.pml"

init {
  atomic {
    for (i : 0 .. CONNECTIONS - 1) {
      connection[i].stage = unused;
      connection[i].verdict = no_domain;
      connection[i].answer = no_answer;
      connection[i].accepted = no_domain;
      exchange[i].domain = no_domain
    }
    tidy();
    run Time();
    run Door(0); run Signer(0);
    run Door(1);
#if SIGNERS > 1
    run Signer(1);
#else
    run Attacker(1);
#endif
#if CONNECTIONS > 2
    run Door(2); run Attacker(2);
#endif
#if CONNECTIONS > 3
    run Door(3); run Attacker(3);
#endif
#if PATH == CHANGES
    run OnThePath();
#endif
#if RESTARTS
    run Restart();
#endif
#if GIVES_UP
    run Impatience();
#endif
#if CLOCK_STEPS > 0
    run WrongClock();
#endif
  }
}
