#include "evaluation/evaluation.h"

#include <mutex>
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

Result<std::vector<Classification>> answers(const files::Dataset& data, const files::Item& item,
                                            Classifiers& classifiers) {
  const Result<std::vector<std::uint8_t>> bytes = data.read(item);
  if (!bytes) return std::unexpected(bytes.error());
  const Result<Picture> picture = open(*bytes);
  if (!picture) return std::unexpected(picture.error());
  std::vector<Classification> list;
  for (Classifier& classifier : classifiers) {
    Result<Classification> answer = files::classify_item(classifier, *picture, item);
    if (!answer) return std::unexpected(answer.error());
    list.push_back(std::move(*answer));
  }
  return list;
}

}  // namespace

Evaluation evaluate(const files::Dataset& data, std::span<const std::vector<std::uint8_t>> files,
                    std::span<const Label> labels, int threads) {
  Evaluation result;
  result.scored.resize(files.size());
  files::LabelledImages images = files::labelled_images(data, labels);
  const std::vector<files::Labelled>& known = images.known;
  result.samples.unlabelled = std::move(images.unlabelled);
  Pool pool(files, threads);
  std::vector<Result<std::vector<Classification>>> answered(known.size());
  ProgressLine line;
  for_each_in_parallel(known.size(), threads, line.counter("classifying", "images"), [&](std::size_t i) {
    Classifiers classifiers = pool.take();
    answered[i] = answers(data, *known[i].item, classifiers);
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
      result.scored[m].push_back({truth, (*answered[i])[m].probabilities});
    result.verdicts.add(answered[i]->front());
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
