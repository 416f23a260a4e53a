# With CMAKE_UNITY_BUILD, as in most presets, a batch of files is compiled as one, so that headers
# are read and templates instantiated once for all of them: less than half the work. Then names in
# unnamed namespaces meet. A room whose tests each have a world of their own is left out, and a file
# that has a name in common with its neighbours is compiled alone. What is shipped is compiled file
# by file (kith_module.cmake), so that what a message costs does not depend on which files stand side
# by side, and the preset clang compiles everything so, for clang-tidy and for includes that are
# missing.
foreach(room IN ITEMS kith kith_auth_test kith_faults_test kith_gssapi_test kith_host_test kith_jain_test
    kith_ua_test parse_peers server_shard_test)
  if(TARGET ${room})
    set_target_properties(${room} PROPERTIES UNITY_BUILD OFF)
  endif()
endforeach()
set_source_files_properties(
  kith/auth/digest_client.cpp
  kith/auth/scheme/ntlm.cpp
  kith/base/text.cpp
  kith/base/writer.cpp
  kith/capture/unpack.cpp
  kith/client/session_test.cpp
  kith/dialog/session_timer_test.cpp
  kith/event/subscription_test.cpp
  kith/gssapi/initiator.cpp
  kith/net/tls_context.cpp
  kith/net/transport/udp.cpp
  kith/sip/header/date.cpp
  kith/sip/message_edit.cpp
  kith/sip/multipart_test.cpp
  kith/sip/shape/token_or_quoted.cpp
  kith/sip/uri.cpp
  kith/ua/incoming.cpp
  kith/ua/proxy.cpp
  kith/ua/proxy_responses.cpp
  server/service/ntlm_test.cpp
  server/store/sqlite/backup_test.cpp
  server/store/testing/lossy_vfs.cpp
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
