#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/soap/envelope.h"
#include "kith/soap/operation.h"

namespace kith::soap {

/// Gives each method to the one that was named for it.
///
///     Dispatcher<Outcome, User&> soap;
///     soap.on<SetContact>([](const SetContact& set, User& user) { … });
///     Result<Outcome> outcome = soap.call(body, user);
template <class Answer, class... Arguments>
class Dispatcher {
 public:
  template <Operation X, class Handler>
    requires std::is_invocable_r_v<Answer, const Handler&, const X&, Arguments...>
  void on(Handler handler) {
    methods_.push_back({
        .name = X::name,
        .call = [handler = std::move(handler)](const xml::Element& method,
                                               Arguments... arguments) -> Result<Answer> {
          const Result<X> operation = X::parse(method);
          if (!operation) return std::unexpected(operation.error());
          return handler(*operation, std::forward<Arguments>(arguments)...);
        },
    });
  }

  /// An error, and no handler called, for what is no envelope, names a method that nobody serves
  /// (Fault::unsupported, "method") or gives it wrong content.
  Result<Answer> call(std::string_view document, Arguments... arguments) const {
    const Result<xml::Element> element = open(document);
    if (!element) return std::unexpected(element.error());
    for (const Method& method : methods_)
      if (element->is(method.name))
        return method.call(*element, std::forward<Arguments>(arguments)...);
    return refuse(Fault::unsupported, "method");
  }

 private:
  struct Method {
    xml::Name name;
    std::function<Result<Answer>(const xml::Element&, Arguments...)> call;
  };
  std::vector<Method> methods_;
};

}  // namespace kith::soap
