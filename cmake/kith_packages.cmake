# The libraries of others, all from Debian 12; scripts/install lists their packages.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(GSSAPI REQUIRED IMPORTED_TARGET krb5-gssapi krb5)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)

# Boost is headers only here: Asio as the reactor, JSON compiled into one file of ours.
find_package(Boost 1.81 REQUIRED)
add_library(kith_asio INTERFACE)
target_link_libraries(kith_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(kith_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_SERIAL_PORT)
