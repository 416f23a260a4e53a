// Kith and the parsers that Debian packages, on the same messages:
//   parse_peers check FILE...               whether all read and write the same
//   parse_peers count PEER FILE...          one run of each for callgrind; prints allocations
//   parse_peers time FILE... [-- BENCHMARK-OPTION...]
// Measures: routing, typed, write (of a message as it was read), built (write of one that was put
// together). bench/parse/run.py makes the table of docs/performance.md.

#include <benchmark/benchmark.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bench/parse/allocations.h"
#include "bench/parse/peer.h"

namespace {

using namespace kith::bench;

using Peers = std::vector<std::unique_ptr<Peer>>;
constexpr std::array<std::string_view, 4> measures{"routing", "typed", "write", "built"};

struct Sample {
  std::string name;  // of the file, without its suffix
  std::string bytes;
};

Peers all_peers() {
  Peers peers;
  for (const auto make : {make_kith, make_sofia, make_osip2, make_libre}) peers.push_back(make());
  return peers;
}

Sample load(const char* path) {
  std::ifstream file(path, std::ios::binary);
  must(file.is_open(), "there is no such file");
  return {std::filesystem::path{path}.stem(), {std::istreambuf_iterator<char>{file}, {}}};
}

bool can(Peer& peer, std::string_view measure, const Sample& sample) {
  return peer.reads(sample.bytes) && (measure != "built" || peer.builds());
}

void prepare(Peer& peer, std::string_view measure, const Sample& sample) {
  if (measure == "write") peer.keep(sample.bytes, Origin::read);
  if (measure == "built") peer.keep(sample.bytes, Origin::built);
}

std::size_t run(Peer& peer, std::string_view measure, const Sample& sample) {
  if (measure == "routing") return peer.routing(sample.bytes);
  if (measure == "typed") return peer.typed(sample.bytes);
  return peer.write().size();
}

/// What callgrind counts, by its name.
[[gnu::noinline]] std::size_t measured(Peer& peer, std::string_view measure, const Sample& sample) {
  return run(peer, measure, sample);
}

std::string_view body(std::string_view message) {
  const std::size_t end = message.find("\r\n\r\n");
  return end == message.npos ? std::string_view{} : message.substr(end + 4);
}

/// Whether this peer says the same about the message as Kith does; what it writes, Kith reads.
bool agrees(Peer& peer, Peer& kith, const Sample& sample) {
  const Fields wanted = kith.fields(sample.bytes);
  if (peer.fields(sample.bytes) != wanted) return false;
  for (const Origin origin : {Origin::read, Origin::built}) {
    if (origin == Origin::built && !peer.builds()) continue;
    peer.keep(sample.bytes, origin);
    for (int again = 0; again < 2; ++again) {
      const std::string written{peer.write()};
      if (!kith.reads(written) || kith.fields(written) != wanted) return false;
      if (body(written) != body(sample.bytes)) return false;
    }
  }
  return true;
}

int check(const std::vector<Sample>& samples) {
  const Peers peers = all_peers();
  int failed = 0;
  int passed = 0;
  for (const Sample& sample : samples) {
    for (const auto& peer : peers) {
      const bool left_out = peer->name() == "Sofia-SIP" && sample.bytes.starts_with("SERVICE ");
      const bool right = left_out ? !peer->reads(sample.bytes)
                                  : peer->reads(sample.bytes) && agrees(*peer, *peers[0], sample);
      ++(right ? passed : failed);
      std::printf("%s  %s: %s\n", right ? "passed" : "FAILED", sample.name.c_str(),
                  (std::string{peer->name()} + (left_out ? ", which cannot read it" : "")).c_str());
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

/// A line for each call of measured(), in their order: message, measure, allocations.
int count(std::string_view name, const std::vector<Sample>& samples) {
  for (const auto& peer : all_peers()) {
    if (peer->name() != name) continue;
    for (const Sample& sample : samples) {
      for (const std::string_view measure : measures) {
        if (!can(*peer, measure, sample)) continue;
        prepare(*peer, measure, sample);
        // The first run also binds the symbols of shared libraries; it goes by another name.
        const std::size_t first = run(*peer, measure, sample);
        const std::size_t before = allocations();
        const std::size_t again = measured(*peer, measure, sample);
        const std::size_t made = allocations() - before;
        must(first == again, "two runs differ");
        std::printf("%s %s %zu\n", sample.name.c_str(), std::string{measure}.c_str(), made);
      }
    }
    return 0;
  }
  std::fprintf(stderr, "parse_peers: there is no peer %s\n", std::string{name}.c_str());
  return 2;
}

int time(const std::vector<Sample>& samples, std::vector<char*> options) {
  const Peers peers = all_peers();
  for (const Sample& sample : samples) {
    for (const std::string_view measure : measures) {
      for (const auto& peer : peers) {
        if (!can(*peer, measure, sample)) continue;
        const std::string name =
            sample.name + "/" + std::string{measure} + "/" + std::string{peer->name()};
        benchmark::RegisterBenchmark(name.c_str(), [&, measure](benchmark::State& state) {
          prepare(*peer, measure, sample);
          for (auto _ : state) benchmark::DoNotOptimize(measured(*peer, measure, sample));
        });
      }
    }
  }
  int number = static_cast<int>(options.size());
  benchmark::Initialize(&number, options.data());
  if (benchmark::ReportUnrecognizedArguments(number, options.data())) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  int i = mode == "count" ? 3 : 2;
  std::vector<Sample> samples;
  std::vector<char*> options{argv[0]};
  for (; i < argc && std::string_view{argv[i]} != "--"; ++i) samples.push_back(load(argv[i]));
  for (++i; i < argc; ++i) options.push_back(argv[i]);
  if (mode == "check" && !samples.empty()) return check(samples);
  if (mode == "count" && !samples.empty()) return count(argv[2], samples);
  if (mode == "time" && !samples.empty()) return time(samples, std::move(options));
  std::fputs(
      "usage: parse_peers check FILE... | count PEER FILE... | time FILE... [-- OPTION...]\n",
      stderr);
  return 2;
}
