// stain_study MODEL LOCATOR KNOWN... -- DATA...: what evening the stain of a session brings. KNOWN and DATA:
// what Dataset::open() takes, one microscope each; KNOWN are those that the model knows, whose medians are
// the range. Of every image the main cell, or the cell nearest to its box. Prints tables in Markdown.
#include <algorithm>
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
  classifier.use_stain(stain);
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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: stain_study MODEL LOCATOR KNOWN... -- DATA...\n", stderr);
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
  StainRange range{{9, 9, 9}, {0, 0, 0}};
  bool is_known = true;
  for (int i = 3; i < argc; ++i) {
    if (argv[i] == std::string_view("--")) {
      is_known = false;
      continue;
    }
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
    for (std::size_t c = 0; is_known && c < 3; ++c) {
      range.least[c] = std::min(range.least[c], usual[c]);
      range.most[c] = std::max(range.most[c], usual[c]);
    }
    if (is_known) continue;
    std::printf("\n| stain | factors | accuracy | ECE |\n| --- | --- | --- | --- |\n");
    print_row("as it is", {}, measure_session(*classifier, session, {}));
    std::ranges::shuffle(cells, std::mt19937(1));
    for (const std::size_t count : {std::size_t(5), std::size_t(20), cells.size()}) {
      const StainScale stain = even_stain(std::span(cells).first(std::min(count, cells.size())), range);
      print_row("evened by " + std::to_string(count), stain, measure_session(*classifier, session, stain));
    }
  }
}
