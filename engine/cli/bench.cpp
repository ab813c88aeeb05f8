#include <algorithm>
#include <print>
#include <utility>

#include "batch.h"
#include "commands.h"
#include "encode.h"
#include "files/dataset.h"
#include "files/json_writer.h"
#include "model_file.h"
#include "smear.h"

namespace leukolens::cli {
namespace {

/// Milliseconds of each round of one step; empty where the model needs no locator, or cannot be explained.
struct Step {
  const char* name;
  std::vector<double> times;

  double quantile(std::size_t percent) const { return times[times.size() * percent / 100]; }
};

Result<std::vector<std::uint8_t>> image_of(const BenchOptions& options) {
  if (!options.image.empty()) return files::read_file(options.image);
  return smear::encode_jpeg(smear::draw({.cells = {smear::Cell::neutrophil}}).image, 90);
}

Result<std::vector<Step>> measure(Classifier& classifier, std::span<const std::uint8_t> image,
                                  int iterations) {
  std::vector<Step> steps{{"decode", {}}, {"locate", {}}, {"prepare", {}}, {"infer", {}}, {"explain", {}}};
  for (int i = 0; i < iterations && !interrupted; ++i) {
    const auto picture = open(image);
    if (!picture) return std::unexpected(picture.error());
    const auto result = classifier.classify(*picture);
    if (!result) return std::unexpected(result.error());
    if (result->probabilities.empty())
      return fail(ErrorCode::invalid_argument,
                  "There is nothing to time: no white cell was found in the image.");
    const Timings& timings = result->timings;
    steps[0].times.push_back(timings.decode_ms);
    if (picture->is_located()) steps[1].times.push_back(timings.locate_ms);
    steps[2].times.push_back(timings.prepare_ms);
    steps[3].times.push_back(timings.infer_ms);
    if (const auto map = classifier.explain(*picture, result->label.value_or(0)))
      steps[4].times.push_back(map->explain_ms);
  }
  std::erase_if(steps, [](const Step& step) { return step.times.empty(); });
  for (Step& step : steps) std::ranges::sort(step.times);
  return steps;
}

void print_text(const std::vector<Step>& steps) {
  std::println("{:<10}{:>10}{:>10}   ms", "", "p50", "p95");
  for (const Step& step : steps)
    std::println("{:<10}{:>10.3f}{:>10.3f}   {} rounds", step.name, step.quantile(50), step.quantile(95),
                 step.times.size());
}

void print_json(const std::vector<Step>& steps) {
  const files::Json json;
  for (const Step& step : steps) {
    const files::Json::Value value = json.object();
    json.set(value, "p50", step.quantile(50));
    json.set(value, "p95", step.quantile(95));
    json.set(json.root(), step.name, value);
  }
  std::println("{}", json.text(true));
}

}  // namespace

int bench(const BenchOptions& options) {
  const auto file = read_model_file(options.paths);
  if (!file) return complain("bench", file.error());
  auto classifier = file->classifier();
  if (!classifier) return complain("bench", options.paths.model.string() + ": " + classifier.error().message);
  const auto image = image_of(options);
  if (!image) return report(options.image, image.error());
  catch_signals();
  const auto steps = measure(*classifier, *image, options.iterations);
  if (!steps) return report(options.image.empty() ? "the drawn image" : options.image, steps.error());
  options.format == Format::text ? print_text(*steps) : print_json(*steps);
  return interrupted ? kInterrupted : kDone;
}

}  // namespace leukolens::cli
