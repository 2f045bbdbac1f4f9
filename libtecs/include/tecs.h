/*
 * libtecs: Trusted Email Connection Signing (the SASL mechanism TECS-1), for MTAs written in C.
 *
 * A client signs both ends of its TCP connection and the time, and sends the signature inside SMTP AUTH; so a
 * server knows, before any mail comes, which domain answers for the connection. This authenticates a
 * connection, not a user: a pass must never, by itself, permit relaying. A user name that is made of it
 * begins with "tecs:", as in "tecs:example.org", so that no rule for people's logins matches.
 *
 * Conventions, of all functions:
 *
 * Objects. Types that are only declared here are objects of the library. What a function with "_new" in its
 * name, tecs_signer_sign() or tecs_verifier_verify() returns is the caller's, who gives it to the
 * tecs_X_free() of its type, once and in any order: an object keeps what it needs of those that it was made
 * from. NULL is freed without effect. tecs_endpoint and tecs_tuple are plain values and need no freeing.
 *
 * Texts. What is returned as const char * is NUL-terminated, lives as long as the object that was asked, and
 * is never to be freed. A const char * parameter is NUL-terminated; where a length follows, it is any octets
 * and need not be. The library copies what it keeps. Texts of strangers are returned only when they were
 * checked: what is returned of them is printable ASCII.
 *
 * Errors. The last parameter of what can fail is a tecs_error ** that may be NULL. Such a function returns
 * NULL, or -1 if it returns an int, and writes an error there, which the caller frees; when it does not fail
 * it writes NULL. What stood there before is not looked at: let it be NULL or an error that was freed. An
 * error has a reason word for programs ("bad-endpoint"; words keep their meaning, new ones may come) and a
 * sentence for people. What is missing (a NULL for an object or a text that is needed) is an error
 * (bad-option); memory that runs out is one (io-error); a credential that does not verify is none, but a
 * result. A verification for which memory runs out may be a wrong refusal, never a wrong pass. Other
 * functions cannot fail: asked of a NULL object they return NULL, 0, or where it says so -1. No C++ exception
 * ever leaves the library.
 *
 * Threads. Several threads may use one object at once, but for tecs_options that are being set; it is freed
 * when none uses it any more. The library has no global state, starts no thread, and changes no locale,
 * environment variable or signal. A process of one thread may fork and use all objects on both sides. Do not
 * cancel a thread inside of a call.
 *
 * Time is Unix time in seconds, from 0 to 253402300799 (the year 9999); the library asks no clock for it.
 *
 * ABI. Functions, constants and the two plain types stay as they are for as long as the library is named
 * libtecs.so.0; functions, options, results and reason words may be added. So expect unknown words, and
 * results that are none of those below. This promise is for this header alone, not for the C++ headers
 * <tecs/...>.
 */
#ifndef TECS_H
#define TECS_H

#include <stddef.h>
#include <stdint.h>

#define TECS_VERSION "0.1.0"
#define TECS_VERSION_MAJOR 0
#define TECS_VERSION_MINOR 1
#define TECS_VERSION_PATCH 0

#define TECS_MECHANISM "TECS-1" /* its SASL name */

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#define TECS_MUST_USE __attribute__((warn_unused_result))
#pragma GCC visibility push(default)
#else
#define TECS_MUST_USE
#endif

/* Of the library that runs, which may be later than TECS_VERSION. */
const char* tecs_version(void);

/* ---- Errors ---- */

typedef struct tecs_error tecs_error;

const char* tecs_error_reason(const tecs_error* error);   /* "bad-key-file" */
const char* tecs_error_sentence(const tecs_error* error); /* without a full stop */
void tecs_error_free(tecs_error* error);

/* ---- The connection ---- */

/* One end. Filled in by the functions below or by the caller, and checked wherever it is used. */
typedef struct tecs_endpoint {
  uint16_t port;       /* in the host's order; not 0 */
  uint8_t family;      /* 4 or 6 */
  uint8_t reserved;    /* 0 */
  uint8_t address[16]; /* in network order; of IPv4 in the first four, the rest 0 */
} tecs_endpoint;

/* Both ends, each side's own view. Behind address translation a server has further candidates: those with the
 * destination under which the world reaches it. */
