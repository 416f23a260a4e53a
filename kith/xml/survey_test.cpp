#include "kith/xml/survey.h"

#include <doctest/doctest.h>

#include <optional>
#include <string_view>

namespace kith::xml {
namespace {

TEST_CASE("the survey alone refuses a document type and counts what is open") {
  const auto fault = [](std::string_view document) {
    const auto counted = survey(document, {.elements_max = 3, .depth_max = 2, .attributes_max = 1});
    return counted ? std::nullopt : std::optional(counted.error().fault);
  };
  CHECK(fault("<a><b c='>'/><b/></a>") == std::nullopt);
  CHECK(fault("<a><!-- <b><b><b> --><![CDATA[<b><b>]]><?b <b><b>?></a>") == std::nullopt);
  CHECK(fault(" <!DOCTYPE a><a/>") == Fault::forbidden);
  CHECK(fault("<a><b/><b/><b/></a>") == Fault::too_many);
  CHECK(fault("<a><b><c/></b></a>") == Fault::too_many);
  CHECK(fault("<a b='' c=\"\"/>") == Fault::too_many);
  CHECK(fault("</a>") == Fault::malformed);
  CHECK(fault("<a b='") == Fault::malformed);
  CHECK(fault("<!-- ") == Fault::malformed);
}

}  // namespace
}  // namespace kith::xml
