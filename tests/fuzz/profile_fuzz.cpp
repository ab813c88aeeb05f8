// A profile edited anywhere is refused, or gives probabilities, and is written and read back as it is.
#include "../engine/networks.h"
#include "fuzz.h"
#include "leukolens/profile.h"

using namespace leukolens;
using namespace leukolens::test;
using leukolens::fuzz::require;

namespace {

const Model& model() {
  static const Model made = [] {
    Model made = make_model({Conv2d{4, 3, 2, 1, 1, Activation::relu}, GlobalAvgPool{}, Dense{3}}, 16, 16, 3);
    made.sha256 = std::string(64, 'a');
    return made;
  }();
  return made;
}

// Without its checksum, which would stop almost every edit at the gate.
std::string seed() {
  Profile profile{.name = "room 2", .model_sha256 = model().sha256, .examples = {4, 5, 6}};
  profile.weights.assign(12, 0.25f);
  profile.biases = {0.5f, -0.25f, 0};
  profile.stain = {.factors = {1.1f, 0.9f, 1}, .cells = 12};
  std::string text = write_profile(profile, model());
  return text.erase(text.find(",\"sha256\":"), 10 + 66);
}

Result<Profile> read(const std::string& text) {
  return read_profile({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, model());
}

}  // namespace

// Even sizes are edits of a sound profile, odd ones a profile of their own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string sound = seed();
  const auto profile = read(size % 2 ? std::string(reinterpret_cast<const char*>(data), size)
                                     : fuzz::edited(sound, {data, size}));
  if (!profile) return fuzz::require_sound(profile.error()), 0;
  std::vector<float> probabilities(3);
  apply(*profile, std::vector<float>{1, 0, 3, 2, -1, 0, 1}, probabilities);
  fuzz::require_probabilities(probabilities);
  const std::string text = write_profile(*profile, model());
  const auto back = read(text);
  require(back && write_profile(*back, model()) == text);
  return 0;
}
