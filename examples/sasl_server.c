/* The server's side of AUTH TECS-1, on standard input and output, with keys from DNS.
 *
 *   cc -o sasl_server sasl_server.c $(pkg-config --cflags --libs tecs)
 *   ./sasl_server 192.0.2.25:25 198.51.100.7:40213 [RESOLVER:PORT]
 *   AUTH TECS-1 YT1yc2Etc2hhMjU2OyBx...
 *   235 2.7.0 example.org answers for this connection
 *
 * QUIT ends a session, and the next one begins.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tecs.h>

enum { LONGEST_LINE = 12288 }; /* RFC 4954 section 4 */

enum { MOST_REMEMBERED = 64 };

/* Signatures that were accepted. Here one process has them; a server with several shares them among all. */
typedef struct Remembered {
  char key[65]; /* of tecs_verification_replay_key() */
  int64_t expiry;
} Remembered;

typedef struct Server {
  tecs_tuple tuple;
  tecs_verifier *verifier;
  tecs_key_source *source;
  Remembered remembered[MOST_REMEMBERED];
  int authenticated; /* this session: 235 was answered */
} Server;

/* Without its end; NULL when there is none, or when it is longer than any client may send. */
static const char *read_line(char *line) {
  char *end;
  if (fgets(line, LONGEST_LINE, stdin) == NULL) return NULL;
  end = line + strcspn(line, "\r\n");
  if (*end == '\0' && !feof(stdin)) {
    puts("500 5.5.2 Line too long");
    return NULL;
  }
  *end = '\0';
  return line;
}

/* Commands are read without regard to case. */
static int begins_with(const char *line, const char *command) {
  for (; *command != '\0'; line++, command++)
    if (toupper((unsigned char)*line) != toupper((unsigned char)*command)) return 0;
  return 1;
}

static void answer_pass(Server *server, const tecs_verification *verification, int64_t now) {
  const char *key = tecs_verification_replay_key(verification);
  Remembered *unused = NULL;
  int i;
  for (i = 0; i < MOST_REMEMBERED; i++) {
    Remembered *known = &server->remembered[i];
    if (known->expiry <= now) {
      unused = known;
    } else if (strcmp(known->key, key) == 0) {
      puts("535 5.7.8 Another session has used this signature");
      return;
    }
  }
  if (unused == NULL) { /* what cannot be remembered could be used again */
    puts("454 4.7.0 Too many sessions now");
    return;
  }
  strcpy(unused->key, key);
  unused->expiry = tecs_verification_replay_expiry(verification);
  server->authenticated = 1;
  /* This lets nobody relay: it says who answers for the connection, no more. */
  printf("235 2.7.0 %s answers for this connection\n", tecs_verification_passed_domain(verification));
}

static void answer(Server *server, const tecs_verification *verification, int64_t now) {
  switch (tecs_verification_result(verification)) {
    case TECS_RESULT_PASS:
      answer_pass(server, verification, now);
      break;
    case TECS_RESULT_TEMPERROR:
      puts("454 4.7.0 The key cannot be fetched now"); /* why is for the log, not for strangers */
      break;
    default: /* also results that later versions may have */
      /* Nobody is authenticated, so it is 535 also for a domain that is testing; but its mail is then to be
       * treated as if the client had sent no AUTH: a server reports the result, and scores it as none. */
      printf("535 5.7.8 %s%s\n", tecs_verification_sentence(verification),
             tecs_verification_testing(verification) ? " (counts as none: the domain is testing)" : "");
  }
}

static int serve_auth(Server *server, const char *response, tecs_error **error) {
  char challenge[TECS_CHALLENGE_SIZE], line[LONGEST_LINE];
  tecs_verification *verification;
  int64_t now;

  if (server->authenticated) { /* RFC 4954 section 4 */
    puts("503 5.5.1 Already authenticated");
    return 0;
  }
  if (*response == '\0') {
    if (tecs_challenge_format(&server->tuple.source, time(NULL), TECS_BASE64, challenge, error) != 0)
      return -1;
    printf("334 %s\n", challenge);
    fflush(stdout);
    if ((response = read_line(line)) == NULL) return 0;
  }
  if (strcmp(response, "*") == 0) {
    puts("501 5.7.0 Cancelled");
    return 0;
  }
  if (strcmp(response, "=") == 0) response = ""; /* an initial response that is empty */
  now = time(NULL);
  verification = tecs_verifier_verify(server->verifier, response, strlen(response), TECS_BASE64,
                                      &server->tuple, 1, now, server->source, error);
  if (verification == NULL) return -1;
  answer(server, verification, now);
  tecs_verification_free(verification);
  return 0;
}

static int serve(Server *server, tecs_error **error) {
  static const char command[] = "AUTH " TECS_MECHANISM;
  char line[LONGEST_LINE];
  while (read_line(line) != NULL) {
    const char *rest = line + sizeof command - 1;
    if (begins_with(line, "QUIT") && line[4] == '\0') {
      puts("221 2.0.0 Bye");
      server->authenticated = 0;
    } else if (!begins_with(line, command) || (*rest != ' ' && *rest != '\0')) {
      puts("504 5.5.4 Only " TECS_MECHANISM " is spoken here");
    } else if (serve_auth(server, *rest == ' ' ? rest + 1 : rest, error) != 0) {
      return -1;
    }
    fflush(stdout);
  }
  return 0;
}

/* Verifier and source, with the cache in it, are made once and serve all connections. */
static int open_server(Server *server, char **argv, tecs_error **error) {
  tecs_options *options = tecs_options_new(error);
  int status = options == NULL ? -1 : 0;
  if (status == 0 && argv[3] != NULL) status = tecs_options_set(options, "resolver", argv[3], error);
  if (status == 0) status = tecs_endpoint_parse(argv[1], &server->tuple.destination, error);
  if (status == 0) status = tecs_endpoint_parse(argv[2], &server->tuple.source, error);
  if (status == 0 && (server->verifier = tecs_verifier_new(options, error)) == NULL) status = -1;
  if (status == 0 && (server->source = tecs_key_source_new_dns(options, error)) == NULL) status = -1;
  tecs_options_free(options);
  return status;
}

int main(int argc, char **argv) {
  static Server server;
  tecs_error *error = NULL;
  int status;
  if (argc != 3 && argc != 4) {
    fprintf(stderr, "Usage: sasl_server SERVER:PORT CLIENT:PORT [RESOLVER:PORT]\n");
    return EXIT_FAILURE;
  }
  status =
      open_server(&server, argv, &error) == 0 && serve(&server, &error) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  if (error != NULL)
    fprintf(stderr, "sasl_server: %s (%s)\n", tecs_error_sentence(error), tecs_error_reason(error));
  tecs_error_free(error);
  tecs_key_source_free(server.source);
  tecs_verifier_free(server.verifier);
  return status;
}
