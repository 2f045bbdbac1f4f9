// The honest sender: tecs-signer, one process for each connection.

// signer/dialogue_driver.cpp, may_have_signed: the port is not one over which the same may have been signed already
// (signer/signed_tuples.hpp). With the challenge the epoch may be earlier by the skew.
#define SIGNED_BEFORE(s, d, p) (signature[s].made && signature[s].destination == d && signature[s].port == p && \
  signature[s].address == OWN_ADDRESS && signature[s].epoch + (CHALLENGE -> SKEW : 0) >= now)
#if SIGNERS == 1
#define MAY_HAVE_SIGNED(d, p) SIGNED_BEFORE(0, d, p)
#else
#define MAY_HAVE_SIGNED(d, p) (SIGNED_BEFORE(0, d, p) || SIGNED_BEFORE(1, d, p))
#endif
#define OWNS(s, p) (connection[s].stage == opened && connection[s].own_port == p)
#if SIGNERS == 1
#define OWN_PORT_IS_FREE(p) (!OWNS(0, p))
#else
#define OWN_PORT_IS_FREE(p) (!OWNS(0, p) && !OWNS(1, p))
#endif

inline choose_own_port(c, d) {
  if
  // Ports have no order, so let the first be of the first.
  :: OWN_PORT_IS_FREE(1) && (!MAY_HAVE_SIGNED(d, 1) || WITHOUT_SIGNED_TUPLES) -> p = 1
  :: PORTS > 1 && c > 0 && OWN_PORT_IS_FREE(2) && (!MAY_HAVE_SIGNED(d, 2) || WITHOUT_SIGNED_TUPLES) -> p = 2
  fi
}

// Address translation takes any port that is free, also one that was used just now.
inline choose_public_port() {
  if
#if NAT == NO_NAT
  :: !TAKEN(of_signer, p) -> public = p
#else
  :: !TAKEN(of_nat, 1) -> public = 1
  :: PORTS > 1 && !TAKEN(of_nat, 2) -> public = 2
#endif
  fi
}

inline signer_connects(c) {
  atomic {
    c == 0 || connection[0].stage != unused;
#if OTHER != NO_OTHER
    if :: d = the_verifier :: d = the_other fi;
#endif
    choose_own_port(c, d);
    choose_public_port();
#if PATH == CHANGES && TLS != CHECKED
    // Who sits on the path may end the connection himself. With TLS that is checked the client would notice.
    if :: d == the_verifier -> intercepted = true :: true fi;
#endif
#if RECEIVERS == 2
    if :: r = 0 :: r = 1 fi;
#endif
    d_step {
      connection[c].stage = opened;
      connection[c].destination = d;
      connection[c].reaches = (intercepted -> the_attacker : d);
      connection[c].receiver = r;
      connection[c].own_address = OWN_ADDRESS;
      connection[c].own_port = p;
      connection[c].address = PUBLIC_ADDRESS;
      connection[c].port = public;
      connection[c].registered = (connection[c].reaches == the_verifier);
      printf("signer: connection %d to %e from %e:%d, seen as %e:%d, ends at %e\n", c, d, OWN_ADDRESS, p,
             PUBLIC_ADDRESS, public, connection[c].reaches);
      d = the_verifier; p = 0; public = 0; r = 0; intercepted = false
    }
  }
}

// RFC 3207 section 4.2, signer/smtp_dialogue.cpp: AUTH comes after it. milter/milter_session.cpp,
// take_up_authentication: what the server was told before it is forgotten.
inline start_tls(c) {
  d_step {
    !exchange[c].pending ->
      connection[c].tls = true;
      if :: !WITHOUT_FORGETTING_AT_STARTTLS -> connection[c].verdict = no_domain :: else fi;
      connection[c].answer = no_answer;
      printf("signer: STARTTLS on connection %d\n", c)
  }
}

#define HOSTILE_ANSWERS(c) (connection[c].reaches == the_attacker || \
  (connection[c].reaches == the_other && OTHER == HOSTILE) || (PATH == CHANGES && !connection[c].tls))
#define IS_ANOTHER(s, c) (s != c && SAME_CLIENT(s, c))
#define TOLD_FOR_SURE(c) (connection[c].registered && (TIE || !ANY_1(IS_ANOTHER, c)))

// PROTOCOL section 6: what the 334 says. An honest server tells the source that it sees, if it is sure which
// connection asks (milter/mechanism.cpp, Mechanism::challenge); a hostile one whatever it likes.
inline read_challenge(c) {
  if
  :: connection[c].reaches == the_verifier && TOLD_FOR_SURE(c) ->
       a = connection[c].address; p = connection[c].port; at = VERIFIER_NOW
  :: connection[c].reaches == the_verifier && !TOLD_FOR_SURE(c)
  :: connection[c].reaches == the_other && OTHER == HONEST ->
       a = connection[c].address; p = connection[c].port; at = now
  :: HOSTILE_ANSWERS(c) ->
       if :: a = connection[c].address :: a = of_attacker fi;
#if PORTS > 1
       if :: p = 1 :: p = 2 fi;
#endif
       if :: at = now :: at = now + SKEW :: at = now + SKEW + 1 fi;
#if WITHOUT_OWN_DESTINATION
       if :: d = connection[c].destination :: d = the_verifier fi;
#endif
       printf("attacker: the challenge on connection %d names destination %e, source %e:%d, epoch %d\n", c, d, a, p,
              at)
  fi
}

// libtecs/core/signed_view.cpp: source and time of the challenge, the destination never.
inline sign(c) {
  atomic {
    a = OWN_ADDRESS; p = connection[c].own_port; at = now; d = connection[c].destination;
#if CHALLENGE
    read_challenge(c);
#endif
    d_step {
      signature[c].made = true;
      signature[c].destination = (WITHOUT_OWN_DESTINATION -> d : connection[c].destination);
      signature[c].address = a;
      signature[c].port = p;
      signature[c].epoch = ((at <= now + SKEW && at + SKEW >= now) || WITHOUT_SKEW -> at : now);
#if CHALLENGE
      signature[c].made_at = now;
#endif
      signature[c].known = (PATH != AWAY && !connection[c].tls) || connection[c].reaches == the_attacker ||
                           (connection[c].reaches == the_other && OTHER == HOSTILE);
      look_at_signature(c);
      printf("signer: signature %d is for %e from %e:%d in epoch %d\n", c, signature[c].destination, a, p,
             signature[c].epoch);
      if :: signature[c].known -> printf("attacker: knows signature %d\n", c) :: else fi;
      a = 0; p = 0; at = 0; d = the_verifier
    }
  }
}

proctype Signer(byte c) {
  mtype d = the_verifier;
  mtype a;
  byte p, public, r, at, tries;
  bool intercepted;
  signer_connects(c);
#if TLS != NO_TLS
  start_tls(c);
#endif
  sign(c);
  // AUTH may be lost on the way, or the connection break while the verifier is at work. After 454 it is tried once
  // more.
  do
  :: d_step {
       connection[c].reaches == the_verifier && !exchange[c].pending && tries < 2 &&
       (tries == 0 || connection[c].answer == reply_454) ->
         tries++;
         auth_arrives(c, c, signer_domain)
     }
  // Signed or not.
  :: d_step { connection[c].reaches == the_verifier && !exchange[c].pending -> send_mail(c, c); tries = 0 }; break
  :: tries = 0; break
  od;
  atomic { printf("signer: connection %d ends\n", c); end_connection(c) }
end:
  skip
}
