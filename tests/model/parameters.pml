// A variant is what of this is given another value: spin -DNAME=VALUE.

// How much there is of everything.
#ifndef SIGNERS
#define SIGNERS 1      // connections of the signer: 1 or 2
#endif
#ifndef ATTACKERS
#define ATTACKERS 2    // connections of the attacker: with those of the signer 2 to 4
#endif
#if SIGNERS + ATTACKERS == 2
#define CONNECTIONS 2
#elif SIGNERS + ATTACKERS == 3
#define CONNECTIONS 3
#else
#define CONNECTIONS 4
#endif
#define NOBODY CONNECTIONS
#ifndef PORTS
#define PORTS 2        // of each address: 1 or 2
#endif
#ifndef MEMORY
#define MEMORY 4       // signatures that the replay memory has room for (replay-memory-size)
#endif
#ifndef START
#define START 1        // the first epoch and the last
#endif
#ifndef LAST
#define LAST 3
#endif
#define TOLERANCE 1    // steps, each way (epoch-tolerance)
#define SKEW 1         // steps that the challenge may differ from the signer's clock (challenge-skew; there it is 4)
#define LONGEST_WINDOW (2 * TOLERANCE + 1)

// The world.
#define AWAY 0         // PATH, where the attacker sits: elsewhere; where it reads what passes; where it changes that
#define READS 1
#define CHANGES 2
#ifndef PATH
#define PATH READS
#endif
#define NO_TLS 0       // TLS of the signer's connections: none; without a look at who the server is; with
#define UNCHECKED 1
#define CHECKED 2
#ifndef TLS
#define TLS NO_TLS
#endif
#define NO_NAT 0       // NAT, address translation of the signer: none; its own; one that the attacker is behind, too
#define OWN_NAT 1
#define SHARED_NAT 2
#ifndef NAT
#define NAT NO_NAT
#endif
#if NAT == NO_NAT
#define OWN_ADDRESS of_signer
#define PUBLIC_ADDRESS of_signer
#else
#define OWN_ADDRESS inside_nat
#define PUBLIC_ADDRESS of_nat
#endif
#ifndef CHALLENGE
#define CHALLENGE 0    // the signer asks for the challenge (nat = always)
#endif
#define NO_OTHER 0     // OTHER, the second destination that the signer connects to
#define HONEST 1
#define HOSTILE 2
#ifndef OTHER
#define OTHER NO_OTHER
#endif
#ifndef SAME_DESTINATION_ADDRESS
#define SAME_DESTINATION_ADDRESS 0  // it has the verifier's (private) address
#endif
#ifndef KEY_IN_DNS_OF_ATTACKER
#define KEY_IN_DNS_OF_ATTACKER attacker_key
#endif
#ifndef TIE
#define TIE 1          // the MTA says which of its connections an AUTH comes from (a port, or tecs_pid)
#endif
#ifndef SESSIONS
#define SESSIONS 1     // the milter knows of the connections; else the MTA alone does (the Cyrus plugin)
#endif
#ifndef RECEIVERS
#define RECEIVERS 1    // behind one address, each with a memory of its own
#endif
#ifndef RESTARTS
#define RESTARTS 0     // the verifier is restarted once
#endif
#ifndef GIVES_UP
#define GIVES_UP 0     // the MTA does not wait for an answer, once
#endif
#ifndef CLOCK_STEPS
#define CLOCK_STEPS 0  // how often the verifier's clock jumps, and how far
#endif
#ifndef CLOCK_JUMP
#define CLOCK_JUMP 3
#endif

// Guards that can be taken out, to see that something breaks.
#ifndef WITHOUT_SIGNED_DESTINATION
#define WITHOUT_SIGNED_DESTINATION 0
#endif
#ifndef WITHOUT_SIGNED_ADDRESS
#define WITHOUT_SIGNED_ADDRESS 0
#endif
#ifndef WITHOUT_SIGNED_PORT
#define WITHOUT_SIGNED_PORT 0
#endif
#ifndef WITHOUT_WINDOW
#define WITHOUT_WINDOW 0
#endif
#ifndef WITHOUT_KEY_OF_DOMAIN
#define WITHOUT_KEY_OF_DOMAIN 0
#endif
#ifndef WITHOUT_REPLAY_MEMORY
#define WITHOUT_REPLAY_MEMORY 0
#endif
#ifndef WITHOUT_ONE_STEP
#define WITHOUT_ONE_STEP 0
#endif
#ifndef WITHOUT_SAME_USER
#define WITHOUT_SAME_USER 0
#endif
#ifndef WITHOUT_FORGOTTEN_EPOCH
#define WITHOUT_FORGOTTEN_EPOCH 0
#endif
#ifndef WITHOUT_STEADY_CLOCK
#define WITHOUT_STEADY_CLOCK 0
#endif
#ifndef FORGETS_EARLY
#define FORGETS_EARLY 0  // by so many steps
#endif
#ifndef DROPS_OLDEST
#define DROPS_OLDEST 0   // when the memory is full
#endif
#ifndef PASSED_SESSION_IS_CANDIDATE
#define PASSED_SESSION_IS_CANDIDATE 0
#endif
#ifndef WITHOUT_OWN_DESTINATION
#define WITHOUT_OWN_DESTINATION 0
#endif
#ifndef WITHOUT_SKEW
#define WITHOUT_SKEW 0
#endif
#ifndef WITHOUT_SIGNED_TUPLES
#define WITHOUT_SIGNED_TUPLES 0
#endif
#ifndef WITHOUT_FORGETTING_AT_STARTTLS
#define WITHOUT_FORGETTING_AT_STARTTLS 0
#endif
