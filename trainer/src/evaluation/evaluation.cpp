#include "evaluation/evaluation.h"

#include <algorithm>
#include <format>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "leukolens/classifier.h"
#include "commands/console.h"

namespace leukolens::train {
namespace {

using Classifiers = std::vector<Classifier>;  // one for each model

Classifiers load(std::span<const std::vector<std::uint8_t>> files) {
  Classifiers classifiers;
  for (const std::vector<std::uint8_t>& file : files) {
    Result<Classifier> classifier = Classifier::load(file);
    if (!classifier) throw std::runtime_error(classifier.error().message);
    classifiers.push_back(std::move(*classifier));
  }
  return classifiers;
}

/// Classifiers for as many threads as ask for some at a time.
class Pool {
 public:
  Pool(std::span<const std::vector<std::uint8_t>> files, int threads) {
    for (int i = 0; i < threads; ++i) idle_.push_back(load(files));
  }
  Classifiers take() {
    const std::lock_guard lock(mutex_);
    Classifiers taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  void give(Classifiers classifiers) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(classifiers));
  }

 private:
  std::mutex mutex_;
  std::vector<Classifiers> idle_;
};

/// Whether the cell that was looked at is the annotated one.
bool found_in(const Rect& box, const Classification& answer) {
  return std::ranges::any_of(
      answer.cells, [&](const Cell& cell) { return contains(box, {cell.located.x, cell.located.y}); });
}

Result<std::vector<Classification>> answers(const files::Dataset& data, const files::Item& item,
                                            Classifiers& classifiers) {
  const Result<std::vector<std::uint8_t>> bytes = data.read(item);
  if (!bytes) return std::unexpected(bytes.error());
  const Result<Picture> picture = open(*bytes);
  if (!picture) return std::unexpected(picture.error());
  std::vector<Classification> list;
  const std::optional<Point> at = item.box.transform(middle_of);
  for (Classifier& classifier : classifiers) {
    const bool whole = classifier.model().input.region == Input::Region::whole;
    Result<Classification> answer = classifier.classify(*picture, whole ? std::nullopt : at);
    if (!answer) return std::unexpected(answer.error());
    if (!whole && at && !found_in(*item.box, *answer)) *answer = {};  // missed
    list.push_back(std::move(*answer));
  }
  return list;
}

std::vector<float> probabilities_of(const Classification& answer, std::size_t labels) {
  return answer.probabilities.empty() ? std::vector<float>(labels, 1.0f / static_cast<float>(labels))
                                      : answer.probabilities;
}

}  // namespace

Evaluation evaluate(const files::Dataset& data, std::span<const std::vector<std::uint8_t>> files,
                    std::span<const Label> labels, int threads) {
  Evaluation result;
  result.scored.resize(files.size());
  std::vector<std::pair<const files::Item*, int>> known;  // with the label's index
  for (const files::Item& item : data.items()) {
    const auto label = std::ranges::find(labels, item.label, &Label::id);
    if (label != labels.end()) {
      known.emplace_back(&item, static_cast<int>(label - labels.begin()));
    } else {
      result.samples.unlabelled.push_back(
          {item.source, std::format("the model has no label {}", item.label)});
    }
  }
  Pool pool(files, threads);
  std::vector<Result<std::vector<Classification>>> answered(known.size());
  ProgressLine line;
  for_each_in_parallel(known.size(), threads, line.counter("classifying", "images"), [&](std::size_t i) {
    Classifiers classifiers = pool.take();
    answered[i] = answers(data, *known[i].first, classifiers);
    pool.give(std::move(classifiers));
  });
  line.clear();
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto& [item, truth] = known[i];
    if (!answered[i]) {
      result.samples.unreadable.push_back({item->source, answered[i].error().message});
      continue;
    }
    result.samples.list.push_back({item->source, item->group, item->part, truth});
    for (std::size_t m = 0; m < files.size(); ++m)
      result.scored[m].push_back({truth, probabilities_of((*answered[i])[m], labels.size())});
    result.unsure += answered[i]->front().verdict == Verdict::unsure;
    result.rejected += answered[i]->front().verdict == Verdict::rejected;
  }
  if (result.samples.list.empty())
    throw std::runtime_error("The data holds no readable image with a label that the model knows.");
  return result;
}

void print_left_out(const Samples& samples) {
  print_skipped("images cannot be read and were left out", samples.unreadable);
  print_skipped("images have a label that the model does not know and were left out", samples.unlabelled);
}

}  // namespace leukolens::train
