// explain_study MODEL LOCATOR DATA: whether heatmaps show what the network looks at. DATA: what
// Dataset::open() takes.
#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

#include "../engine/sanity.h"
#include "files/dataset.h"
#include "leukolens/classifier.h"
#include "leukolens/metrics.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

// Sums whose mean and its 95 % interval (normal approximation) are printed.
class Sample {
 public:
  void add(double value) { values_.push_back(value); }
  void print(const char* what) const {
    const auto n = static_cast<double>(values_.size());
    double mean = 0, variance = 0;
    for (double value : values_) mean += value / n;
    for (double value : values_) variance += (value - mean) * (value - mean) / (n - 1);
    const double half = 1.96 * std::sqrt(variance / n);
    std::printf("  %s: %.4f [%.4f, %.4f]\n", what, mean, mean - half, mean + half);
  }

 private:
  std::vector<double> values_;
};

struct Sanity {
  std::size_t images = 0, without_cell = 0,  // without_cell: nothing was left for the network to look at
      worse = 0;  // worse: hiding the highlighted tenth cost more than a random one
  Sample untrained, untrained_magnitude, other_label, highlighted, random, lowest;

  void add(const Picture& picture, Classifier& trained, Classifier& untrained_network, Noise& noise);
  void print() const;
};

std::vector<float> magnitudes(std::vector<float> values) {
  for (float& value : values) value = std::abs(value);
  return values;
}

void Sanity::add(const Picture& picture, Classifier& trained, Classifier& untrained_network, Noise& noise) {
  const Classification before = *trained.classify(picture);
  if (before.probabilities.empty()) return void(++without_cell);
  std::vector<int> order(before.probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  const auto probability = [&](int label) { return before.probabilities[static_cast<std::size_t>(label)]; };
  std::ranges::sort(order, std::greater{}, probability);
  const Heatmap map = *trained.explain(picture, order[0]), second = *trained.explain(picture, order[1]),
                foreign = *untrained_network.explain(picture, order[0]);
  untrained.add(rank_correlation(map.values, foreign.values));
  untrained_magnitude.add(rank_correlation(magnitudes(map.values), magnitudes(foreign.values)));
  other_label.add(rank_correlation(map.values, second.values));
  // None where the locator no longer finds the cell: that would be its loss, not the network's.
  const auto loss = [&](const Heatmap& by, double begin, double end) -> std::optional<double> {
    const auto after = trained.classify(Picture(hide(picture.pixels(), by, begin, end)))->probabilities;
    if (after.empty()) return std::nullopt;
    return probability(order[0]) - after[static_cast<std::size_t>(order[0])];
  };
  const auto top = loss(map, 0, 0.1), elsewhere = loss(shuffled(map, noise), 0, 0.1), low = loss(map, 0.9, 1);
  if (!top || !elsewhere || !low) return void(++without_cell);
  highlighted.add(*top);
  random.add(*elsewhere);
  lowest.add(*low);
  worse += *top > *elsewhere;
  ++images;
}

void Sanity::print() const {
  std::printf("%zu images, and %zu in which no cell was left\nrank correlation with the map of\n", images,
              without_cell);
  untrained.print("the same network with random weights");
  untrained_magnitude.print("the same, magnitudes alone");
  other_label.print("the second label");
  std::puts("probability of the label lost when hiding");
  highlighted.print("the highlighted tenth");
  random.print("a random tenth");
  lowest.print("the lowest tenth");
  const Interval share = wilson(worse, images);
  std::printf("the highlighted tenth costs more than the random one: %.4f [%.4f, %.4f]\n",
              static_cast<double>(worse) / static_cast<double>(images), share.low, share.high);
}

int complain(const Error& error) {
  std::fprintf(stderr, "explain_study: %s\n", error.message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: explain_study MODEL LOCATOR DATA (a folder, zip or CSV of images)\n", stderr);
    return 2;
  }
  const auto file = files::read_file(argv[1]);
  if (!file) return complain(file.error());
  const auto model = read_model(*file);
  if (!model) return complain(model.error());
  const auto data = files::Dataset::open(argv[3]);
  if (!data) return complain(data.error());
  auto locator = files::read_file(argv[2]).and_then([](const auto& bytes) { return Locator::load(bytes); });
  if (!locator) return complain(locator.error());
  auto trained = Classifier::load(*file);
  if (!trained) return complain(trained.error());
  Sanity sanity;
  Noise noise(1);
  std::uint32_t seed = 0;
  for (const files::Item& item : data->items()) {
    const auto picture = data->read(item).and_then([](const auto& bytes) { return open(bytes); });
    if (!picture || !picture->locate(*locator)) continue;
    auto untrained = Classifier::load(*write_model(randomised(*model, ++seed)));
    if (!untrained) return complain(untrained.error());
    sanity.add(*picture, *trained, *untrained, noise);
  }
  sanity.print();
}
