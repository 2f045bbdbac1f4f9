// The attacker has a domain and a key, and connects from its own address, or from behind the signer's address
// translation, or, if it sits on the path, from the signer's address. What it knows it may use at any time.

inline attacker_connects(c) {
  if
#if NAT != SHARED_NAT && (PATH != CHANGES || CHALLENGE)
  :: !TAKEN(of_attacker, 1) -> a = of_attacker; p = 1
  :: PORTS > 1 && !TAKEN(of_attacker, 2) -> a = of_attacker; p = 2
#endif
#if NAT == SHARED_NAT || PATH == CHANGES
  :: !TAKEN(PUBLIC_ADDRESS, 1) -> a = PUBLIC_ADDRESS; p = 1
  :: PORTS > 1 && !TAKEN(PUBLIC_ADDRESS, 2) -> a = PUBLIC_ADDRESS; p = 2
#endif
  fi;
#if RECEIVERS == 2
  if :: r = 0 :: r = 1 fi;
#endif
  d_step {
    connection[c].stage = opened;
    connection[c].destination = the_verifier;
    connection[c].reaches = the_verifier;
    connection[c].address = a;
    connection[c].port = p;
    connection[c].receiver = r;
    connection[c].registered = true;
    printf("attacker: connection %d to the_verifier from %e:%d\n", c, a, p);
    a = 0; p = 0; r = 0
  }
}

// With its own key it signs whatever it likes: here, any connection to the verifier.
inline attacker_signs(own_, whose) {
  signature[own_].made = true;
  signature[own_].known = true;
  signature[own_].destination = the_verifier;
  signature[own_].address = connection[whose].address;
  signature[own_].port = connection[whose].port;
  signature[own_].epoch = VERIFIER_NOW;
#if CHALLENGE
  signature[own_].made_at = now;
#endif
  printf("attacker: signature %d of its own for %e:%d in epoch %d\n", own_, connection[whose].address,
         connection[whose].port, VERIFIER_NOW)
}

// A credential that somebody has sent, or one of its own; as it is, or under the other domain. Its own signatures are
// for this connection, or for the signer's; they go to the slot own.
inline attacker_sends(over, own) {
  if
  :: !signature[own].made -> sign_for = over; x = own
  :: !signature[own].made && connection[0].stage == opened && over != 0 -> sign_for = 0; x = own
  :: signature[0].known -> x = 0
  :: signature[1].known -> x = 1
#if CONNECTIONS > 2
  :: signature[2].known -> x = 2
#endif
#if CONNECTIONS > 3
  :: signature[3].known -> x = 3
#endif
  fi;
  if :: who = signer_domain :: who = attacker_domain fi;
  d_step {
    if :: !signature[x].made -> attacker_signs(x, sign_for) :: else fi;
    auth_arrives(over, x, who);
    x = 0; sign_for = 0; who = no_domain
  }
}

// It loses nothing by waiting before it connects rather than after it. Who comes first is the same.
proctype Attacker(byte c) {
  mtype a;
  mtype who = no_domain;
  byte p, r, x, sign_for;
  atomic {
    c == SIGNERS || connection[c - 1].stage != unused ->
      attacker_connects(c);
      attacker_sends(c, c)
  }
  d_step {
    !exchange[c].pending ->
      if :: connection[c].verdict != no_domain -> send_mail(c, c) :: else fi;
      printf("attacker: connection %d ends\n", c);
      end_connection(c)
  }
end:
  skip
}

#if PATH == CHANGES
// Who can change what passes: says something on the signer's connection, in its place.
#define CAN_WRITE (connection[0].stage == opened && connection[0].reaches == the_verifier && !connection[0].tls)

proctype OnThePath() {
  mtype who = no_domain;
  byte x, sign_for;
end_idle:  // it need not
  if
  :: atomic {
       CAN_WRITE && !exchange[0].pending && connection[0].answer == no_answer ->
         printf("attacker: writes on connection 0\n");
         attacker_sends(0, SIGNERS)
     }
  :: d_step { CAN_WRITE && connection[0].verdict != no_domain -> send_mail(0, SIGNERS) }
  fi;
end:
  skip
}
#endif
