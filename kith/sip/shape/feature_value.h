#pragma once

#include <string_view>

namespace kith::sip {

/// What stands between the quotes of a feature, as it is on the wire: tag-value-list / string-value
/// tag-value-list = tag-value *( "," tag-value )
/// tag-value      = [ "!" ] ( token-nobang / boolean / numeric )
/// numeric        = "#" ( ">=" / "<=" / "=" / number ":" ) number
/// number         = [ "+" / "-" ] 1*DIGIT [ "." *DIGIT ]
/// string-value   = "<" *( qdtext-no-abkt / quoted-pair ) ">"
/// RFC 3840 §9
bool is_feature_value(std::string_view text);

}  // namespace kith::sip