typedef struct tecs_tuple {
  tecs_endpoint destination; /* the server's end */
  tecs_endpoint source;      /* the client's */
} tecs_tuple;

struct sockaddr;

#define TECS_ENDPOINT_SIZE 64 /* room for what tecs_endpoint_format() writes */

/* text: "192.0.2.25:25" or "[2001:db8::25]:25". Here and below an IPv4-mapped IPv6 address becomes IPv4, and
 * an address that is unspecified or scoped fails with bad-endpoint. */
int tecs_endpoint_parse(const char* text, tecs_endpoint* endpoint, tecs_error** error);
/* As getsockname(), getpeername() and accept() give it. */
int tecs_endpoint_from_sockaddr(const struct sockaddr* address, size_t length, tecs_endpoint* endpoint,
                                tecs_error** error);
/* Writes into text, which has room for TECS_ENDPOINT_SIZE octets. */
int tecs_endpoint_format(const tecs_endpoint* endpoint, char* text, tecs_error** error);

/* ---- Signing ---- */

/* A private key, RSA of 1024 to 16384 bits or Ed25519: PEM, PKCS#8 or a bare RSA key, without pass phrase. */
typedef struct tecs_signing_key tecs_signing_key;

TECS_MUST_USE tecs_signing_key* tecs_signing_key_new(const char* pem, size_t length, tecs_error** error);
/* Fails also (bad-key-file) when everybody may read the file, or others than its owner may write to it. */
TECS_MUST_USE tecs_signing_key* tecs_signing_key_new_from_file(const char* path, tecs_error** error);
/* The TXT record to publish: "v=DKIM1; k=rsa; p=...". */
const char* tecs_signing_key_record(const tecs_signing_key* key);
void tecs_signing_key_free(tecs_signing_key* key);

/* Signs as one domain. The key's record stands at SELECTOR._domainkey.DOMAIN, or without selector (NULL) at
 * _tecs.DOMAIN or _domainkey.DOMAIN. */
typedef struct tecs_signer tecs_signer;

TECS_MUST_USE tecs_signer* tecs_signer_new(const char* domain, const char* selector,
                                           const tecs_signing_key* key, tecs_error** error);
void tecs_signer_free(tecs_signer* signer);

/* What a client sends inside AUTH. */
typedef struct tecs_credential tecs_credential;

/* time: of now. A signature is good for this connection, for about half a minute. */
TECS_MUST_USE tecs_credential* tecs_signer_sign(const tecs_signer* signer, const tecs_tuple* tuple,
                                                int64_t time, tecs_error** error);

/* encoding, of texts on their way through SMTP AUTH. */
enum { TECS_BASE64 = 0, TECS_DECODED = 1 };

/* Ready to follow "AUTH TECS-1 ". NULL when it would not fit into the 512 octets of an SMTP command line
 * (long RSA keys): then send "AUTH TECS-1" alone, and tecs_credential_response() after the server's 334. */
const char* tecs_credential_initial_response(const tecs_credential* credential);
/* All tags. In base64 it may follow a 334; decoded it is for SASL libraries, which encode it themselves. */
const char* tecs_credential_response(const tecs_credential* credential, int encoding);
/* Without the tags whose value is the default, for an initial response. */
const char* tecs_credential_short(const tecs_credential* credential, int encoding);
void tecs_credential_free(tecs_credential* credential);

/* For a client behind address translation: what a server's 334 says of the client's end and of the time, to
 * be signed instead of what the client sees itself. Writes the source into tuple unless it is of another
 * address family, and the server's time into time when it is at most skew seconds (0 to 3600) from it. Never
 * changes the destination: a hostile server could have a connection to somebody else signed. An empty
 * challenge changes nothing; neither does an error (bad-challenge). Only for clients that are configured to
 * believe it. */
int tecs_challenge_use(const char* challenge, size_t length, int encoding, unsigned skew, tecs_tuple* tuple,
                       int64_t* time, tecs_error** error);

#define TECS_CHALLENGE_SIZE 128 /* room for what tecs_challenge_format() writes */

/* The server's side: what to send with the 334 of an AUTH without initial response. Writes into text, which
 * has room for TECS_CHALLENGE_SIZE octets. */
