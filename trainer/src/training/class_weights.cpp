#include "training/class_weights.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <stdexcept>

#include "files/suggestion.h"

namespace leukolens::train {

void check_class_weights(const ClassWeights& weights, std::span<const Label> labels) {
  for (const auto& [id, weight] : weights.by_label) {
    if (std::ranges::contains(labels, id, &Label::id)) continue;
    std::vector<std::string> known;
    for (const Label& label : labels) known.push_back(label.id);
    throw std::runtime_error(std::format("class_weights names \"{}\", which is not among the classes.{}", id,
                                         files::suggestion(id, known)));
  }
}

std::vector<float> class_weights(const ClassWeights& weights, std::span<const Label> labels,
                                 const Samples& samples, const Indices& shown) {
  if (!weights.balanced && weights.by_label.empty()) return {};
  std::vector<double> counts(labels.size()), raw(labels.size(), 1.0);
  for (const std::uint32_t i : cells_among(samples, shown))
    ++counts[static_cast<std::size_t>(samples.list[i].label)];
  double sum = 0, cells = 0;
  for (std::size_t c = 0; c < labels.size(); ++c) {
    if (weights.balanced) raw[c] = 1 / std::max(counts[c], 1.0);
    if (const auto given = weights.by_label.find(labels[c].id); given != weights.by_label.end())
      raw[c] = given->second;
    sum += raw[c] * counts[c];
    cells += counts[c];
  }
  std::vector<float> result;
  result.reserve(labels.size());
  for (std::size_t c = 0; c < labels.size(); ++c)  // a class that is not shown has none to give
    result.push_back(counts[c] > 0 ? static_cast<float>(raw[c] * cells / sum) : 1.0f);
  return result;
}

double weighted_loss(std::span<const Scored> scored, std::span<const float> weights) {
  double loss = 0, sum = 0;
  for (const Scored& one : scored) {
    const auto truth = static_cast<std::size_t>(one.truth);
    loss -= weights[truth] * std::log(std::max(static_cast<double>(one.probabilities[truth]), 1e-12));
    sum += weights[truth];
  }
  return loss / sum;
}

std::vector<Scored> without_weights(std::span<const Scored> scored, std::span<const float> weights) {
  std::vector<Scored> result(scored.begin(), scored.end());
  for (Scored& one : result) {
    float sum = 0;
    for (std::size_t c = 0; c < weights.size(); ++c) sum += one.probabilities[c] /= weights[c];
    for (float& p : one.probabilities) p /= sum;
  }
  return result;
}

std::string effect_of_weights(std::span<const Scored> scored, std::span<const Scored> plain,
                              std::size_t classes) {
  const auto figures = [&](std::span<const Scored> of) {
    const Metrics metrics = measure(of, classes);
    return std::format("accuracy {:.3f}, macro recall {:.3f}, ECE {:.3f}", metrics.accuracy,
                       metrics.macro_recall, metrics.ece);
  };
  return std::format(
      "Class weights make the network answer as if classes were as frequent as they weigh, so its "
      "probabilities are too high for the classes that they favour. On these images: {}; with the weights "
      "divided out of its answers: {}.",
      figures(scored), figures(plain));
}

}  // namespace leukolens::train
