// Hosts, addresses, connections, and time.
//
// A connection has a slot of its own and is made once. Slots below SIGNERS are of the honest signer, the others of
// the attacker. Of each slot there is one signature, which bears its number.

mtype = { the_signer, the_verifier, the_other, the_attacker };             // hosts
mtype = { of_signer, inside_nat, of_nat, of_attacker };                    // addresses
mtype = { no_domain, signer_domain, attacker_domain };
mtype = { signer_key, attacker_key };
mtype = { unused, opened, ended };                                         // stages of a connection
mtype = { no_answer, reply_235, reply_454, reply_535 };                    // to AUTH
mtype = { first_use, known_of_same_user, known_of_another, cannot_tell };  // ReplayMemory::Use

typedef Connection {
  mtype stage;
  mtype destination;  // as its client sees it
  mtype reaches;      // where it ends in fact
  mtype own_address;  // its source, as its client sees it
  byte own_port;
  mtype address;      // its source, as its server sees it
  byte port;
  byte receiver;      // of several behind one address
  bool registered;    // SessionRegistry has a session for it
  bool tls;
  mtype verdict;      // what the registry says of that: the domain of a pass
  mtype answer;       // to the latest AUTH, as the MTA gives it
  // The latest credential that came over it and was accepted.
  mtype accepted;
  mtype accepted_address;
  byte accepted_port;
  byte accepted_epoch;
};

typedef Signature {
  bool made;
  bool known;  // to the attacker
  mtype destination;
  mtype address;
  byte port;
  byte epoch;
#if CHALLENGE
  byte made_at;  // without the challenge that is the epoch
#endif
};

// One AUTH, from its arrival to the answer.
typedef Exchange {
  bool pending;     // verification is under way: the key is being fetched
  byte at;          // the verifier's time when the credential arrived
#if CLOCK_STEPS > 0
  byte since;       // the same by a clock that is right
#endif
  byte candidates;  // the sessions that it may have come from, a bit each
  byte signature;
  mtype domain;     // d=
};

Connection connection[CONNECTIONS];
Signature signature[CONNECTIONS];
Exchange exchange[CONNECTIONS];

// In epochs, that is steps of 30 seconds. The signer's clock is right, the verifier's is off by so much.
byte now = START;
short offset;
#define VERIFIER_NOW (now + offset)

// Within one step only; cleared at its end, so that they make no states.
byte i, k, found, vacant;
bool fits;
mtype use;

inline tidy() { i = 0; k = 0; found = 0; vacant = 0; fits = false; use = 0 }

// Whether something is so of any slot.
#if CONNECTIONS == 2
#define ANY_1(is, a) (is(0, a) || is(1, a))
#define ANY_2(is, a, b) (is(0, a, b) || is(1, a, b))
#elif CONNECTIONS == 3
#define ANY_1(is, a) (is(0, a) || is(1, a) || is(2, a))
#define ANY_2(is, a, b) (is(0, a, b) || is(1, a, b) || is(2, a, b))
#else
#define ANY_1(is, a) (is(0, a) || is(1, a) || is(2, a) || is(3, a))
#define ANY_2(is, a, b) (is(0, a, b) || is(1, a, b) || is(2, a, b) || is(3, a, b))
#endif

// TCP: one connection at a time between two end points. Only those to the verifier count.
#define HOLDS(s, a, p) (connection[s].stage == opened && connection[s].reaches == the_verifier && \
  connection[s].address == a && connection[s].port == p)
#define TAKEN(a, p) ANY_2(HOLDS, a, p)

// What is so, whoever asks.
#define KEY_OF(s) (s < SIGNERS -> signer_key : attacker_key)
#define SIGNED_FOR(s, m) (signature[s].made && IS_VERIFIER(signature[s].destination) && \
  signature[s].address == connection[m].address && signature[s].port == connection[m].port)
#if CHALLENGE
#define MADE_AT(s) signature[s].made_at
#else
#define MADE_AT(s) signature[s].epoch
#endif
#define IN_WINDOW(s, at) (signature[s].epoch + TOLERANCE >= at && signature[s].epoch <= at + TOLERANCE)
#define IS_VERIFIER(d) (d == the_verifier || SAME_DESTINATION_ADDRESS)

#define ASKS_FOR(s, c) (exchange[s].pending && (exchange[s].candidates & (1 << c)) != 0)

inline end_connection(c) {
  connection[c].stage = ended;
  connection[c].destination = 0;
  connection[c].reaches = 0;
  connection[c].own_address = 0;
  connection[c].own_port = 0;
  // An exchange that is under way still compares with them.
  if :: !ANY_1(ASKS_FOR, c) -> connection[c].address = 0; connection[c].port = 0 :: else fi;
  connection[c].receiver = 0;
  connection[c].tls = false;
  connection[c].registered = false;  // SessionRegistry::close
  connection[c].verdict = no_domain;
  connection[c].answer = no_answer
}

// A key is there, or given up, before a second step is over (dns-timeout).
#if CLOCK_STEPS > 0
#define LASTS(s, t) (exchange[s].pending && exchange[s].since < t)
#else
#define LASTS(s, t) (exchange[s].pending && exchange[s].at < t)
#endif

proctype Time() {
end:
  do
  :: d_step { now < LAST && !ANY_1(LASTS, now) -> now++; printf("time: epoch %d\n", now) }
  od
}

#if CLOCK_STEPS > 0
// The verifier's clock is set wrong, or right again.
proctype WrongClock() {
  byte steps;
end:
  do
  :: atomic {
       steps < CLOCK_STEPS ->
         if
         :: offset == 0 && now > CLOCK_JUMP -> offset = -CLOCK_JUMP
#if CLOCK_STEPS > 1
         :: offset == 0 -> offset = CLOCK_JUMP
#endif
         :: offset != 0 -> offset = 0
         fi;
         steps++;
         printf("time: the verifier's clock is set to epoch %d\n", VERIFIER_NOW)
     }
  od
}
#endif