int tecs_challenge_format(const tecs_endpoint* client, int64_t time, int encoding, char* text,
                          tecs_error** error);

/* ---- Options ---- */

/*
 * name              value             default
 * epoch-tolerance   0 to 20           1       how far the clocks may differ, in steps of 30 seconds
 * minimum-key-bits  1024 to 4096      1024    with a shorter RSA key: policy
 * maximum-key-bits  1024 to 16384     4096    with a longer RSA key: permerror
 * require-dnssec    yes, no           no      with a key that DNSSEC does not vouch for: policy
 * resolver          ADDRESS:PORT              whom to ask; without it, those of /etc/resolv.conf
 * dns-timeout       1ms to 4s         2s      for one query; all for one name take 4 seconds at most
 * key-cache-size    0 to 10000000     10000   names that a key source remembers
 */
typedef struct tecs_options tecs_options;

TECS_MUST_USE tecs_options* tecs_options_new(tecs_error** error);
/* Fails with bad-option. Changes nothing that was made from the options before. */
int tecs_options_set(tecs_options* options, const char* name, const char* value, tecs_error** error);
void tecs_options_free(tecs_options* options);

/* ---- Keys ---- */

/* Where the keys of others are found. options may be NULL: the defaults. */
typedef struct tecs_key_source tecs_key_source;

/* DNS, by libtecs itself, with a cache: make one and keep it. Whether DNSSEC vouches for an answer is the
 * word of the resolver (AD), believed of one on this host and of one that the options name. Reads
 * /etc/resolv.conf now and never again. When memory runs out inside of ldns, which reads the answers, the
 * process may end. */
TECS_MUST_USE tecs_key_source* tecs_key_source_new_dns(const tecs_options* options, tecs_error** error);

typedef struct tecs_txt_answer tecs_txt_answer;

enum {
  TECS_LOOKUP_DONE = 0,    /* all that stands at the name was added; nothing: no such name or no TXT there */
  TECS_LOOKUP_TIMEOUT = 1, /* nobody answered, or the answer is not here yet: temperror, dns-timeout */
  TECS_LOOKUP_ERROR = 2    /* SERVFAIL, a bogus answer and the like: temperror, dns-error */
};

/* Finds the TXT records at a name (absolute, no final dot, lower case) and adds them to the answer, which
 * lives until it returns. Called by tecs_verifier_verify() in the thread of its caller, at most twice, with
 * the context that the source was made with. It must return (no longjmp(), no exception) and must not verify
 * with the same source. An MTA that must not block returns TECS_LOOKUP_TIMEOUT for what it does not know yet,
 * asks for that name, and verifies again when it knows; without selector there are two names, so that it may
 * take three verifications. */
typedef int (*tecs_txt_lookup)(void* context, const char* name, tecs_txt_answer* answer);

/* The caller's own DNS. The context outlives the source. When threads share a source and want the same name,
 * one calls and the others wait for it and take its answer. A source is cheap to make: an event loop best
 * makes one for each verification, with a context of its own. */
TECS_MUST_USE tecs_key_source* tecs_key_source_new_lookup(tecs_txt_lookup lookup, void* context,
                                                          const tecs_options* options, tecs_error** error);
void tecs_key_source_free(tecs_key_source* source);

/* One TXT record: its strings with nothing between them. */
void tecs_txt_answer_add(tecs_txt_answer* answer, const char* text, size_t length);
/* A further string of the record that was added last, for whoever has them apart. */
void tecs_txt_answer_append(tecs_txt_answer* answer, const char* string, size_t length);
/* For how long the source may remember the answer, and its parsed key. Without this call: not at all. */
void tecs_txt_answer_set_ttl(tecs_txt_answer* answer, uint32_t seconds);
/* 1: the answer was validated by DNSSEC. Without this call it was not. */
void tecs_txt_answer_set_dnssec(tecs_txt_answer* answer, int dnssec);

/* A key record, for whoever has its text: what a domain publishes. */
typedef struct tecs_key_record tecs_key_record;

TECS_MUST_USE tecs_key_record* tecs_key_record_new(const char* text, size_t length,
                                                   const tecs_options* options, tecs_error** error);
