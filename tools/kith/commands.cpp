#include "tools/kith/commands.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <utility>

#include "kith/auth/endpoint.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/client/session.h"
#include "kith/crypto/digest.h"
#include "tools/kith/driver.h"
#include "tools/kith/group_names.h"
#include "tools/kith/output.h"
#include "tools/kith/password.h"
#include "tools/kith/place.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

using Verb = Command::Verb;

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// The same device has the same epid each time: ten digits, as the real clients have.
std::string epid_of(const Options& options, const std::string& user) {
  if (!options.epid.empty()) return to_lower(options.epid);
  const std::string device = options.device.empty() ? host_name() : options.device;
  return crypto::hex(crypto::sha1("kith\n" + device + "\n" + user)).substr(0, 10);
}

Maybe<client::Settings> settings_of(const Options& options) {
  const bool has_scheme = options.user.starts_with("sip:");
  Result<sip::Uri> uri = sip::Uri::parse(has_scheme ? options.user : "sip:" + options.user);
  if (!uri || !sip::address_of_record(*uri))
    return fail(Exit::usage, "--user " + options.user + " is no address like alice@example.com");
  client::Settings settings;
  settings.user.scheme = "sip";
  settings.user.user = uri->user;
  settings.user.host = uri->host;
  settings.epid = epid_of(options, uri->user + "@" + uri->host);
  if (!auth::is_epid(settings.epid))
    return fail(Exit::usage, "--epid " + options.epid + " is not 1 to 16 hexadecimal digits");
  settings.trace = options.trace;
  settings.user_agent = "Kith/" KITH_VERSION;
  settings.login.kerberos = options.kerberos;
  if (options.kerberos) return settings;
  settings.login.ntlm = options.scheme != "digest";
  settings.login.digest = options.scheme != "ntlm";
  settings.login.username = options.login.empty() ? uri->user + "@" + uri->host : options.login;
  auto password = read_password(options, settings.login.username);
  if (!password) return fail(Exit::usage, password.error());
  settings.login.password = *std::move(password);
  return settings;
}

Maybe<std::string> contact_uri(const std::string& text) {
  std::string uri = text.starts_with("sip:") || text.starts_with("sips:") ? text : "sip:" + text;
  if (!contacts::is_contact_uri(uri))
    return fail(Exit::usage, text + " is no contact's address; one is sip:bob@example.com");
  return uri;
}

Maybe<client::Operation> contact_operation(const Command& command, const contacts::List& list) {
  const Maybe<std::string> uri = contact_uri(command.subject);
  if (!uri) return std::unexpected(uri.error());
  const Maybe<std::vector<contacts::GroupId>> groups = groups_of(command.groups, list);
  if (!groups) return std::unexpected(groups.error());
  if (command.verb == Verb::remove_contact) return client::RemoveContact{.uri = *uri};
  if (command.verb == Verb::move_contact)
    return client::ChangeContact{.uri = *uri, .groups = *groups};
  if (command.verb == Verb::rename_contact)
    return client::ChangeContact{.uri = *uri, .name = command.name};
  return client::AddContact{.contact = {.uri = *uri,
                                        .name = command.name.value_or(std::string{}),
                                        .groups = *groups,
                                        .external_uri = {},
                                        .extension = {}}};
}

Maybe<client::Operation> operation_of(const Command& command, const contacts::List& list) {
  if (command.verb == Verb::add_group) {
    if (const Maybe<void> may = may_be_called(command.subject, list); !may)
      return std::unexpected(may.error());
    return client::AddGroup{.name = command.subject};
  }
  if (command.verb != Verb::rename_group && command.verb != Verb::remove_group)
    return contact_operation(command, list);
  const Maybe<contacts::GroupId> id = group_of(command.subject, list);
  if (!id) return std::unexpected(id.error());
  if (command.verb == Verb::remove_group) return client::RemoveGroup{.id = *id};
  const std::string name = command.name.value_or(std::string{});
  if (const Maybe<void> may = may_be_called(name, list, *id); !may)
    return std::unexpected(may.error());
  return client::RenameGroup{.id = *id, .name = name};
}

/// What to say to be let in by one of the ways that the server offers.
std::string remedy(const client::Failed& failed, const Options& options) {
  const auto offers = [&](std::string_view scheme) {
    return std::ranges::find(failed.offered, scheme) != failed.offered.end();
  };
  if (options.kerberos && (offers("Digest") || offers("NTLM"))) return "; leave out --kerberos";
  if (!options.scheme.empty() && (offers("Digest") || offers("NTLM")))
    return "; leave out --auth " + options.scheme;
  if (!options.kerberos && offers("Kerberos")) return "; get a ticket with kinit, add --kerberos";
  return {};
}

/// One run of the program.
class Run {
 public:
  Run(const Options& options, const Command& command, client::Settings settings)
      : options_(options),
        command_(command),
        settings_(settings),
        driver_(options, std::move(settings),
                [](const client::Trace& trace, const Flow& flow, Time at) {
                  using Direction = TraceRecord::Direction;
                  const bool sent = trace.direction == client::Trace::Direction::sent;
                  std::cerr << trace_text(record_of(sent ? Direction::sent : Direction::received,
                                                    flow, at, trace.bytes, trace.note))
                            << std::flush;
                }) {}

