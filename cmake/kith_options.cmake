# How everything here is compiled. Warnings are errors in every preset.
add_library(kith_options INTERFACE)
target_compile_features(kith_options INTERFACE cxx_std_23)
target_include_directories(kith_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(kith_options INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wmissing-declarations
  -fno-omit-frame-pointer)
set(CMAKE_CXX_EXTENSIONS OFF)

set(KITH_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined")
if(KITH_SANITIZE)
  target_compile_options(kith_options INTERFACE -fsanitize=${KITH_SANITIZE}
    -fno-sanitize-recover=all)
  target_link_options(kith_options INTERFACE -fsanitize=${KITH_SANITIZE})
  if(NOT KITH_SANITIZE MATCHES "fuzzer")
    # A table and command lines: much to compile and little to run, so not optimised here.
    set_source_files_properties(kith/sip/any_header.cpp server/main.cpp
      tools/kith/lint_command.cpp tools/kith/main.cpp tools/kithctl/main.cpp
      PROPERTIES COMPILE_OPTIONS -O0)
  endif()
endif()

find_program(KITH_MOLD mold)
if(KITH_MOLD)
  target_link_options(kith_options INTERFACE -fuse-ld=mold)
endif()
find_program(KITH_CCACHE ccache)
if(KITH_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${KITH_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KITH_CCACHE})
endif()

if(BUILD_TESTING)
  file(WRITE ${CMAKE_BINARY_DIR}/test_main.cpp.in
    "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n")
  configure_file(${CMAKE_BINARY_DIR}/test_main.cpp.in ${CMAKE_BINARY_DIR}/test_main.cpp COPYONLY)
  add_library(kith_test_main STATIC ${CMAKE_BINARY_DIR}/test_main.cpp)
  target_link_libraries(kith_test_main PUBLIC kith_options)
  # Tests are compiled for their answers: what they test is optimised, they are not, and take half
  # the time to compile.
  target_compile_options(kith_test_main PUBLIC -O0)
  if(CMAKE_UNITY_BUILD)  # a helper of one test is no concern of the next; see kith_unity.cmake
    target_compile_options(kith_test_main PUBLIC -Wno-shadow)
  endif()
  target_compile_definitions(kith_test_main PUBLIC KITH_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endif()
