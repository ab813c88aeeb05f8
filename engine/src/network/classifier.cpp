#include "leukolens/classifier.h"

#include <algorithm>

#include "leukolens/novelty.h"
#include "leukolens/sha256.h"
#include "leukolens/view.h"
#include "network/lymphoid.h"
#include "network/stopwatch.h"

namespace leukolens {
namespace {

std::unexpected<Error> sees_no_cells() {
  return fail(ErrorCode::invalid_argument,
              "The model sees the whole image: take one that looks at located cells, like the flagship.");
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::classified:
      return "classified";
    case Verdict::unsure:
      return "unsure";
    case Verdict::rejected:
      return "rejected";
  }
  return "";
}

Classifier::Classifier(Model model, Network network, std::shared_ptr<Locator> locator)
    : model_(std::move(model)), network_(std::move(network)), locator_(std::move(locator)) {}

Result<Classifier> Classifier::load(std::span<const std::uint8_t> model_file,
                                    std::shared_ptr<Locator> locator) {
  auto model = read_model(model_file);
  if (!model) return std::unexpected(model.error());
  if (model->detection)
    return fail(ErrorCode::unsupported_model,
                "The model '" + model->name + "' is a locator: it finds cells and cannot classify them.");
  auto network = Network::create(*model);
  if (!network) return std::unexpected(network.error());
  model->sha256 = sha256({reinterpret_cast<const char*>(model_file.data()), model_file.size()});
  for (Layer& layer : std::span(model->layers).first(head_begin(*model))) layer.weight = layer.bias = {};
  return Classifier(std::move(*model), std::move(*network), std::move(locator));
}

Result<void> Classifier::locate(const Picture& picture) {
  const Image& image = picture.pixels();
  if (image.width <= 0 || image.height <= 0) return fail(ErrorCode::empty_input, "The image has no pixels.");
  if (model_.input.region == Input::Region::whole || picture.is_located()) return {};
  if (!locator_)
    return fail(ErrorCode::invalid_argument,
                "The model looks at located cells: load it with a locator, or locate the picture first.");
  return picture.locate(*locator_);
}

// What the network was shown, and what it said.
struct Classifier::Inference {
  Image view;
  NetworkOutput output;
  std::vector<float> probabilities;
};

StainScale Classifier::stain_of(const Picture& picture) const {
  constexpr int kEnough = 5;  // cells: fewer say more of their classes than of their stain
  if (profile_ && !profile_->stain.is_none()) return profile_->stain;
  if (!model_.stain) return {};
  const StainScale stain = even_stain(picture.field().cells, *model_.stain);
  return stain.cells >= kEnough ? stain : StainScale();
}

// Of a cell, or of the whole picture where there is none.
Image Classifier::view(const Picture& picture, const Located* cell, const StainScale& stain) const {
  return cell ? view_of(picture, *cell, model_.input, stain) : view_of(picture, model_.input);
}

// The logits that end an embedding are calibrated.
Result<NetworkOutput> Classifier::look(const Image& view, Looks looks) {
  normalise(view, model_.input, network_.input());
  auto output = infer(network_, model_.input, looks);
  if (output && looks == Looks::all)
    for (float& logit : std::span(output->embedding).last(output->logits.size()))
      logit /= model_.calibration.temperature;
  return output;
}

Result<Classifier::Inference> Classifier::infer_view(const Picture& picture, const Located* cell,
                                                     Timings& timings) {
  Stopwatch watch;
  Image seen = view(picture, cell, stain_of(picture));
  timings.prepare_ms += watch.lap();
  const bool is_corrected = profile_ && profile_->corrects();
  auto output = look(seen, is_corrected ? Looks::all : Looks::as_needed);
  if (!output) return std::unexpected(std::move(output.error()));
  std::vector<float> probabilities(output->logits.size());
  if (is_corrected)
    apply(*profile_, output->embedding, probabilities);
  else
    softmax(output->logits, model_.calibration.temperature, probabilities);
  timings.infer_ms += watch.lap();
  return Inference{std::move(seen), std::move(*output), std::move(probabilities)};
}

Result<std::vector<float>> Classifier::embed(const Picture& picture, const Located* cell,
                                             const StainScale& stain) {
  if (cell && model_.input.region == Input::Region::whole) return sees_no_cells();
  return look(view(picture, cell, stain), Looks::all).transform([](NetworkOutput output) {
    return std::move(output.embedding);
  });
}

Result<Judgement> Classifier::judge(const Picture& picture, const Located* cell, Timings& timings) {
  auto inference = infer_view(picture, cell, timings);
  if (!inference) return std::unexpected(std::move(inference.error()));
  Judgement result;
  result.probabilities = std::move(inference->probabilities);
  const auto best = std::ranges::max_element(result.probabilities);
  result.confidence = *best;
  const Rejection& rejection = model_.rejection;
  if (!rejection.centres.empty())
    result.typicality =
        leukolens::typicality(rejection, distance(rejection, inference->output.feature_statistics));
  const bool atypical = result.typicality && *result.typicality < rejection.min_typicality;
  if (atypical || *best < rejection.reject_confidence) return result;
  if (cell && is_drawn(inference->view)) return result;
  result.label = static_cast<int>(best - result.probabilities.begin());
  result.verdict = *best < rejection.min_confidence ? Verdict::unsure : Verdict::classified;
  result.large_lymphoid = cell && is_large_lymphoid(model_.labels[static_cast<std::size_t>(*result.label)].id,
                                                    *cell, picture.field());
  return result;
}

Result<Classification> Classifier::classify(const Picture& picture, std::optional<Point> at) {
  if (auto located = locate(picture); !located) return std::unexpected(std::move(located.error()));
  const bool whole = model_.input.region == Input::Region::whole;
  if (whole && at) return sees_no_cells();
  const Located* cell = whole ? nullptr : at ? nearest_cell(picture, *at) : main_cell(picture);
  Classification result;
  result.red_cell = picture.field().red_cell;
  result.timings.decode_ms = picture.decode_ms();
  result.timings.locate_ms = picture.locate_ms();
  if (!whole && !cell) return result;
  auto judgement = judge(picture, cell, result.timings);
  if (!judgement) return std::unexpected(std::move(judgement.error()));
  static_cast<Judgement&>(result) = std::move(*judgement);
  if (cell) result.stain = stain_of(picture);
  if (cell) result.cells.push_back({result, *cell});
  return result;
}

Result<FieldClassification> Classifier::classify_field(const Picture& picture) {
  if (auto located = locate(picture); !located) return std::unexpected(std::move(located.error()));
  if (model_.input.region == Input::Region::whole) return sees_no_cells();
  return classify_cells(picture, picture.field().cells);
}

Result<FieldClassification> Classifier::classify_framed(const Picture& picture,
                                                        std::span<const Rect> frames) {
  if (auto located = locate(picture); !located) return std::unexpected(std::move(located.error()));
  if (model_.input.region == Input::Region::whole) return sees_no_cells();
  std::vector<Located> cells;
  for (const Rect& frame : frames) {
    auto cell = framed_cell(picture, frame);
    if (!cell) return fail(ErrorCode::invalid_argument, "A frame shows none of the picture.");
    cells.push_back(std::move(*cell));
  }
  return classify_cells(picture, cells);
}

Result<FieldClassification> Classifier::classify_cells(const Picture& picture,
                                                       std::span<const Located> cells) {
  FieldClassification result;
  result.stain = stain_of(picture);
  result.red_cell = picture.field().red_cell;
  for (const Located& cell : cells) {
    auto judgement = judge(picture, &cell, result.timings);
    if (!judgement) return std::unexpected(std::move(judgement.error()));
    result.cells.push_back({std::move(*judgement), cell});
  }
  result.timings.decode_ms = picture.decode_ms();
  result.timings.locate_ms = picture.locate_ms();
  return result;
}

Result<Explanation> Classifier::explain_view(const Picture& picture, const Located* cell,
                                             std::optional<int> label) {
  Timings timings{.decode_ms = picture.decode_ms(), .locate_ms = picture.locate_ms()};
  const auto inference = infer_view(picture, cell, timings);
  if (!inference) return std::unexpected(inference.error());
  Stopwatch watch;
  const std::vector<float>& probabilities = inference->probabilities;
  const auto best = static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin());
  const Image& image = picture.pixels();
  const Rect region =
      cell ? view_region(picture, *cell, model_.input) : Rect{0, 0, image.width, image.height};
  auto map = leukolens::explain(model_, inference->output.features, network_.features_shape(),
                                label.value_or(best), region);
  if (!map) return std::unexpected(std::move(map.error()));
  map->explain_ms = watch.lap();
  const float probability = probabilities[static_cast<std::size_t>(map->label)];
  return Explanation{std::move(*map), probability, timings};
}

