# cmake --install: programs, unit file, example configuration, manual pages. Debian's packages set
# CMAKE_INSTALL_PREFIX=/usr; anywhere else the unit file names the programs where they are.
set(KITH_UNIT_DIR lib/systemd/system CACHE STRING "Where unit files go, below the prefix")
set(KITH_SYSUSERS_DIR lib/sysusers.d CACHE STRING "Where sysusers.d files go, below the prefix")

# Written when it is installed: the prefix may be another one by then (cmake --install --prefix).
install(CODE "
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE OUTPUT_VARIABLE prefix)
  cmake_path(APPEND prefix \"${CMAKE_INSTALL_BINDIR}\" OUTPUT_VARIABLE KITH_BIN_FOLDER)
  configure_file(\"${CMAKE_SOURCE_DIR}/packaging/kithd.service.in\"
    \"${CMAKE_BINARY_DIR}/kithd.service\" @ONLY)")

set(kith_programs kithd kithctl kith)
set(kith_pages kithd.8 kithctl.8 kith.1 kith.toml.5)
install(TARGETS ${kith_programs} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/kithd.service DESTINATION ${KITH_UNIT_DIR})
install(FILES packaging/kith.sysusers DESTINATION ${KITH_SYSUSERS_DIR} RENAME kith.conf)
install(FILES packaging/kith.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
foreach(page IN LISTS kith_pages)
  string(REGEX REPLACE ".*\\." "" section ${page})
  install(FILES packaging/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
