// The receiver: tecs-milter behind an MTA.

// milter/session_registry.cpp, SessionRegistry::candidates. Where the MTA names the client's port or its process
// (TIE), an AUTH can come from one session only. Else any open one of that address will do, but for those that have
// passed. Without SESSIONS the milter knows no connection, and the MTA names both ends with their ports
// (milter/possible_connections.cpp, named_by).
#define SAME_CLIENT(s, c) (connection[s].registered && connection[s].address == connection[c].address && \
  connection[s].receiver == connection[c].receiver)
#define MAY_BE(s, c) \
  (SESSIONS == 0 -> s == c : SAME_CLIENT(s, c) && \
    (TIE -> s == c : (connection[s].verdict == no_domain || PASSED_SESSION_IS_CANDIDATE)))

// milter/mechanism.cpp, Mechanism::authenticate: the time and the candidates are those of the arrival, however long
// the key takes.
inline auth_arrives(over, which, whose) {
  exchange[over].pending = true;
  exchange[over].at = VERIFIER_NOW;
#if CLOCK_STEPS > 0
  exchange[over].since = now;
#endif
  exchange[over].signature = which;
  exchange[over].domain = whose;
  for (i : 0 .. CONNECTIONS - 1) {
    if :: MAY_BE(i, over) -> exchange[over].candidates = exchange[over].candidates | (1 << i) :: else fi
  }
  tidy();
  connection[over].answer = no_answer;
  printf("verifier: AUTH on connection %d: signature %d, d=%e\n", over, which, whose)
}

// libtecs/core/verifier.cpp, Verifier::verify, and libtecs/core/signed_octets.cpp: PROTOCOL sections 3 and 4. A guard
// in each line.
#define VERIFIES(s, m, d, at) (signature[s].made && \
  (KEY_OF(s) == KEY_IN_DNS(d) || WITHOUT_KEY_OF_DOMAIN) && \
  (IS_VERIFIER(signature[s].destination) || WITHOUT_SIGNED_DESTINATION) && \
  (signature[s].address == connection[m].address || WITHOUT_SIGNED_ADDRESS) && \
  (signature[s].port == connection[m].port || WITHOUT_SIGNED_PORT) && \
  (IN_WINDOW(s, at) || WITHOUT_WINDOW))

// found: the first candidate that was signed.
inline match(c) {
  found = NOBODY;
  for (i : 0 .. CONNECTIONS - 1) {
    fits = (exchange[c].candidates & (1 << i)) != 0 &&
           VERIFIES(exchange[c].signature, i, exchange[c].domain, exchange[c].at);
    if :: fits && found == NOBODY -> found = i :: else fi
  }
}

// The connection ended while the key was fetched (SessionRegistry::mark: closed).
#define HAS_ENDED(m) (SESSIONS && !connection[m].registered)
// The same credential twice, and nothing says that both came from one session (already_passed).
#define HAS_PASSED(m) (SESSIONS && !TIE && connection[m].verdict != no_domain && !PASSED_SESSION_IS_CANDIDATE)

// milter/mechanism.cpp, Mechanism::refuse_replay and settle: PROTOCOL section 5. `use` is what the replay memory
// says.
inline settle(c) {
  connection[c].answer =
    (exchange[c].candidates == 0 -> reply_454 :
    (found == NOBODY -> reply_535 :
    (use == known_of_another -> reply_535 :
    (use == cannot_tell -> reply_454 :
    (HAS_ENDED(found) -> reply_454 :
    (HAS_PASSED(found) -> reply_535 : reply_235))))));
  if
  :: connection[c].answer == reply_235 ->
       if :: connection[found].stage == opened -> connection[found].verdict = exchange[c].domain :: else fi;
       look_at_pass(c);
       printf("verifier: pass for %e on connection %d, signature %d\n", exchange[c].domain, found,
              exchange[c].signature)
  :: else ->
       // Of one session for sure: what came last counts.
       if :: SESSIONS && TIE -> connection[c].verdict = no_domain :: else fi;
       look_at_refusal(c);
       printf("verifier: %e on connection %d\n", connection[c].answer, c)
  fi
}

inline forget_exchange(c) {
  exchange[c].pending = false;
  exchange[c].at = 0;
#if CLOCK_STEPS > 0
  exchange[c].since = 0;
#endif
  exchange[c].candidates = 0;
  exchange[c].signature = 0;
  exchange[c].domain = no_domain
}

// One thread of the SASL door. To look and to record is one step (the lock in ReplayMemory::use).
proctype Door(byte c) {
#if WITHOUT_ONE_STEP
  bool asked;
  mtype told;
#endif
end:
  do
#if WITHOUT_ONE_STEP
  :: d_step {
       exchange[c].pending && !asked ->
         match(c);
         use = first_use;
         if :: found != NOBODY -> look_up(c, found) :: else fi;
         told = use;
         asked = true;
         tidy()
     }
  :: d_step {
       exchange[c].pending && asked ->
         match(c);
         use = told;
         if :: found != NOBODY && use == first_use -> record(c, found) :: else fi;
         told = 0;
         asked = false;
         settle(c);
         forget_exchange(c);
         tidy()
     }
#else
  :: d_step {
       exchange[c].pending ->
         match(c);
         use = first_use;
         if :: found != NOBODY -> look_up(c, found) :: else fi;
         if :: found != NOBODY && use == first_use -> record(c, found) :: else fi;
         settle(c);
         forget_exchange(c);
         tidy()
     }
#endif
  od
}

#if GIVES_UP
// The MTA gives up on the door just before its answer: it says 454, while the pass stays.
proctype Impatience() {
end_idle:
  d_step {
    connection[0].answer == reply_235 ->
      connection[0].answer = reply_454;
      printf("verifier: the answer on connection 0 is lost, and the MTA says 454\n")
  }
}
#endif

#if RESTARTS
// Neither memory nor registry outlives it. Connections stay, as they are the MTA's.
proctype Restart() {
  d_step {
    for (i : 0 .. MEMORY - 1) { forget(i) }
    forgotten = 0;
#if CLOCK_STEPS > 0
    forgotten_at = 0;
#endif
    for (k : 0 .. CONNECTIONS - 1) {
      connection[k].registered = false;
      connection[k].verdict = no_domain;
      if :: exchange[k].pending -> forget_exchange(k); connection[k].answer = reply_454 :: else fi
    }
    tidy();
    printf("verifier: tecs-milter is restarted\n")
  }
}
#endif
