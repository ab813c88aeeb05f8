// A microscope profile: what was learnt of one microscope from cells that a person has confirmed or
// corrected.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "leukolens/model.h"
#include "leukolens/stain.h"

namespace leukolens {

/// A cell whose label a person knows.
struct Example {
  std::vector<float> embedding;  // see Classifier::embed()
  int label = 0;                 // index into Model::labels
};

/// How good answers are, measured on examples that the fit did not see.
struct Fitness {
  float accuracy = 0;
  float log_loss = 0;           // mean of -ln(probability of the right label), nats
  float calibration_error = 0;  // expected, over bins of equal mass
};

/// A ridge-regularised linear correction of a model's answers:
///   p = softmax((logits + weights * features + biases) / temperature),
/// where the model's own calibrated logits and the features before them are what an embedding holds. A few kB
/// as a file.
struct Profile {
  std::string name = "microscope";  // for people
  std::string model_sha256;         // of the model file that it belongs to
  std::vector<int> examples;        // for each label, how many it was fitted to
  std::vector<float> weights;       // [labels, features]
  std::vector<float> biases;        // [labels]
  float temperature = 1;
  StainScale stain;  // in which its cells are shown to the network
  Fitness before,
      after;  // of the model alone, and of profiles fitted without the examples they are judged by

  /// Whether it changes more than the stain.
  bool corrects() const {
    return std::ranges::any_of(examples, [](int count) { return count > 0; });
  }
};

inline constexpr int kProfileFormat = 2;
inline constexpr std::size_t kMinExamples = 4;  // of labels with at least two examples
inline constexpr std::size_t kMaxExamples = 100'000;
inline constexpr std::size_t kMaxProfileFile = 1 << 20;  // bytes

/// Fits a profile. Deterministic: the order of the examples does not matter. A label is learnt from two
/// examples on; of labels with fewer, cells keep their place: they count half when the other labels are
/// told apart, so that what was not shown is not unlearnt. The temperature is fitted to examples left out
/// (one by one up to 32 examples, in eight parts beyond). Errors: invalid_argument if an example does not fit
/// the model, if there are fewer than kMinExamples to learn from, or if left-out examples are answered no
/// better than by the model alone: then there is nothing to gain, and the message says what was measured.
Result<Profile> adapt(const Model& model, std::span<const Example> examples);

/// Of a stain and nothing else: no label is looked at. Errors: invalid_argument if the stain is none.
Result<Profile> adapt_stain(const Model& model, const StainScale& stain);

/// Of a stain and of examples in it; of the stain alone where that names more of them rightly and they have
/// nothing to teach beside it; of the examples alone where fewer are named rightly in it. `as_they_are`,
/// `evened`: the same cells, before the stain is evened and after. Errors: those of adapt().
Result<Profile> adapt(const Model& model, const StainScale& stain, std::span<const Example> as_they_are,
                      std::span<const Example> evened);

/// The probabilities of a cell with this embedding. The profile must be one of the model that it comes from
/// (adapt() and read_profile() see to it).
void apply(const Profile& profile, std::span<const float> embedding, std::span<float> probabilities);

/// Reads a profile for a model; nothing in it is trusted, and where it has a checksum nothing but its name
/// may have changed since it was written. Errors: corrupt_profile; unsupported_profile if it belongs to
/// another model or another version of the format.
Result<Profile> read_profile(std::span<const std::uint8_t> file, const Model& model);

/// The JSON text of a profile of this model. Reading it back gives the same profile, bit for bit.
std::string write_profile(const Profile& profile, const Model& model);

}  // namespace leukolens
