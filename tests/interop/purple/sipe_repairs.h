#pragma once

#include <string>

/// What gethostname() tells the plugin: the device's name goes into its epid, so that two devices
/// on one machine need two names. Empty: the machine's own name.
void set_host_name(std::string name);
