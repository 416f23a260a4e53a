# What a C++ developer gets of cmake --install: the libraries Kith::base to Kith::client, static,
# their headers below include/kith, and what finds them, find_package(Kith) and pkg-config. All of
# it is of the component `development`.
include(CMakePackageConfigHelpers)

# From the foundation up. Left out is kith_sim, which is for tests of servers made with it.
set(kith_package_rooms
  base crypto xml sip transaction dialog location auth contacts acl presence soap event ua gssapi net
  resolver host client)

# Headers that only our own .cpp files include: not installed, so free to include what they like.
# tests/tidy looks that no header that is installed includes one of them, or of another library.
set(kith_private_headers
  gssapi/handles.h
  location/choose.h location/plan.h location/search.h location/timed_map.h
  net/listener.h net/send_queue.h net/socket.h net/streams.h net/transport/udp.h
  net/unacknowledged.h
  presence/attributes.h
  resolver/reply.h
  sip/check_report.h sip/params_read.h sip/uri_read.h sip/uri_unit.h
  soap/fields.h
  ua/connections.h ua/core.h ua/layer_core.h ua/message_parts.h ua/outputs.h ua/proxy_core.h ua/refusal.h ua/talks.h
  ua/user_agent_core.h ua/via.h
  xml/survey.h)

# How what we link is found again: a target of CMake, the package that has it, modules of pkg-config.
set(kith_found_by
  "OpenSSL::Crypto|OpenSSL|libcrypto" "OpenSSL::SSL|OpenSSL|libssl"
  "LibXml2::LibXml2|LibXml2|libxml-2.0" "ZLIB::ZLIB|ZLIB|zlib" "PkgConfig::GSSAPI|GSSAPI|krb5-gssapi krb5"
  "PkgConfig::CARES|CARES|libcares"
  "kith_asio|Threads|")

# Sanitizers are the one option of ours that whoever links the libraries must have too.
if(KITH_SANITIZE)
  set(kith_link_options "-fsanitize=${KITH_SANITIZE}")
endif()
target_include_directories(kith_base INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(kith_base INTERFACE cxx_std_23)
target_link_options(kith_base INTERFACE $<INSTALL_INTERFACE:${kith_link_options}>)

# Sets in the caller ROOM_requires, modules of pkg-config, and ROOM_needs, packages of CMake, with
# those of the rooms below. How we compile and Asio, which is headers in our own .cpp files, stay
# behind.
function(kith_package_room room)
  get_target_property(links kith_${room} INTERFACE_LINK_LIBRARIES)
  set(exported)
  foreach(link IN LISTS links)
    if(link STREQUAL kith_options)
      list(APPEND exported $<BUILD_INTERFACE:kith_options>)
      continue()
    endif()
    set(found ${kith_found_by})
    list(FILTER found INCLUDE REGEX "^${link}\\|")
    if(found)
      string(REPLACE "|" ";" found "${found}")
      list(GET found 1 package)
      list(GET found 2 modules)
      list(APPEND needs ${package})
      string(APPEND requires " ${modules}")
    else()
      string(REGEX REPLACE "^kith_" "" below ${link})
      list(APPEND needs ${${below}_needs})
      string(APPEND requires " kith-${below}")
    endif()
    if(link STREQUAL kith_asio)
      list(APPEND exported $<BUILD_INTERFACE:kith_asio> $<INSTALL_INTERFACE:Threads::Threads>)
    else()
      list(APPEND exported ${link})
    endif()
  endforeach()
  set_target_properties(kith_${room} PROPERTIES
    INTERFACE_LINK_LIBRARIES "${exported}" EXPORT_NAME ${room})
  list(REMOVE_DUPLICATES needs)
  string(STRIP "${requires}" requires)
  set(${room}_needs ${needs} PARENT_SCOPE)
  set(${room}_requires ${requires} PARENT_SCOPE)
endfunction()

# Where the prefix is, seen from the .pc files: what was installed may be moved.
set(kith_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
  BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${kith_pkgconfig_dir} OUTPUT_VARIABLE kith_prefix_from_pc)

list(TRANSFORM kith_private_headers REPLACE "[.]" "[.]" OUTPUT_VARIABLE private)
list(JOIN private "|" private)
foreach(room IN LISTS kith_package_rooms)
  kith_package_room(${room})
  string(APPEND kith_needs "set(kith_${room}_needs ${${room}_needs})\n")
  set(kith_requires "${${room}_requires}")
  configure_file(packaging/kith.pc.in generated/package/kith-${room}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/generated/package/kith-${room}.pc
    DESTINATION ${kith_pkgconfig_dir} COMPONENT development)
  install(TARGETS kith_${room} EXPORT KithTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(DIRECTORY kith/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/kith
    COMPONENT development FILES_MATCHING PATTERN "*.h"
    PATTERN "test" EXCLUDE PATTERN "testing" EXCLUDE
    REGEX "/test_[a-z_]+[.]h$|_test[.]h$" EXCLUDE REGEX "/kith/(${private})$" EXCLUDE)
endforeach()

set(kith_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Kith)
configure_package_config_file(packaging/KithConfig.cmake.in generated/package/KithConfig.cmake
  INSTALL_DESTINATION ${kith_cmake_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/package/KithConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(EXPORT KithTargets NAMESPACE Kith:: DESTINATION ${kith_cmake_dir} COMPONENT development)
install(FILES ${CMAKE_BINARY_DIR}/generated/package/KithConfig.cmake
  ${CMAKE_BINARY_DIR}/generated/package/KithConfigVersion.cmake
  DESTINATION ${kith_cmake_dir} COMPONENT development)

# In the tree examples/ find the libraries by the same names.
foreach(room IN LISTS kith_package_rooms)
  add_library(Kith::${room} ALIAS kith_${room})
endforeach()
if(BUILD_TESTING)
  add_subdirectory(examples)
endif()
