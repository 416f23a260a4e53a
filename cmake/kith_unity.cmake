# With CMAKE_UNITY_BUILD, as in most presets, a batch of files is compiled as one, so that headers
# are read and templates instantiated once for all of them: less than half the work. Then names in
# unnamed namespaces meet. Where two files of a room have the same name for two things, one of them
# stands here and is compiled alone. What is shipped is compiled file by file (kith_module.cmake),
# so that what a message costs does not depend on which files stand side by side, and the preset
# clang compiles everything so, for clang-tidy and for includes that are missing.
set_source_files_properties(
  kith/auth/associations_test.cpp
  kith/auth/authenticator_test.cpp
  kith/auth/client_test.cpp
  kith/auth/digest_challenge_test.cpp
  kith/auth/digest_client.cpp
  kith/auth/endpoint_test.cpp
  kith/auth/scheme/ntlm.cpp
  kith/auth/scheme/ntlm/utf16_test.cpp
  kith/auth/scheme/ntlm_test.cpp
  kith/auth/signature_test.cpp
  kith/auth/scheme/digest_test.cpp
  kith/auth/scheme/ntlm/context_test.cpp
  kith/base/text.cpp
  kith/base/writer.cpp
  kith/capture/unpack.cpp
  kith/client/session_test.cpp
  kith/dialog/session_timer_test.cpp
  kith/event/subscription_test.cpp
  kith/gssapi/initiator.cpp
  kith/gssapi/ntlm_oracle_test.cpp
  kith/host/registering_test.cpp
  kith/net/tls_context.cpp
  kith/net/transport/udp.cpp
  kith/sip/header/date.cpp
  kith/sip/multipart_test.cpp
  kith/sip/uri.cpp
  kith/ua/incoming.cpp
  kith/ua/keep_alive_test.cpp
  kith/ua/proxy.cpp
  kith/ua/proxy_responses.cpp
  kith/ua/registration_test.cpp
  kith/ua/responses_test.cpp
  kith/ua/user_agent_test.cpp
  server/service/ntlm_test.cpp
  server/shard/server_test.cpp
  server/store/sqlite/backup_test.cpp
  tools/kith/lint_value.cpp
  tools/kith/talk_text.cpp
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