  Maybe<void> run(const Place& place) {
    if (const auto connected = driver_.connect(place); !connected)
      return std::unexpected(connected.error());
    if (command_.verb != Verb::login) driver_.session().watch_contacts(driver_.now());
    const Maybe<void> done = act();
    driver_.sign_out();
    return done;
  }

 private:
  Maybe<void> act() {
    const Time deadline = driver_.now() + options_.timeout;
    if (command_.verb == Verb::login) {
      const auto signed_in = wait<client::SignedIn>(deadline);
      if (!signed_in) return std::unexpected(signed_in.error());
      std::cout << (options_.json ? signed_in_json(*signed_in, settings_) + "\n"
                                  : signed_in_text(*signed_in, settings_));
      return {};
    }
    const auto first = wait<client::ListChanged>(deadline);
    if (!first) return std::unexpected(first.error());
    if (command_.verb == Verb::watch_contacts) return watch(first->list);
    if (command_.verb == Verb::list_contacts || command_.verb == Verb::list_groups) {
      print(first->list);
      return {};
    }
    return change(first->list, deadline);
  }

  void print(const contacts::List& list) {
    if (options_.json)
      std::cout << list_json(list) << "\n" << std::flush;
    else if (command_.verb == Verb::list_groups)
      std::cout << groups_text(list) << std::flush;
    else
      std::cout << contacts_text(list, settings_.user.to_string()) << std::flush;
  }

  Maybe<void> change(const contacts::List& list, Time deadline) {
    Maybe<client::Operation> operation = operation_of(command_, list);
    if (!operation) return std::unexpected(operation.error());
    const std::string what = client::describe(*operation);
    driver_.session().submit(*std::move(operation), driver_.now());
    const auto done = wait<client::OperationDone>(deadline);
    if (!done) return std::unexpected(done.error());
    if (options_.json) {
      std::cout << R"({"done":)" << quoted(what);
      if (done->group) std::cout << R"(,"group":)" << int{done->group->value};
      std::cout << R"(,"already":)" << (done->already.empty() ? "false" : "true")
                << R"(,"repeated":)" << repeated_ << "}\n";
    } else {
      std::cout << "done: " << what;
      if (done->group) std::cout << " is #" << int{done->group->value};
      if (!done->already.empty()) std::cout << " (" << done->already << ")";
      std::cout << "\n";
    }
    return {};
  }

  Maybe<void> watch(const contacts::List& first) {
    print(first);
    int changes = 0;
    while (command_.count == 0 || changes < command_.count) {
      const auto changed = wait<client::ListChanged>(never);
      if (!changed && driver_.stopped()) return {};
      if (!changed) return std::unexpected(changed.error());
      if (!changed->delta) {
        print(changed->list);
        ++changes;
        continue;
      }
      std::cout << (options_.json ? delta_json(*changed->delta) + "\n"
                                  : delta_text(*changed->delta, changed->list))
                << std::flush;
      changes += static_cast<int>(changed->delta->changes.size());
    }
    return {};
  }

  /// The next event of this kind; what comes before it is said on standard error, or is the end.
  template <class Wanted>
  Maybe<Wanted> wait(Time deadline) {
    while (std::optional<client::Event> event = driver_.next(deadline)) {
      if (auto* wanted = std::get_if<Wanted>(&*event)) return std::move(*wanted);
      if (const auto* failed = std::get_if<client::Failed>(&*event))
        return fail(failed->cause == client::Failed::Cause::refused ? Exit::refused : Exit::network,
                    failed->sentence + remedy(*failed, options_));
      if (const auto* failed = std::get_if<client::OperationFailed>(&*event)) {
        const bool no = failed->status < 500 && failed->status != 408;
        return fail(no ? Exit::refused : Exit::network, "not done: " + failed->reason);
      }
      if (const auto* again = std::get_if<client::Repeated>(&*event)) {
        ++repeated_;
        std::cerr << "kith: another device was quicker; the list was read again (version "
                  << again->version.value
                  << "), and this is sent once more: " << client::describe(again->operation)
                  << "\n";
      }
      if (const auto* notice = std::get_if<client::Notice>(&*event))
        std::cerr << "kith: " << notice->sentence << "\n";
    }
    if (driver_.stopped()) return fail(Exit::refused, "stopped by a signal");
    return fail(Exit::network, "the server has not answered within " +
                                   std::to_string(options_.timeout / 1s) +
                                   " s; --timeout waits longer, --trace shows what was said");
  }

  const Options& options_;
  const Command& command_;
  const client::Settings settings_;
  Driver driver_;
  int repeated_ = 0;  // because another device was quicker
};

/// A password is asked for only where there is a server to give it to.
Maybe<void> tried(const Options& options, const Command& command) {
  const Maybe<Place> place = place_of(options);
  if (!place) return std::unexpected(place.error());
  Maybe<client::Settings> settings = settings_of(options);
  if (!settings) return std::unexpected(settings.error());
  return Run(options, command, *std::move(settings)).run(*place);
}

}  // namespace

Exit run(const Options& options, const Command& command) {
  const Maybe<void> done = tried(options, command);
  if (done) return Exit::done;
  std::cerr << "kith: " << done.error().sentence << "\n";
  if (options.json) std::cout << R"({"error":)" << quoted(done.error().sentence) << "}\n";
  return done.error().exit;
}

}  // namespace kith::tool