const char* tecs_key_record_type(const tecs_key_record* record); /* "rsa", "ed25519" */
unsigned tecs_key_record_bits(const tecs_key_record* record);    /* 0: revoked */
int tecs_key_record_revoked(const tecs_key_record* record);
int tecs_key_record_testing(const tecs_key_record* record); /* t=y */
void tecs_key_record_free(tecs_key_record* record);

/* ---- Verification ---- */

typedef struct tecs_verifier tecs_verifier;

/* options may be NULL: the defaults. */
TECS_MUST_USE tecs_verifier* tecs_verifier_new(const tecs_options* options, tecs_error** error);
void tecs_verifier_free(tecs_verifier* verifier);

/* The words of RFC 8601, and what a server answers to AUTH. */
enum {
  TECS_RESULT_NONE = 0,
  TECS_RESULT_PASS = 1,   /* 235 */
  TECS_RESULT_FAIL = 2,   /* 535 5.7.8: not signed by the domain, or not this connection, or not now */
  TECS_RESULT_POLICY = 3, /* 535 5.7.8: the options do not accept it */
  TECS_RESULT_NEUTRAL = 4,
  TECS_RESULT_TEMPERROR = 5, /* 454 4.7.0: the key could not be fetched now */
  TECS_RESULT_PERMERROR = 6  /* 535 5.7.8: no credential, or no usable key */
};

#define TECS_MAXIMUM_CANDIDATES 1024

typedef struct tecs_verification tecs_verification;

/* credential: the client's response as it came; any octets, encoding as above. candidates: the connections
 * that it may belong to, most likely first; with none the result is temperror, unknown-connection. Blocks for
 * as long as the key source does, and asks it only when the credential can be read. Fails only for what is
 * wrong on this side: bad-endpoint, family-mismatch, bad-option, io-error. */
TECS_MUST_USE tecs_verification* tecs_verifier_verify(const tecs_verifier* verifier, const char* credential,
                                                      size_t length, int encoding,
                                                      const tecs_tuple* candidates, size_t count,
                                                      int64_t time, tecs_key_source* source,
                                                      tecs_error** error);

int tecs_verification_result(const tecs_verification* verification);
const char* tecs_verification_result_word(const tecs_verification* verification); /* "permerror" */
/* NULL for a pass. */
const char* tecs_verification_reason(const tecs_verification* verification);
/* The result for a person; for a pass "pass". */
const char* tecs_verification_sentence(const tecs_verification* verification);

/* Who answers for the connection, in lower case. NULL unless the result is a pass. */
const char* tecs_verification_passed_domain(const tecs_verification* verification);

/* What the credential claims, for the log: only a claim unless the result is a pass. NULL: not read, or has
 * none. */
const char* tecs_verification_domain(const tecs_verification* verification); /* in lower case */
const char* tecs_verification_selector(const tecs_verification* verification);
const char* tecs_verification_algorithm(const tecs_verification* verification); /* "rsa-sha256" */

unsigned tecs_verification_key_bits(const tecs_verification* verification); /* 0: no key was read */
/* 1: DNSSEC vouches for the key. */
int tecs_verification_dnssec(const tecs_verification* verification);
/* 1: the domain is testing (t=y). What is not a pass is then to count as none. */
int tecs_verification_testing(const tecs_verification* verification);
/* Index of the connection that was signed; -1: none of them. */
int tecs_verification_candidate(const tecs_verification* verification);
/* By how many seconds the epoch that was signed is later than that of time; 0 also when there was no match.
 */
int tecs_verification_epoch_offset(const tecs_verification* verification);

/* REPLAY. A signature is good for one connection, and only the caller can know whether it was used before:
 * all processes that accept connections have to remember together. After a pass, look for the key (64
 * hexadecimal digits, made of connection, epoch and domain) among those remembered. If another session has
 * used it: fail, reason "replay", 535 5.7.8. Else remember it, with this session, until the Unix time of the
 * expiry: no verifier with the same options accepts it from then on. NULL and 0 without a pass. */
const char* tecs_verification_replay_key(const tecs_verification* verification);
int64_t tecs_verification_replay_expiry(const tecs_verification* verification);

void tecs_verification_free(tecs_verification* verification);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
