/* Verifies what a client sent after "AUTH TECS-1 ", with keys that the program finds itself.
 *
 *   cc -o verify_connection verify_connection.c $(pkg-config --cflags --libs tecs)
 *   ./verify_connection records 192.0.2.25:25 198.51.100.7:40213 YT1yc2Etc2hhMjU2OyBx...
 *
 * The file has a name and the text of its TXT record on each line, as in
 *
 *   _tecs.example.org v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tecs.h>

enum { LONGEST_LINE = 4096 };

/* Stands in for the resolver of an MTA: look up the TXT records of the name, add each, and say how it went.
 * An MTA that must not block here returns TECS_LOOKUP_TIMEOUT, begins to look up, and verifies again when it
 * knows. */
static int find_records(void *context, const char *name, tecs_txt_answer *answer) {
  char line[LONGEST_LINE];
  FILE *file = fopen((const char *)context, "r");
  if (file == NULL) return TECS_LOOKUP_ERROR;
  while (fgets(line, (int)sizeof line, file) != NULL) {
    char *text = line + strcspn(line, " \n");
    if (*text != ' ') continue;
    *text++ = '\0';
    if (strcmp(line, name) == 0) tecs_txt_answer_add(answer, text, strcspn(text, "\n"));
  }
  if (ferror(file)) {
    fclose(file);
    return TECS_LOOKUP_ERROR;
  }
  fclose(file);
  return TECS_LOOKUP_DONE; /* also for a name that has no records */
}

static const char *or_none(const char *text) {
  return text == NULL ? "none" : text;
}

static void print_verification(const tecs_verification *verification) {
  printf("result: %s\n", tecs_verification_result_word(verification));
  printf("reason: %s\n", or_none(tecs_verification_reason(verification)));
  printf("sentence: %s\n", tecs_verification_sentence(verification));
  printf("domain: %s\n", or_none(tecs_verification_passed_domain(verification)));
  printf("claimed: %s\n", or_none(tecs_verification_domain(verification)));
  printf("selector: %s\n", or_none(tecs_verification_selector(verification)));
  printf("algorithm: %s\n", or_none(tecs_verification_algorithm(verification)));
  printf("key: %u bits\n", tecs_verification_key_bits(verification));
  /* To be remembered by all processes until then: the same signature in another session is a replay. */
  if (tecs_verification_replay_key(verification) != NULL)
    printf("remember: %s until %lld\n", tecs_verification_replay_key(verification),
           (long long)tecs_verification_replay_expiry(verification));
}

/* A program that verifies much keeps verifier and source, from any number of threads. */
static tecs_verification *verify(const tecs_tuple *tuple, const char *response, char *file,
                                 tecs_error **error) {
  tecs_verification *verification = NULL;
  tecs_verifier *verifier = tecs_verifier_new(NULL, error);
  tecs_key_source *source =
      verifier == NULL ? NULL : tecs_key_source_new_lookup(find_records, file, NULL, error);
  if (source != NULL)
    verification = tecs_verifier_verify(verifier, response, strlen(response), TECS_BASE64, tuple, 1,
                                        time(NULL), source, error);
  tecs_key_source_free(source);
  tecs_verifier_free(verifier);
  return verification;
}

int main(int argc, char **argv) {
  tecs_error *error = NULL;
  tecs_tuple tuple;
  tecs_verification *verification = NULL;
  int passed;

  if (argc != 5) {
    fprintf(stderr, "Usage: verify_connection FILE SERVER:PORT CLIENT:PORT RESPONSE\n");
    return EXIT_FAILURE;
  }
  if (tecs_endpoint_parse(argv[2], &tuple.destination, &error) == 0 &&
      tecs_endpoint_parse(argv[3], &tuple.source, &error) == 0)
    verification = verify(&tuple, argv[4], argv[1], &error);
  if (verification == NULL) {
    fprintf(stderr, "verify_connection: %s (%s)\n", tecs_error_sentence(error), tecs_error_reason(error));
    tecs_error_free(error);
    return EXIT_FAILURE;
  }
  print_verification(verification);
  passed = tecs_verification_result(verification) == TECS_RESULT_PASS;
  tecs_verification_free(verification);
  return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
