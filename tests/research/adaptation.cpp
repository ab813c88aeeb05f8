// adaptation_study MODEL LOCATOR DATA...: how good a model is on a microscope after a person has named k of
// its cells, whose stain is measured with them. DATA: what Dataset::open() takes, one microscope each; of
// every image the cell that it is about. 20 draws; judged on the cells that were not named. Prints a table in
// Markdown.
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>
#include <random>

#include "files/dataset.h"
#include "files/evaluation.h"
#include "leukolens/classifier.h"
#include "leukolens/metrics.h"

using namespace leukolens;

namespace {

constexpr int kDraws = 20;
constexpr std::size_t kViewed = 64;

struct Truth {
  Picture picture;
  Located cell;
  int label = 0;
  std::vector<float> embedding;
  float confidence = 0;
  bool right = false;
};

// The labelled cells of a data set that are found, as the model alone answers them.
std::vector<Truth> answers_of(Classifier& classifier, const files::Dataset& data, std::size_t& missed) {
  const auto& labels = classifier.model().labels;
  std::vector<Truth> answers;
  for (const files::Item& item : data.items()) {
    const auto label = std::ranges::find(labels, item.label, &Label::id);
    if (label == labels.end()) continue;
    const auto bytes = data.read(item);
    auto picture = bytes ? open(*bytes) : std::unexpected(bytes.error());
    if (!picture) continue;
    const auto cell = files::cell_of(classifier, *picture, item);
    const auto answer =
        cell && *cell ? classifier.classify(*picture, Point{(*cell)->x, (*cell)->y}) : Classification();
    if (!answer || answer->cells.empty()) {
      ++missed;
      continue;
    }
    const auto truth = static_cast<int>(label - labels.begin());
    const auto best = std::ranges::max_element(answer->probabilities) - answer->probabilities.begin();
    answers.push_back(
        {*std::move(picture), answer->cells.front().located, truth, {}, answer->confidence, best == truth});
    Truth& last = answers.back();
    last.embedding = *classifier.embed(last.picture, &last.cell);
  }
  return answers;
}

// Of all draws. The calibration error is one of all their answers: of a draw's few dozen cells, spread over
// 15 bins, it would mostly be chance.
struct Mean {
  double accuracy = 0, recall = 0, adopted = 0;
  std::vector<Scored> scored;
};

// Fits to the cells at `named` and judges the others.
void add_draw(Mean& mean, Classifier& classifier, const std::vector<Truth>& cells,
              const std::vector<std::size_t>& named) {
  const Model& model = classifier.model();
  std::vector<Located> located;
  for (const std::size_t i : named) located.push_back(cells[i].cell);
  const StainScale stain = model.stain ? even_stain(located, *model.stain) : StainScale();
  const auto embedding = [&](const Truth& cell, const StainScale& in) {
    return in.is_none() ? cell.embedding : *classifier.embed(cell.picture, &cell.cell, in);
  };
  std::vector<Example> as_they_are, evened;
  std::vector<bool> is_named(cells.size());
  for (const std::size_t i : named) {
    as_they_are.push_back({cells[i].embedding, cells[i].label});
    evened.push_back({embedding(cells[i], stain), cells[i].label});
    is_named[i] = true;
  }
  const auto profile = adapt(model, stain, as_they_are, evened);
  const std::size_t labels = model.labels.size();
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (is_named[i]) continue;
    Scored one{cells[i].label, std::vector<float>(labels)};
    if (profile)
      apply(*profile, embedding(cells[i], profile->stain), one.probabilities);
    else
      softmax(std::span<const float>(cells[i].embedding).last(labels), 1, one.probabilities);
    scored.push_back(std::move(one));
  }
  const Metrics metrics = measure(scored, labels);
  mean.accuracy += metrics.accuracy / kDraws;
  mean.recall += metrics.macro_recall / kDraws;
  mean.scored.insert(mean.scored.end(), scored.begin(), scored.end());
  mean.adopted += profile ? 1.0 / kDraws : 0;
}

void print_row(const char* what, std::size_t count, const Mean& mean) {
  const double ece = measure(mean.scored, mean.scored.front().probabilities.size()).ece;
  std::printf("| %s | %zu | %.3f | %.3f | %.3f | %.2f |\n", what, count, mean.accuracy, mean.recall, ece,
              mean.adopted);
}

void study(Classifier& classifier, const std::vector<Truth>& cells) {
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Mean before;
  for (int draw = 0; draw < kDraws; ++draw) add_draw(before, classifier, cells, {});
  print_row("nothing named", 0, before);
  for (const std::size_t count : {4, 8, 16, 32, 64, 128}) {
    if (count * 10 > cells.size() * 7) break;
    Mean random, needed;
    for (unsigned draw = 0; draw < kDraws; ++draw) {
      std::ranges::shuffle(order, std::mt19937(draw));
      add_draw(random, classifier, cells, {order.begin(), order.begin() + std::ptrdiff_t(count)});
      // By need: of a random half, the most doubtful first, so that draws differ.
      std::vector<std::size_t> half(order.begin(), order.begin() + std::ssize(order) / 2);
      if (half.size() <= count) continue;
      std::ranges::sort(half, {}, [&](std::size_t i) { return cells[i].confidence; });
      half.resize(count);
      add_draw(needed, classifier, cells, half);
    }
    print_row("drawn at random", count, random);
    if (cells.size() / 2 > count) print_row("the most doubtful of a random half", count, needed);
  }
  if (kViewed * 10 > cells.size() * 7) return;
  Mean corrected, viewed;
  for (unsigned draw = 0; draw < kDraws; ++draw) {
    std::ranges::shuffle(order, std::mt19937(draw));
    const std::vector<std::size_t> seen(order.begin(), order.begin() + kViewed);
    std::vector<std::size_t> wrong;
    std::ranges::copy_if(seen, std::back_inserter(wrong), [&](std::size_t i) { return !cells[i].right; });
    add_draw(corrected, classifier, cells, wrong);
    add_draw(viewed, classifier, cells, seen);
  }
  print_row("of 64 viewed, the corrected alone", kViewed, corrected);
  print_row("of 64 viewed, the corrected and the confirmed", kViewed, viewed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "Usage: adaptation_study MODEL LOCATOR DATA...\n");
    return 2;
  }
  const auto file = files::read_file(argv[1]);
  auto locator = files::read_file(argv[2]).and_then([](const auto& bytes) { return Locator::load(bytes); });
  if (!locator) {
    std::fprintf(stderr, "%s: %s\n", argv[2], locator.error().message.c_str());
    return 1;
  }
  auto classifier = file ? Classifier::load(*file, std::make_shared<Locator>(*std::move(locator)))
                         : std::unexpected(file.error());
  if (!classifier) {
    std::fprintf(stderr, "%s: %s\n", argv[1], classifier.error().message.c_str());
    return 1;
  }
  for (int i = 3; i < argc; ++i) {
    const auto data = files::Dataset::open(argv[i]);
    if (!data) {
      std::fprintf(stderr, "%s: %s\n", argv[i], data.error().message.c_str());
      return 1;
    }
    std::size_t missed = 0;
    const std::vector<Truth> cells = answers_of(*classifier, *data, missed);
    std::printf(
        "\n%s: %zu cells, %zu not found\n\n| named | cells | accuracy | macro recall | ECE | adopted |\n"
        "| --- | --- | --- | --- | --- | --- |\n",
        argv[i], cells.size(), missed);
    study(*classifier, cells);
  }
}
