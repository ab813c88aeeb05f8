// A model file of any bytes is refused or gives a network that runs. The seed is a whole small model, so that
// the fuzzer begins inside the format instead of guessing its way in.
#include <algorithm>
#include <cstring>

#include "../engine/model_file.h"
#include "../engine/networks.h"

namespace {

using namespace leukolens::test;

const std::vector<std::uint8_t>& seed() {
  static const File file = without_checksum(*leukolens::write_model(make_varied_model()));
  return file;
}

}  // namespace

// The first four bytes say where in the seed the rest is written over it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> file(data, data + size);
  if (size > 4) {
    std::uint32_t at = 0;
    std::memcpy(&at, data, 4);
    file = seed();
    at %= static_cast<std::uint32_t>(file.size());
    std::memcpy(file.data() + at, data + 4, std::min(size - 4, file.size() - at));
  }
  const auto model = leukolens::read_model(file);
  if (!model) return 0;
  if (leukolens::total_cost(*model).macs > 1'000'000) return 0;  // honest, but too slow for a fuzzer
  if (auto network = leukolens::Network::create(*model)) {
    std::ranges::fill(network->input(), 0.5f);
    (void)network->run();
  }
  return 0;
}
