# Tests above the rooms: those beside the code are made by kith_module.
if(NOT BUILD_TESTING)
  return()
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# What the catalogue of headers finds must write and read back to itself.
add_executable(kith_catalog_test tests/catalog/round_trip_test.cpp)
target_include_directories(kith_catalog_test PRIVATE ${CMAKE_BINARY_DIR}/generated)
target_link_libraries(kith_catalog_test PRIVATE kith_sip kith_test_main)
add_test(NAME kith_catalog COMMAND kith_catalog_test)

# Values of every header, made from the grammars in tests/catalog/grammar.
add_library(kith_grammar STATIC tests/catalog/abnf.cpp tests/catalog/sentence.cpp)
target_link_libraries(kith_grammar PUBLIC kith_base)
add_executable(kith_grammar_test tests/catalog/grammar_test.cpp tests/catalog/abnf_test.cpp)
target_compile_definitions(kith_grammar_test PRIVATE
  KITH_VALUES_EACH=$<IF:$<CONFIG:Release>,10000,200>)
target_link_libraries(kith_grammar_test PRIVATE kith_grammar kith_sip kith_test_main)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  # Unoptimised, its copies of std::string's functions are those that the whole program gets.
  set_source_files_properties(tests/catalog/grammar_test.cpp tests/catalog/abnf_test.cpp
    PROPERTIES COMPILE_OPTIONS -O2)
endif()
add_test(NAME kith_grammar COMMAND kith_grammar_test)

add_subdirectory(fuzz)

# The torture messages of RFC 4475 and RFC 5118, judged as tests/torture/data/*/index.tsv says.
add_executable(kith_torture_test tests/torture/torture_test.cpp)
target_link_libraries(kith_torture_test PRIVATE kith_sip kith_test_main)
add_test(NAME torture COMMAND kith_torture_test)

# The simulator: the real server code in virtual time, plays as text, and seeded worlds with faults.
file(GLOB play CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/sim/*.cpp)
list(FILTER play EXCLUDE REGEX "(_test|_main)\\.cpp$")
add_library(kith_play STATIC ${play})
target_link_libraries(kith_play PUBLIC kith_sim kith_auth kith_crypto kith_event kith_contacts
  kith_soap kith_ua server_store server_service)
add_executable(kith_play_test tests/sim/sim_test.cpp)
target_link_libraries(kith_play_test PRIVATE kith_play kith_test_main)
add_test(NAME play COMMAND kith_play_test)
add_executable(kith_soak tests/sim/soak_main.cpp)
target_link_libraries(kith_soak PRIVATE kith_play)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  # As it is shipped, a thousand worlds take less than 20 seconds of one core; the long run has the
  # seeds behind them.
  add_test(NAME soak COMMAND kith_soak --seeds 1000 --at-most-cpu-seconds 20)
  set_tests_properties(soak PROPERTIES RUN_SERIAL ON)
  add_test(NAME soak_long COMMAND kith_soak --from 1001 --seeds 20000)
  set_tests_properties(soak_long PROPERTIES LABELS full TIMEOUT 3600 RUN_SERIAL ON)
else()
  add_test(NAME soak COMMAND kith_soak --seeds 100)
endif()

# Calls through two proxies over bad links, in virtual time: each seed is a world.
add_executable(kith_calls tests/sim/calls/calls.cpp tests/sim/calls/people.cpp
  tests/sim/calls/registrant.cpp
  tests/sim/calls/calls_main.cpp)
target_link_libraries(kith_calls PRIVATE kith_ua_testing)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  add_test(NAME calls COMMAND kith_calls --seeds 500)
  add_test(NAME calls_long COMMAND kith_calls --from 501 --seeds 9500)
  set_tests_properties(calls_long PROPERTIES LABELS full TIMEOUT 300)
else()
  add_test(NAME calls COMMAND kith_calls --seeds 50)
endif()

# A test that is a program: it closes with "N passed, N failed".
function(kith_program_test name)
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

set(kith_programs_under_test
  --kithd $<TARGET_FILE:kithd> --kithctl $<TARGET_FILE:kithctl> --kith $<TARGET_FILE:kith>)
foreach(story programs network kerberos operating)
  kith_program_test(${story} tests/programs/${story}_test.py ${kith_programs_under_test})
endforeach()
kith_program_test(tidy tests/tidy/run.py)
set_tests_properties(tidy PROPERTIES LABELS tidy)
add_subdirectory(tests/interop)
add_subdirectory(tests/durability)
kith_program_test(kith tests/programs/kith_test.py ${kith_programs_under_test})
kith_program_test(install tests/programs/install_test.py --build ${CMAKE_BINARY_DIR})
# The installed libraries, and examples/ built from them.
kith_program_test(package tests/programs/package_test.py
  --build ${CMAKE_BINARY_DIR} --source ${CMAKE_SOURCE_DIR} --compiler ${CMAKE_CXX_COMPILER})
# examples/ against each other.
kith_program_test(examples tests/programs/examples_test.py --examples ${CMAKE_BINARY_DIR}/bin/examples)
kith_program_test(doxygen tests/programs/doxygen_test.py)
set_tests_properties(doxygen PROPERTIES LABELS full)
add_subdirectory(tests/jain)
add_subdirectory(tests/faults)
foreach(story kith_ladder kith_talk kith_register kith_call kith_reliable lint)
  kith_program_test(${story} tests/programs/${story}_test.py --kith $<TARGET_FILE:kith>)
endforeach()
