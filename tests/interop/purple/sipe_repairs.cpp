// Functions that stand in front of the libraries' own ones for the plugin. The program is linked
// with its symbols exported, so the dynamic linker finds these first.
#include "sipe_repairs.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// Constructed at first use: libraries may ask for the host name before main() starts.
std::string& host_name() {
  static std::string name;
  return name;
}

template <class Function>
Function* next_definition(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "purple_client: no %s in the libraries behind us\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace

void set_host_name(std::string name) { host_name() = std::move(name); }

extern "C" {

int gethostname(char* name, size_t size) noexcept {
  if (host_name().empty()) return next_definition<int(char*, size_t)>("gethostname")(name, size);
  if (size == 0) return -1;
  std::strncpy(name, host_name().c_str(), size - 1);
  name[size - 1] = '\0';
  return 0;
}

// The plugin passes a table of handlers that claims to be SAX2 and has the SAX1 callbacks for
// elements only. libxml2 of Debian 12 does not call those any more: every document reads as empty.
int xmlSAXUserParseMemory(xmlSAXHandlerPtr sax, void* user_data, const char* buffer, int size) {
  auto* parse = next_definition<decltype(xmlSAXUserParseMemory)>("xmlSAXUserParseMemory");
  if (sax == nullptr || sax->startElementNs != nullptr || sax->endElementNs != nullptr)
    return parse(sax, user_data, buffer, size);
  xmlSAXHandler sax1 = *sax;
  sax1.initialized = 1;
  return parse(&sax1, user_data, buffer, size);
}

}  // extern "C"
