// A milter that decides nothing, to see what libmilter and the MTA's side of the protocol cost by themselves.
//
//   no-op-milter least SOCKET
//       Every step and macro that can be negotiated away is; but it answers to connect, as only then Postfix
//       tells of a connection before AUTH.
//   no-op-milter marks SOCKET
//       Likewise, but with the steps that tecs-milter has (MAIL and each header field without a reply, RCPT
//       with one), and adds two fields as long as its own.
//   no-op-milter all SOCKET
//       Has all callbacks, which say "continue", and leaves everything as libmilter has it.

#include <libmilter/mfapi.h>
#include <sys/stat.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string_view>

namespace {

// libmilter takes texts as char* and does not write to them.
char* text(const char* constant) {
  return const_cast<char*>(constant);
}

sfsistat go_on(SMFICTX*) {
  return SMFIS_CONTINUE;
}
sfsistat on_connect(SMFICTX*, char*, sockaddr*) {
  return SMFIS_CONTINUE;
}
sfsistat on_word(SMFICTX*, char*) {
  return SMFIS_CONTINUE;
}
sfsistat on_unknown(SMFICTX*, const char*) {
  return SMFIS_CONTINUE;
}
sfsistat on_command(SMFICTX*, char**) {
  return SMFIS_CONTINUE;
}
sfsistat on_header(SMFICTX*, char*, char*) {
  return SMFIS_CONTINUE;
}
sfsistat on_body(SMFICTX*, unsigned char*, size_t) {
  return SMFIS_CONTINUE;
}

sfsistat no_reply_to_word(SMFICTX*, char*) {
  return SMFIS_NOREPLY;
}
sfsistat no_reply_to_command(SMFICTX*, char**) {
  return SMFIS_NOREPLY;
}
sfsistat no_reply_to_header(SMFICTX*, char*, char*) {
  return SMFIS_NOREPLY;
}
sfsistat add_marks(SMFICTX* context) {
  smfi_insheader(context, 0, text("X-TECS"), text("score=-1.0 action=none symbols=TECS_PASS mode=monitor"));
  smfi_insheader(context, 0, text("Authentication-Results"),
                 text("mx.receiver.example; tecs=pass (2048-bit rsa)\n\tsmtp.auth=sender.example"));
  return SMFIS_CONTINUE;
}

// A macro that no MTA has: an empty list would be the same as none of our own.
void ask_for_no_macros(SMFICTX* context) {
  for (const int step :
       {SMFIM_CONNECT, SMFIM_HELO, SMFIM_ENVFROM, SMFIM_ENVRCPT, SMFIM_DATA, SMFIM_EOH, SMFIM_EOM}) {
    smfi_setsymlist(context, step, text("{none}"));
  }
}

sfsistat negotiate_least(SMFICTX* context, unsigned long actions, unsigned long steps, unsigned long,
                         unsigned long, unsigned long* wanted_actions, unsigned long* wanted_steps,
                         unsigned long* reserved_2, unsigned long* reserved_3) {
  constexpr unsigned long unwanted = SMFIP_NOHELO | SMFIP_NOMAIL | SMFIP_NORCPT | SMFIP_NOBODY |
                                     SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOUNKNOWN | SMFIP_NODATA;
  *wanted_actions = actions & SMFIF_SETSYMLIST;
  *wanted_steps = steps & unwanted;
  *reserved_2 = 0;
  *reserved_3 = 0;
  if ((actions & SMFIF_SETSYMLIST) != 0) ask_for_no_macros(context);
  return SMFIS_CONTINUE;
}

sfsistat negotiate_marks(SMFICTX* context, unsigned long actions, unsigned long steps, unsigned long,
                         unsigned long, unsigned long* wanted_actions, unsigned long* wanted_steps,
                         unsigned long* reserved_2, unsigned long* reserved_3) {
  *wanted_actions = actions & (SMFIF_SETSYMLIST | SMFIF_ADDHDRS | SMFIF_CHGHDRS);
  *wanted_steps = (steps & (SMFIP_NOBODY | SMFIP_NOEOH | SMFIP_NOUNKNOWN | SMFIP_NODATA)) | SMFIP_NR_HELO |
                  SMFIP_NR_MAIL | SMFIP_NR_HDR;
  *reserved_2 = 0;
  *reserved_3 = 0;
  if ((actions & SMFIF_SETSYMLIST) != 0) ask_for_no_macros(context);
  return SMFIS_CONTINUE;
}

smfiDesc least() {
  smfiDesc filter{};
  filter.xxfi_name = text("no-op-milter");
  filter.xxfi_version = SMFI_VERSION;
  filter.xxfi_flags = SMFIF_SETSYMLIST;
  filter.xxfi_connect = on_connect;
  filter.xxfi_negotiate = negotiate_least;
  return filter;
}

smfiDesc marks() {
  smfiDesc filter = least();
  filter.xxfi_flags = SMFIF_SETSYMLIST | SMFIF_ADDHDRS | SMFIF_CHGHDRS;
  filter.xxfi_negotiate = negotiate_marks;
  filter.xxfi_helo = no_reply_to_word;
  filter.xxfi_envfrom = no_reply_to_command;
  filter.xxfi_envrcpt = on_command;
  filter.xxfi_header = no_reply_to_header;
  filter.xxfi_eom = add_marks;
  return filter;
}

smfiDesc all() {
  smfiDesc filter{};
  filter.xxfi_name = text("no-op-milter");
  filter.xxfi_version = SMFI_VERSION;
  filter.xxfi_connect = on_connect;
  filter.xxfi_helo = on_word;
  filter.xxfi_envfrom = on_command;
  filter.xxfi_envrcpt = on_command;
  filter.xxfi_data = go_on;
  filter.xxfi_unknown = on_unknown;
  filter.xxfi_header = on_header;
  filter.xxfi_eoh = go_on;
  filter.xxfi_body = on_body;
  filter.xxfi_eom = go_on;
  filter.xxfi_abort = go_on;
  filter.xxfi_close = go_on;
  return filter;
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::map<std::string_view, smfiDesc> kinds{{"least", least()}, {"marks", marks()}, {"all", all()}};
  const auto kind = argument_count == 3 ? kinds.find(arguments[1]) : kinds.end();
  if (kind == kinds.end()) {
    std::cerr << "usage: no-op-milter least|marks|all SOCKET\n";
    return EXIT_FAILURE;
  }
  umask(0);  // the MTA runs as somebody else
  if (smfi_register(kind->second) != MI_SUCCESS || smfi_setconn(arguments[2]) != MI_SUCCESS ||
      smfi_opensocket(true) != MI_SUCCESS) {
    std::cerr << "no-op-milter: cannot listen at " << arguments[2] << '\n';
    return EXIT_FAILURE;
  }
  return smfi_main() == MI_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
