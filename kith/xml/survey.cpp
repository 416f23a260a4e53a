#include "kith/xml/survey.h"

#include <optional>

namespace kith::xml {

namespace {

class Survey {
 public:
  Survey(std::string_view document, const Limits& limits) : document_(document), limits_(limits) {}

  Result<void> run() {
    while ((at_ = document_.find('<', at_)) != std::string_view::npos)
      if (const auto refused = markup()) return std::unexpected(*refused);
    return {};
  }

 private:
  std::optional<Error> markup() {
    const std::string_view rest = document_.substr(at_);
    if (rest.starts_with("<!--")) return skip("<!--", "-->");
    if (rest.starts_with("<![CDATA[")) return skip("<![CDATA[", "]]>");
    if (rest.starts_with("<?")) return skip("<?", "?>");
    if (rest.starts_with("<!DOCTYPE")) return error(Fault::forbidden, "DOCTYPE");
    if (rest.starts_with("</")) {
      if (depth_ == 0) return error(Fault::malformed, "XML");
      --depth_;
      return skip("</", ">");
    }
    return start_tag();
  }

  std::optional<Error> start_tag() {
    if (++elements_ > limits_.elements_max) return error(Fault::too_many, "XML elements");
    if (++depth_ > limits_.depth_max) return error(Fault::too_many, "XML depth");
    std::size_t attributes = 0;
    ++at_;
    while (true) {
      at_ = document_.find_first_of("\"'>", at_);
      if (at_ == std::string_view::npos) return error(Fault::malformed, "XML");
      if (document_[at_] == '>') break;
      if (++attributes > limits_.attributes_max) return error(Fault::too_many, "XML attributes");
      at_ = document_.find(document_[at_], at_ + 1);
      if (at_ == std::string_view::npos) return error(Fault::malformed, "XML");
      ++at_;
    }
    if (document_[at_ - 1] == '/') --depth_;
    return std::nullopt;
  }

  std::optional<Error> skip(std::string_view opening, std::string_view closing) {
    const std::size_t end = document_.find(closing, at_ + opening.size());
    if (end == std::string_view::npos) return error(Fault::malformed, "XML");
    at_ = end + closing.size();
    return std::nullopt;
  }

  Error error(Fault fault, std::string_view where) const {
    return {
        .fault = fault, .where = where, .offset = at_ < document_.size() ? at_ : document_.size()};
  }

  std::string_view document_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Result<void> survey(std::string_view document, const Limits& limits) {
  return Survey{document, limits}.run();
}

}  // namespace kith::xml
