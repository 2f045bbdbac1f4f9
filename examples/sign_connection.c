/* Signs a connection, and prints what a client says to the server.
 *
 *   cc -o sign_connection sign_connection.c $(pkg-config --cflags --libs tecs)
 *   ./sign_connection example.org key.pem 192.0.2.25:25 198.51.100.7:40213 [SELECTOR]
 *
 * The two end points are the server's and the client's; an MTA gives those of its socket, with
 * tecs_endpoint_from_sockaddr(). "tecs keygen" makes a key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tecs.h>

/* Says what went wrong and frees it. */
static void complain(tecs_error *error) {
  fprintf(stderr, "sign_connection: %s (%s)\n", tecs_error_sentence(error), tecs_error_reason(error));
  tecs_error_free(error);
}

/* A program that signs much keeps the signer, from any number of threads; here it is for one connection. */
static tecs_signer *make_signer(const char *domain, const char *selector, const char *key_file,
                                tecs_error **error) {
  tecs_signer *signer;
  tecs_signing_key *key = tecs_signing_key_new_from_file(key_file, error);
  if (key == NULL) return NULL;
  signer = tecs_signer_new(domain, selector, key, error);
  tecs_signing_key_free(key);
  return signer;
}

/* The initial response, unless the command line would be longer than SMTP allows. */
static void print_commands(const tecs_credential *credential) {
  const char *initial_response = tecs_credential_initial_response(credential);
  if (initial_response != NULL) {
    printf("AUTH %s %s\n", TECS_MECHANISM, initial_response);
  } else {
    printf("AUTH %s\n", TECS_MECHANISM);
    /* ... the server answers 334 ... */
    printf("%s\n", tecs_credential_response(credential, TECS_BASE64));
  }
}

int main(int argc, char **argv) {
  tecs_error *error = NULL;
  tecs_tuple tuple;
  tecs_signer *signer;
  tecs_credential *credential;

  if (argc != 5 && argc != 6) {
    fprintf(stderr, "Usage: sign_connection DOMAIN KEY-FILE SERVER:PORT CLIENT:PORT [SELECTOR]\n");
    return EXIT_FAILURE;
  }
  if (tecs_endpoint_parse(argv[3], &tuple.destination, &error) != 0 ||
      tecs_endpoint_parse(argv[4], &tuple.source, &error) != 0) {
    complain(error);
    return EXIT_FAILURE;
  }
  signer = make_signer(argv[1], argc == 6 ? argv[5] : NULL, argv[2], &error);
  if (signer == NULL) {
    complain(error);
    return EXIT_FAILURE;
  }
  credential = tecs_signer_sign(signer, &tuple, time(NULL), &error);
  tecs_signer_free(signer);
  if (credential == NULL) {
    complain(error);
    return EXIT_FAILURE;
  }
  print_commands(credential);
  tecs_credential_free(credential);
  return EXIT_SUCCESS;
}
