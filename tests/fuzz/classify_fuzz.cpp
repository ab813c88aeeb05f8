// From a file to an answer: any bytes, and any pixels in a sound file, give an answer that keeps its
// contract, with and without a profile, twice the same, or a typed error.
#include "../engine/networks.h"
#include "encode.h"
#include "fuzz.h"
#include "leukolens/classifier.h"

using namespace leukolens;
using namespace leukolens::test;
using leukolens::fuzz::require;

namespace {

// Its stain, its rejection and its locator all have a say.
Classifier make_classifier() {
  Model model = make_varied_model();
  model.input.region = Input::Region::cell;
  model.input.tta_margin = 0;
  const std::size_t size = feature_statistics_count(model);
  model.rejection = {.min_confidence = 0.3f,
                     .min_typicality = 0.05f,
                     .whitening = std::vector<float>(size * size, 0.5f),
                     .centres = std::vector<float>(2 * size, 0.25f),
                     .distances = {0.5f, 100, 10'000}};
  model.stain = StainRange{.least = {0.1f, 0.1f, 0.1f}, .most = {0.5f, 0.5f, 0.5f}};
  auto classifier = Classifier::load(*write_model(model),
                                     std::make_shared<Locator>(*Locator::create(make_locator_model(3))));
  require(classifier.has_value());
  return std::move(*classifier);
}

void check(const Judgement& judgement) {
  require(judgement.label.has_value() == (judgement.verdict != Verdict::rejected));
  if (judgement.probabilities.empty()) return;
  fuzz::require_probabilities(judgement.probabilities);
  require(judgement.confidence == *std::ranges::max_element(judgement.probabilities));
  require(!judgement.typicality || (*judgement.typicality >= 0 && *judgement.typicality <= 1));
}

void classify(Classifier& classifier, std::span<const std::uint8_t> file) {
  const auto picture = open(file);
  if (!picture) return fuzz::require_sound(picture.error());
  if (std::int64_t(picture->pixels().width) * picture->pixels().height > 200'000) return;
  const auto first = classifier.classify(*picture), second = classifier.classify(*picture);
  require(first.has_value() == second.has_value());
  if (!first) return fuzz::require_sound(first.error());
  check(*first);
  require(first->probabilities == second->probabilities);
  const auto field = classifier.classify_field(*picture);
  require(field.has_value() && field->cells.size() == picture->field().cells.size());
  for (const Cell& cell : field->cells) check(cell);
  if (!first->probabilities.empty()) require(classifier.explain(*picture).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Classifier classifier = make_classifier();
  classify(classifier, {data, size});
  if (size > 2) classify(classifier, smear::encode_png(fuzz::image_of({data, size}, 200)));
  return 0;
}
