// stain_study MODEL LOCATOR DATA...: what evening the stain of a session brings. DATA: what Dataset::open()
// takes, one microscope each. Of every image the main cell, or the cell nearest to its box. Prints tables in
// Markdown: the whole way to the edge of the model's range or parts of it, brighter or darker; and what
// even_stain() makes of few cells.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <string_view>

#include "files/dataset.h"
#include "files/evaluation.h"
#include "leukolens/classifier.h"
#include "leukolens/metrics.h"

using namespace leukolens;

namespace {

struct Seen {
  Picture picture;
  const files::Item* item;
  int label;
};

// The cells of a session, opened and located.
std::vector<Seen> open_all(const files::Dataset& data, Classifier& classifier) {
  std::vector<Seen> session;
  for (const files::Labelled& one : files::labelled_images(data, classifier.model().labels).known) {
    auto picture = data.read(*one.item).and_then([](const auto& bytes) { return open(bytes); });
    if (picture && classifier.locate(*picture)) session.push_back({std::move(*picture), one.item, one.label});
  }
  return session;
}

std::vector<Located> cells_of(std::span<const Seen> session) {
  std::vector<Located> cells;
  for (const Seen& seen : session) {
    const Located* cell = seen.item->box ? cell_in(seen.picture, *seen.item->box) : main_cell(seen.picture);
    if (cell) cells.push_back(*cell);
  }
  return cells;
}

Metrics measure_session(Classifier& classifier, std::span<const Seen> session, const StainScale& stain) {
  classifier.use(Profile{.stain = stain});
  std::vector<Scored> scored;
  for (const Seen& seen : session) {
    const auto answer = files::classify_item(classifier, seen.picture, *seen.item);
    scored.push_back({seen.label, answer ? answer->probabilities : std::vector<float>()});
  }
  return measure(scored, classifier.model().labels.size());
}

void print_row(const std::string& what, const StainScale& stain, const Metrics& metrics) {
  std::printf("| %s | %.2f %.2f %.2f | %.3f | %.3f |\n", what.c_str(), double(stain.factors[0]),
              double(stain.factors[1]), double(stain.factors[2]), metrics.accuracy, metrics.ece);
}

// Factors to the nearer edge of the range, brighter or darker, all the way for a `share` of 1.
StainScale towards(const StainRange& range, std::array<float, 3> usual, float share) {
  StainScale scale{.factors = {}, .cells = 1};
  for (std::size_t c = 0; c < 3; ++c) {
    const float density = std::max(usual[c], 0.02f);
    const float factor = std::clamp(density, range.least[c], range.most[c]) / density;
    scale.factors[c] = std::pow(std::clamp(factor, 1 / 3.0f, 3.0f), share);
  }
  return scale;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: stain_study MODEL LOCATOR DATA...\n", stderr);
    return 2;
  }
  const auto file = files::read_file(argv[1]);
  auto locator = files::read_file(argv[2]).and_then([](const auto& bytes) { return Locator::load(bytes); });
  if (!file || !locator) {
    std::fputs("The model or the locator cannot be read.\n", stderr);
    return 1;
  }
  auto classifier = Classifier::load(*file, std::make_shared<Locator>(std::move(*locator)));
  if (!classifier) {
    std::fprintf(stderr, "%s\n", classifier.error().message.c_str());
    return 1;
  }
  if (!classifier->model().stain) {
    std::fputs("The model does not say which stains it knows.\n", stderr);
    return 1;
  }
  const StainRange range = *classifier->model().stain;
  for (int i = 3; i < argc; ++i) {
    const auto data = files::Dataset::open(argv[i]);
    if (!data) {
      std::fprintf(stderr, "%s: %s\n", argv[i], data.error().message.c_str());
      return 1;
    }
    const std::vector<Seen> session = open_all(*data, *classifier);
    std::vector<Located> cells = cells_of(session);
    const auto usual = usual_density(cells).value();
    std::printf("\n%s: %zu cells, median nucleus %.3f %.3f %.3f\n", argv[i], session.size(), double(usual[0]),
                double(usual[1]), double(usual[2]));
    std::printf("\n| stain | factors | accuracy | ECE |\n| --- | --- | --- | --- |\n");
    print_row("as it is", {}, measure_session(*classifier, session, {}));
    for (const float share : {0.25f, 0.5f, 0.75f, 1.0f}) {
      const StainScale stain = towards(range, usual, share);
      print_row(std::to_string(int(100 * share)) + " % of the way", stain,
                measure_session(*classifier, session, stain));
    }
    std::ranges::shuffle(cells, std::mt19937(1));
    for (const std::size_t count : {std::size_t(5), std::size_t(20), cells.size()}) {
      const StainScale stain = even_stain(std::span(cells).first(std::min(count, cells.size())), range);
      print_row("evened by " + std::to_string(count), stain, measure_session(*classifier, session, stain));
    }
  }
}