Result<Explanation> Classifier::explain(const Picture& picture, const Located& cell,
                                        std::optional<int> label) {
  if (auto located = locate(picture); !located) return std::unexpected(std::move(located.error()));
  if (model_.input.region == Input::Region::whole) return sees_no_cells();
  return explain_view(picture, &cell, label);
}

Result<Explanation> Classifier::explain(const Picture& picture, std::optional<int> label) {
  if (auto located = locate(picture); !located) return std::unexpected(std::move(located.error()));
  if (model_.input.region == Input::Region::whole) return explain_view(picture, nullptr, label);
  if (const Located* cell = main_cell(picture)) return explain_view(picture, cell, label);
  return fail(ErrorCode::invalid_argument,
              "There is nothing to explain: no white cell was found in the image.");
}

Result<Classification> Classifier::classify(std::span<const std::uint8_t> file, std::optional<Point> at) {
  return open(file).and_then([&](const Picture& picture) { return classify(picture, at); });
}

Result<FieldClassification> Classifier::classify_field(std::span<const std::uint8_t> file) {
  return open(file).and_then([&](const Picture& picture) { return classify_field(picture); });
}

Result<Explanation> Classifier::explain(std::span<const std::uint8_t> file, std::optional<int> label) {
  return open(file).and_then([&](const Picture& picture) { return explain(picture, label); });
}

Result<std::vector<double>> Classifier::benchmark(int iterations) {
  std::vector<double> times(static_cast<std::size_t>(std::max(iterations, 1)));
  Stopwatch watch;
  for (double& time : times) {
    if (const auto logits = network_.run(); !logits) return std::unexpected(logits.error());
    time = watch.lap();
  }
  return times;
}

}  // namespace leukolens
