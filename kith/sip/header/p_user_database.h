#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// P-User-Database = LAQUOT DiameterURI RAQUOT *( SEMI generic-param )
/// RFC 4457 §4: where the data of the user is kept, so that nobody has to ask again. The URI is
/// "aaa://" or "aaas://" and what follows.
struct PUserDatabaseName {
  static constexpr HeaderName name{.full = "P-User-Database"};
  static bool takes(const UriView& uri);
};
using PUserDatabase = BracketedUri<PUserDatabaseName, std::string>;
using PUserDatabaseView = PUserDatabase::View;
static_assert(Header<PUserDatabase>);

}  // namespace kith::sip
