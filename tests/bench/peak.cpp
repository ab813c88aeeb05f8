// network_peak MODEL: what the network's speed natively is held against, and that speed, both in one thread;
// prints JSON.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "files/dataset.h"
#include "leukolens/classifier.h"

using namespace leukolens;

#ifdef __aarch64__
#define VECTOR_REGISTER "+w"
#else
#define VECTOR_REGISTER "+x"
#endif

namespace {

using Vector [[gnu::vector_size(16)]] = float;  // 128 bits, as in WebAssembly

/// So many sums that do not wait for each other that the latency of one is hidden by the others.
constexpr int kSums = 12;

/// Multiply-adds of single floats in a second, by 128 bits each: the best of many runs, each short enough
/// that a busy machine lets some of them through.
double peak() {
  constexpr int kRounds = 500'000;
  double best = 0;
  for (int run = 0; run < 200; ++run) {
    Vector sums[kSums] = {};
    const Vector factor = {0.999f, 0.999f, 0.999f, 0.999f};
    const auto start = std::chrono::steady_clock::now();
    for (int round = 0; round < kRounds; ++round)
      for (Vector& sum : sums) {
        sum = sum * factor + factor;
        asm volatile("" : VECTOR_REGISTER(sum));  // the compiler may not foresee the sums
      }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, 4.0 * kSums * kRounds / seconds.count());
  }
  return best;
}

int complain(const Error& error) {
  std::fprintf(stderr, "network_peak: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: network_peak MODEL\n", stderr);
    return 2;
  }
  const auto file = files::read_file(argv[1]);
  if (!file) return complain(file.error());
  auto classifier = Classifier::load(*file);
  if (!classifier) return complain(classifier.error());
  auto times = classifier->benchmark(1000);
  if (!times) return complain(times.error());
  std::ranges::sort(*times);
  std::printf(R"({"peak": %.0f, "macs": %lld, "p50": %.4f, "p95": %.4f})"
              "\n",
              peak(), static_cast<long long>(total_cost(classifier->model()).macs), (*times)[500],
              (*times)[950]);
}
