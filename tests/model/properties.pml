// What PROTOCOL claims. Each is asked of the world, where it is known who signed what on which connection, and not of
// the verifier. variants.py says where they hold and where not.

ltl tuple { [] !broken.tuple }
ltl holder { [] !broken.holder }
ltl connection_of_signer { [] !broken.connection_of_signer }
ltl address_of_signer { [] !broken.address_of_signer }
ltl fresh { [] !broken.fresh }
ltl once { [] !broken.once }
ltl login { [] !broken.login }
ltl own_session { [] !broken.own_session }
ltl destination { [] !broken.destination }
ltl source { [] !broken.source }
ltl mail_of_signer { [] !broken.mail_of_signer }
ltl ascribed { [] !broken.ascribed }
ltl served { [] !broken.served }
// Must not hold anywhere: or else all that holds would hold because nobody ever passes.
ltl signer_never_passes { [] !(connection[0].verdict == signer_domain) }

typedef Broken {
  bool tuple, holder, connection_of_signer, address_of_signer, fresh, once, login, own_session, destination, source,
    mail_of_signer, ascribed, served;
};
Broken broken;

#define KEY_IN_DNS(d) (d == signer_domain -> signer_key : KEY_IN_DNS_OF_ATTACKER)
#define HOLDER_OF(d) (d == signer_domain -> signer_key : attacker_key)
#define BREAKS(property, condition) if :: condition -> broken.property = true :: else fi

#define ACCEPTED_ALIKE(s, c) (s != c && connection[s].accepted == exchange[c].domain && \
  connection[s].accepted_epoch == signature[exchange[c].signature].epoch && \
  connection[s].accepted_address == connection[found].address && \
  connection[s].accepted_port == connection[found].port)

// The credential that came over c is accepted for the session found.
inline look_at_pass(c) {
  k = exchange[c].signature;
  BREAKS(tuple, !SIGNED_FOR(k, found) || !IN_WINDOW(k, exchange[c].at) ||
                KEY_OF(k) != KEY_IN_DNS(exchange[c].domain));
  BREAKS(holder, KEY_OF(k) != HOLDER_OF(exchange[c].domain));
  BREAKS(connection_of_signer, exchange[c].domain == signer_domain && found != k);
  BREAKS(address_of_signer, exchange[c].domain == signer_domain && connection[found].address != PUBLIC_ADDRESS);
  BREAKS(fresh, exchange[c].at > MADE_AT(k) + TOLERANCE + (CHALLENGE -> SKEW : 0));
  BREAKS(login, exchange[c].domain == signer_domain && c != k);
  BREAKS(own_session, found != c);
  for (i : 0 .. CONNECTIONS - 1) {
    BREAKS(once, ACCEPTED_ALIKE(i, c))
  }
  connection[c].accepted = exchange[c].domain;
  connection[c].accepted_address = connection[found].address;
  connection[c].accepted_port = connection[found].port;
  connection[c].accepted_epoch = signature[k].epoch
}

// The signer's own credential, on its own connection and in time, is refused for good.
inline look_at_refusal(c) {
  k = exchange[c].signature;
  BREAKS(served, connection[c].answer == reply_535 && c < SIGNERS && k == c && exchange[c].domain == signer_domain &&
                 IN_WINDOW(k, exchange[c].at))
}

// The signer has signed on its connection c.
inline look_at_signature(c) {
  BREAKS(destination, signature[c].destination != connection[c].destination);
  BREAKS(source, signature[c].address != connection[c].address || signature[c].port != connection[c].port)
}

// Somebody sends mail over a connection: the signer, if its slot is below SIGNERS.
inline send_mail(over, by) {
  BREAKS(mail_of_signer, connection[over].verdict == signer_domain && by >= SIGNERS);
  BREAKS(ascribed, connection[over].verdict == attacker_domain && by < SIGNERS);
  printf("%e: mail on connection %d, for which %e answers\n", (by < SIGNERS -> the_signer : the_attacker), over,
         connection[over].verdict)
}
