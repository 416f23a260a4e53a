// One device of one user: Debian's pidgin-sipe plugin without a window. It takes commands on
// stdin, one a line with words as a shell would quote them, and prints what happens on stdout, one
// JSON object a line. Every command ends with {"event":"done",…} or {"event":"failed",…}; what it
// brings about in the contact list is told by events like everything else.
//
//   login | logout | quit | list
//   add URI GROUP [ALIAS]      alias URI NAME
//   move URI GROUP [FROM]      copy URI GROUP        remove URI [GROUP]
//   rename-group OLD NEW       remove-group NAME
//
// There is no command for an empty group: libpurple tells the plugin of a group with its first
// contact only.
#include <glib.h>
#include <purple.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json.h"
#include "sipe_repairs.h"

namespace {

using Words = std::vector<std::string>;

struct Settings {
  std::string server;
  std::string transport = "tcp";
  std::string user;
  std::string login;
  std::string password;
  std::string auth = "krb5";
  std::string host_name;
  std::string folder;
  std::string debug_log;
};

struct Buddy {
  std::string uri;
  int group_node = 0;
  std::string group;
  std::string alias;
  std::string presence;
};

/// What was last told about the contact list. Keys are numbers that we gave to libpurple's nodes:
/// a node keeps its number while it is renamed or moved.
struct Told {
  std::map<int, std::string> groups;
  std::map<int, Buddy> buddies;
};

struct Client {
  GMainLoop* loop = nullptr;
  PurpleAccount* account = nullptr;
  FILE* debug_log = nullptr;
  int last_node = 0;
  guint comparison = 0;  // the pending call of tell_changes(), or 0
  void (*plugin_removes_group)(PurpleConnection*, PurpleGroup*) = nullptr;
  Told told;
};

// libpurple calls back without a pointer of ours.
Client client;

void print_line(const std::string& line) {
  std::fputs((line + '\n').c_str(), stdout);
  std::fflush(stdout);
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

void print_event(std::string_view event,
                 const std::vector<std::pair<std::string_view, std::string>>& texts = {}) {
  std::vector<std::pair<std::string_view, std::string>> members{{"event", json_string(event)}};
  for (const auto& [name, text] : texts) members.emplace_back(name, json_string(text));
  print_line(json_object(members));
}

// ---- The contact list: compared with what was told, whenever libpurple touched it.

int node_number(PurpleBlistNode* node) {
  if (purple_blist_node_get_ui_data(node) == nullptr)
    purple_blist_node_set_ui_data(node, GINT_TO_POINTER(++client.last_node));
  return GPOINTER_TO_INT(purple_blist_node_get_ui_data(node));
}

Buddy read_buddy(PurpleBuddy* buddy) {
  PurplePresence* presence = purple_buddy_get_presence(buddy);
  PurpleStatus* status = purple_presence_get_active_status(presence);
  PurpleGroup* group = purple_buddy_get_group(buddy);
  return Buddy{
      .uri = text_or_empty(purple_buddy_get_name(buddy)),
      .group_node = group == nullptr ? 0 : node_number(PURPLE_BLIST_NODE(group)),
      .group = group == nullptr ? "" : text_or_empty(purple_group_get_name(group)),
      .alias = text_or_empty(purple_buddy_get_local_buddy_alias(buddy)),
      .presence = status == nullptr ? "" : text_or_empty(purple_status_get_id(status)),
  };
}

std::vector<PurpleBuddy*> all_buddies() {
  std::vector<PurpleBuddy*> found;
  for (PurpleBlistNode* node = purple_blist_get_root(); node != nullptr;
       node = purple_blist_node_next(node, TRUE)) {
    if (PURPLE_BLIST_NODE_IS_BUDDY(node)) found.push_back(PURPLE_BUDDY(node));
  }
  return found;
}

std::vector<PurpleGroup*> all_groups() {
  std::vector<PurpleGroup*> found;
  for (PurpleBlistNode* node = purple_blist_get_root(); node != nullptr;
       node = purple_blist_node_get_sibling_next(node)) {
    if (PURPLE_BLIST_NODE_IS_GROUP(node)) found.push_back(PURPLE_GROUP(node));
  }
  return found;
}

Told read_list() {
  Told now;
  for (PurpleGroup* group : all_groups())
    now.groups[node_number(PURPLE_BLIST_NODE(group))] = purple_group_get_name(group);
  for (PurpleBuddy* buddy : all_buddies())
    now.buddies[node_number(PURPLE_BLIST_NODE(buddy))] = read_buddy(buddy);
  return now;
}

void tell_groups(const Told& before, const Told& now) {
  for (const auto& [number, name] : before.groups)
    if (!now.groups.contains(number)) print_event("group-removed", {{"group", name}});
  for (const auto& [number, name] : now.groups) {
    const auto old = before.groups.find(number);
    if (old == before.groups.end())
      print_event("group-added", {{"group", name}});
    else if (old->second != name)
      print_event("group-renamed", {{"group", name}, {"old", old->second}});
  }
}

void tell_buddies(const Told& before, const Told& now) {
  for (const auto& [number, buddy] : before.buddies)
    if (!now.buddies.contains(number))
      print_event("buddy-removed", {{"uri", buddy.uri}, {"group", buddy.group}});
  for (const auto& [number, buddy] : now.buddies) {
    const auto old = before.buddies.find(number);
    if (old == before.buddies.end()) {
      print_event("buddy-added",
                  {{"uri", buddy.uri}, {"group", buddy.group}, {"alias", buddy.alias}});
      continue;
    }
    if (old->second.group_node != buddy.group_node)
      print_event("buddy-moved",
                  {{"uri", buddy.uri}, {"group", buddy.group}, {"old", old->second.group}});
    if (old->second.alias != buddy.alias)
      print_event("buddy-aliased",
                  {{"uri", buddy.uri}, {"group", buddy.group}, {"alias", buddy.alias}});
    if (old->second.presence != buddy.presence)
      print_event("presence", {{"uri", buddy.uri}, {"status", buddy.presence}});
  }
}

gboolean tell_changes(gpointer) {
  client.comparison = 0;
  Told now = read_list();
  tell_groups(client.told, now);
  tell_buddies(client.told, now);
  client.told = std::move(now);
  return G_SOURCE_REMOVE;
}

void compare_soon() {
  if (client.comparison == 0) client.comparison = g_idle_add(tell_changes, nullptr);
}

void list_touched(PurpleBuddyList*, PurpleBlistNode*) { compare_soon(); }

void node_made(PurpleBlistNode* node) {
  node_number(node);
  compare_soon();
}

void print_list() {
  std::vector<std::string> groups;
  for (PurpleGroup* group : all_groups())
    groups.push_back(json_string(purple_group_get_name(group)));
  std::vector<std::string> buddies;
  for (PurpleBuddy* node : all_buddies()) {
    const Buddy buddy = read_buddy(node);
    buddies.push_back(json_object({{"uri", json_string(buddy.uri)},
                                   {"group", json_string(buddy.group)},
                                   {"alias", json_string(buddy.alias)},
                                   {"presence", json_string(buddy.presence)}}));
  }
  print_line(json_object({{"event", json_string("list")},
                          {"groups", json_array(groups)},
                          {"buddies", json_array(buddies)}}));
}

// ---- Commands. Each returns why it could not be done, or nothing.

using Outcome = std::string;

std::vector<PurpleBuddy*> buddies_named(const std::string& uri) {
  std::vector<PurpleBuddy*> found;
  for (PurpleBuddy* buddy : all_buddies()) {
    const std::string name = purple_buddy_get_name(buddy);
    if (name == uri || name == "sip:" + uri) found.push_back(buddy);
  }
  return found;
}

PurpleBuddy* buddy_in(const std::string& uri, const std::string& group) {
  for (PurpleBuddy* buddy : buddies_named(uri))
    if (group.empty() || read_buddy(buddy).group == group) return buddy;
  return nullptr;
}

PurpleGroup* group_made(const std::string& name) {
  PurpleGroup* group = purple_find_group(name.c_str());
  if (group == nullptr) {
    group = purple_group_new(name.c_str());
    purple_blist_add_group(group, nullptr);
  }
  return group;
}

Outcome log_in(const Words&) {
  purple_account_set_enabled(client.account, purple_core_get_ui(), TRUE);
  if (purple_account_is_disconnected(client.account)) purple_account_connect(client.account);
  return "";
}

Outcome log_out(const Words&) {
  if (purple_account_is_disconnected(client.account)) return "not signed in";
  purple_account_disconnect(client.account);
  return "";
}

Outcome add(const Words& words) {
  if (buddy_in(words[1], words[2]) != nullptr) return "it is in that group already";
  PurpleGroup* group = group_made(words[2]);
  PurpleBuddy* buddy = purple_buddy_new(client.account, words[1].c_str(),
                                        words.size() > 3 ? words[3].c_str() : nullptr);
  purple_blist_add_buddy(buddy, nullptr, group, nullptr);
  purple_account_add_buddy(client.account, buddy);
  return "";
}

Outcome alias(const Words& words) {
  const std::vector<PurpleBuddy*> buddies = buddies_named(words[1]);
  if (buddies.empty()) return "no such contact";
  for (PurpleBuddy* buddy : buddies) purple_blist_alias_buddy(buddy, words[2].c_str());
  serv_alias_buddy(buddies.front());
  return "";
}

Outcome move(const Words& words) {
  PurpleBuddy* buddy = buddy_in(words[1], words.size() > 3 ? words[3] : "");
  if (buddy == nullptr) return "no such contact there";
  purple_blist_add_contact(purple_buddy_get_contact(buddy), group_made(words[2]), nullptr);
  return "";
}

Outcome copy(const Words& words) {
  PurpleBuddy* buddy = buddy_in(words[1], "");
  if (buddy == nullptr) return "no such contact";
  const Buddy original = read_buddy(buddy);
  return add({"add", original.uri, words[2], original.alias});
}

Outcome remove(const Words& words) {
  bool removed = false;
  while (PurpleBuddy* buddy = buddy_in(words[1], words.size() > 2 ? words[2] : "")) {
    purple_account_remove_buddy(client.account, buddy, purple_buddy_get_group(buddy));
    purple_blist_remove_buddy(buddy);
    removed = true;
  }
  return removed ? "" : "no such contact there";
}

Outcome rename_group(const Words& words) {
  PurpleGroup* group = purple_find_group(words[1].c_str());
  if (group == nullptr) return "no such group";
  purple_blist_rename_group(group, words[2].c_str());
  return "";
}

Outcome remove_group(const Words& words) {
  PurpleGroup* group = purple_find_group(words[1].c_str());
  if (group == nullptr) return "no such group";
  for (PurpleBuddy* buddy : all_buddies()) {
    if (purple_buddy_get_group(buddy) != group) continue;
    purple_account_remove_buddy(client.account, buddy, group);
    purple_blist_remove_buddy(buddy);
  }
  client.plugin_removes_group(purple_account_get_connection(client.account), group);
  purple_blist_remove_group(group);
  return "";
}

Outcome list(const Words&) {
  print_list();
  return "";
}

Outcome quit(const Words&) {
  g_main_loop_quit(client.loop);
  return "";
}

struct Command {
  std::string_view name;
  std::size_t words_min;  // its own name included
  std::size_t words_max;
  bool online;  // a change that the plugin would not hear of while signed out
  Outcome (*run)(const Words&);
};

constexpr Command commands[] = {
    {"login", 1, 1, false, log_in},
    {"logout", 1, 1, false, log_out},
    {"add", 3, 4, true, add},
    {"alias", 3, 3, true, alias},
    {"move", 3, 4, true, move},
    {"copy", 3, 3, true, copy},
    {"remove", 2, 3, true, remove},
    {"rename-group", 3, 3, true, rename_group},
    {"remove-group", 2, 2, true, remove_group},
    {"list", 1, 1, false, list},
    {"quit", 1, 1, false, quit},
};

Outcome run_command(const Words& words) {
  for (const Command& command : commands) {
    if (words.front() != command.name) continue;
    if (words.size() < command.words_min || words.size() > command.words_max)
      return "wrong number of words";
    if (command.online && !purple_account_is_connected(client.account)) return "not signed in";
    return command.run(words);
  }
  return "no such command";
}

void take_line(const char* line) {
  int count = 0;
  char** split = nullptr;
  GError* error = nullptr;
  if (!g_shell_parse_argv(line, &count, &split, &error)) {
    print_event("failed", {{"command", line}, {"reason", error->message}});
    g_error_free(error);
    return;
  }
  const Words words(split, split + count);
  g_strfreev(split);
  const Outcome refused = run_command(words);
  if (client.comparison != 0) {
    // The command's own changes are told before its end.
    g_source_remove(client.comparison);
    tell_changes(nullptr);
  }
  if (refused.empty())
    print_event("done", {{"command", words.front()}});
  else
    print_event("failed", {{"command", words.front()}, {"reason", refused}});
}

gboolean stdin_readable(GIOChannel* channel, GIOCondition, gpointer) {
  char* line = nullptr;
  const GIOStatus status = g_io_channel_read_line(channel, &line, nullptr, nullptr, nullptr);
  if (status == G_IO_STATUS_AGAIN) return G_SOURCE_CONTINUE;
  if (status != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(client.loop);
    return G_SOURCE_REMOVE;
  }
  g_strstrip(line);
  if (*line != '\0') take_line(line);
  g_free(line);
  return G_SOURCE_CONTINUE;
}

// ---- What libpurple asks of its user interface.

struct Watch {
  PurpleInputFunction function;
  gpointer data;
};

gboolean descriptor_ready(GIOChannel* channel, GIOCondition condition, gpointer data) {
  const auto* watch = static_cast<const Watch*>(data);
  unsigned ready = 0;
  if ((condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0) ready |= PURPLE_INPUT_READ;
  if ((condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR)) != 0) ready |= PURPLE_INPUT_WRITE;
  watch->function(watch->data, g_io_channel_unix_get_fd(channel),
                  static_cast<PurpleInputCondition>(ready));
  return G_SOURCE_CONTINUE;
}

guint watch_descriptor(int descriptor, PurpleInputCondition wanted, PurpleInputFunction function,
                       gpointer data) {
  unsigned condition = G_IO_HUP | G_IO_ERR;
  if ((wanted & PURPLE_INPUT_READ) != 0) condition |= G_IO_IN;
  if ((wanted & PURPLE_INPUT_WRITE) != 0) condition |= G_IO_OUT;
  GIOChannel* channel = g_io_channel_unix_new(descriptor);
  const guint source = g_io_add_watch_full(
      channel, G_PRIORITY_DEFAULT, static_cast<GIOCondition>(condition), descriptor_ready,
      new Watch{function, data}, [](gpointer watch) { delete static_cast<Watch*>(watch); });
  g_io_channel_unref(channel);
  return source;
}

void debug_print(PurpleDebugLevel level, const char* category, const char* text) {
  static constexpr const char* names[] = {"all", "misc", "info", "warning", "error", "fatal"};
  if (client.debug_log == nullptr) return;
  std::fprintf(client.debug_log, "%s %s: %s", names[level], category == nullptr ? "" : category,
               text);
  if (*text == '\0' || text[std::strlen(text) - 1] != '\n') std::fputc('\n', client.debug_log);
  std::fflush(client.debug_log);
}

gboolean debug_wanted(PurpleDebugLevel, const char*) { return client.debug_log != nullptr; }

void told_disconnected(PurpleConnection*, PurpleConnectionError, const char* text) {
  print_event("connection-error", {{"text", text_or_empty(text)}});
}

void* told_message(PurpleNotifyMsgType, const char*, const char* primary, const char* secondary) {
  print_event("notice", {{"text", text_or_empty(primary)}, {"detail", text_or_empty(secondary)}});
  return nullptr;
}

void* asked_to_authorize(PurpleAccount*, const char* who, const char*, const char*, const char*,
                         gboolean, PurpleAccountRequestAuthorizationCb allow,
                         PurpleAccountRequestAuthorizationCb, void* data) {
  print_event("watcher", {{"uri", text_or_empty(who)}});
  allow(data);
  return nullptr;
}

/// Certificates are the only thing that is asked like this: the first choice accepts.
void* asked_to_choose(const char*, const char* primary, const char* secondary, int, PurpleAccount*,
                      const char*, PurpleConversation*, void* data, size_t count, va_list actions) {
  print_event("question", {{"text", text_or_empty(primary)}, {"detail", text_or_empty(secondary)}});
  if (count == 0) return nullptr;
  const char* label = va_arg(actions, char*);
  const auto chosen = va_arg(actions, PurpleRequestActionCb);
  debug_print(PURPLE_DEBUG_INFO, "purple_client", label);
  if (chosen != nullptr) chosen(data, 0);
  return nullptr;
}

void user_interface_ready() {
  static PurpleConnectionUiOps connection{};
  connection.report_disconnect_reason = told_disconnected;
  purple_connections_set_ui_ops(&connection);
  static PurpleNotifyUiOps notify{};
  notify.notify_message = told_message;
  purple_notify_set_ui_ops(&notify);
  static PurpleAccountUiOps accounts{};
  accounts.request_authorize = asked_to_authorize;
  purple_accounts_set_ui_ops(&accounts);
  static PurpleRequestUiOps requests{};
  requests.request_action = asked_to_choose;
  purple_request_set_ui_ops(&requests);
  static PurpleBlistUiOps blist{};
  blist.new_node = node_made;
  blist.update = list_touched;
  blist.remove = list_touched;
  purple_blist_set_ui_ops(&blist);
}

void signed_on(PurpleConnection*, gpointer) { print_event("connected"); }
void signed_off(PurpleConnection*, gpointer) { print_event("disconnected"); }
void presence_touched() { compare_soon(); }

void start_purple(const Settings& settings) {
  purple_util_set_user_dir(settings.folder.c_str());
  // Only with all three does the plugin log the SIP messages as well. libpurple then prints
  // everything on our stdout, too.
  purple_debug_set_enabled(client.debug_log != nullptr);
  purple_debug_set_verbose(client.debug_log != nullptr);
  purple_debug_set_unsafe(client.debug_log != nullptr);
  g_set_print_handler([](const char*) {});
  static PurpleDebugUiOps debug{};
  debug.print = debug_print;
  debug.is_enabled = debug_wanted;
  purple_debug_set_ui_ops(&debug);
  static PurpleEventLoopUiOps loop{};
  loop.timeout_add = g_timeout_add;
  loop.timeout_remove = g_source_remove;
  loop.input_add = watch_descriptor;
  loop.input_remove = g_source_remove;
  loop.timeout_add_seconds = g_timeout_add_seconds;
  purple_eventloop_set_ui_ops(&loop);
  static PurpleCoreUiOps core{};
  core.ui_init = user_interface_ready;
  purple_core_set_ui_ops(&core);
  if (!purple_core_init("purple_client")) {
    std::fputs("purple_client: libpurple does not start\n", stderr);
    std::exit(3);
  }
  purple_set_blist(purple_blist_new());
  purple_blist_load();
  purple_prefs_load();
  static int handle;
  purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle,
                        PURPLE_CALLBACK(signed_on), nullptr);
  purple_signal_connect(purple_connections_get_handle(), "signed-off", &handle,
                        PURPLE_CALLBACK(signed_off), nullptr);
  for (const char* name : {"buddy-status-changed", "buddy-signed-on", "buddy-signed-off"})
    purple_signal_connect(purple_blist_get_handle(), name, &handle,
                          PURPLE_CALLBACK(presence_touched), nullptr);
}

// When the server says that another device deleted a group, the plugin removes it from libpurple's
// list. libpurple then calls the plugin to delete it on the server; that frees the plugin's own
// group, which the caller, further up the stack, frees again: the process dies. So libpurple cannot
// call it any more, and remove_group() does so for the user.
void repair_group_removal(PurplePlugin* plugin) {
  PurplePluginProtocolInfo* protocol = PURPLE_PLUGIN_PROTOCOL_INFO(plugin);
  client.plugin_removes_group = protocol->remove_group;
  protocol->remove_group = nullptr;
}

void make_account(const Settings& settings) {
  PurplePlugin* plugin = purple_find_prpl("prpl-sipe");
  if (plugin == nullptr) {
    std::fputs("purple_client: no plugin prpl-sipe: apt-get install pidgin-sipe\n", stderr);
    std::exit(3);
  }
  repair_group_removal(plugin);
  const std::string name =
      settings.login.empty() ? settings.user : settings.user + ',' + settings.login;
  client.account = purple_account_new(name.c_str(), "prpl-sipe");
  purple_accounts_add(client.account);
  if (!settings.password.empty())
    purple_account_set_password(client.account, settings.password.c_str());
  // Without a password: the ticket that lies in the credential cache.
  purple_account_set_bool(client.account, "sso", settings.password.empty());
  purple_account_set_string(client.account, "server", settings.server.c_str());
  purple_account_set_string(client.account, "transport", settings.transport.c_str());
  purple_account_set_string(client.account, "authentication", settings.auth.c_str());
  purple_savedstatus_activate(purple_savedstatus_new(nullptr, PURPLE_STATUS_AVAILABLE));
}

[[noreturn]] void wrong_usage(const std::string& why) {
  std::fprintf(stderr,
               "purple_client: %s\n"
               "usage: purple_client --server HOST:PORT --user alice@example.com --dir DIR\n"
               "  [--transport tcp|tls] [--auth krb5|ntlm|auto] [--login 'DOMAIN\\alice']\n"
               "  [--password P (without: single sign-on)] [--hostname NAME] [--debug-log FILE]\n",
               why.c_str());
  std::exit(2);
}

Settings read_arguments(int count, char** arguments) {
  Settings settings;
  const std::map<std::string_view, std::string*> options{
      {"--server", &settings.server},       {"--transport", &settings.transport},
      {"--user", &settings.user},           {"--login", &settings.login},
      {"--password", &settings.password},   {"--auth", &settings.auth},
      {"--hostname", &settings.host_name},  {"--dir", &settings.folder},
      {"--debug-log", &settings.debug_log},
  };
  for (int i = 1; i < count; i += 2) {
    const auto option = options.find(arguments[i]);
    if (option == options.end()) wrong_usage(std::string{"unknown option "} + arguments[i]);
    if (i + 1 == count) wrong_usage(std::string{arguments[i]} + " needs a value");
    *option->second = arguments[i + 1];
  }
  if (settings.server.empty() || settings.user.empty() || settings.folder.empty())
    wrong_usage("--server, --user and --dir are needed");
  return settings;
}

}  // namespace

int main(int count, char** arguments) {
  std::setlocale(LC_ALL, "C.UTF-8");
  std::signal(SIGPIPE, SIG_IGN);
  const Settings settings = read_arguments(count, arguments);
  set_host_name(settings.host_name);
  if (!settings.debug_log.empty()) {
    client.debug_log = std::fopen(settings.debug_log.c_str(), "w");
    if (client.debug_log == nullptr) wrong_usage("cannot write " + settings.debug_log);
  }
  client.loop = g_main_loop_new(nullptr, FALSE);
  start_purple(settings);
  make_account(settings);
  GIOChannel* commands_in = g_io_channel_unix_new(STDIN_FILENO);
  g_io_channel_set_encoding(commands_in, nullptr, nullptr);
  g_io_channel_set_flags(commands_in, G_IO_FLAG_NONBLOCK, nullptr);
  g_io_add_watch(commands_in, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), stdin_readable,
                 nullptr);
  print_event("ready");
  g_main_loop_run(client.loop);
  purple_core_quit();
  return 0;
}
