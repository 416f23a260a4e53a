# kith_catalog(OUT FOLDER CONCEPT LIST NAMESPACE) writes OUT: it includes every header of the folder
# and lists the types that these files claim with static_assert(CONCEPT<T>);. Fuzzers, round-trip
# tests and the documentation read the list; nothing that runs in production does.
function(kith_catalog out folder concept list namespace)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.h)
  foreach(header ${headers})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${header})
    string(APPEND includes "#include \"${path}\"\n")
    file(STRINGS ${header} claims REGEX "^static_assert\\(${concept}<.*>\\);")
    foreach(claim ${claims})
      string(REGEX REPLACE ".*${concept}<(.*)>.*" "\\1" type ${claim})
      list(APPEND types "${namespace}::${type}")
    endforeach()
  endforeach()
  list(JOIN types ",\n    " types)
  file(CONFIGURE OUTPUT ${out} CONTENT "#pragma once

@includes@
namespace kith::catalog {

template <class... T>
struct TypeList {};

using @list@ = TypeList<
    @types@>;

}  // namespace kith::catalog
" @ONLY)
endfunction()
