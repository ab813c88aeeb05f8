#include "evaluation/evaluation.h"

#include <stdexcept>

#include "data/provenance.h"
#include "evaluation/classifier_pool.h"
#include "support/progress_line.h"

namespace leukolens::train {
namespace {

/// One for each model.
Result<std::vector<Classification>> answers(const Picture& picture, const files::Item& item,
                                            Classifiers& classifiers) {
  std::vector<Classification> list;
  for (Classifier& classifier : classifiers) {
    Result<Classification> answer = files::classify_item(classifier, picture, item);
    if (!answer) return std::unexpected(answer.error());
    list.push_back(std::move(*answer));
  }
  return list;
}

}  // namespace

Evaluation evaluate(const files::Dataset& data, std::span<const std::vector<std::uint8_t>> files,
                    std::span<const std::uint8_t> locator, std::span<const Label> labels, int threads) {
  Evaluation result;
  result.scored.resize(files.size());
  const std::vector<files::Item>& all = data.items();
  files::LabelledImages images = files::labelled_images(data, labels);
  result.samples.unlabelled = std::move(images.unlabelled);
  Items items;
  for (const files::Labelled& one : images.known)
    items.push_back(static_cast<std::uint32_t>(one.item - all.data()));
  ClassifierPool pool(files, locator, threads);
  std::vector<Result<std::vector<Classification>>> answered(all.size());
  std::vector<std::string> contents(all.size());
  ProgressLine line;
  for_each_picture(data, items, threads, line.counter("classifying", "images"), [&](const OpenedFile& file) {
    Classifiers classifiers = pool.take();
    const std::string content = content_of(file.bytes);
    for (const std::uint32_t i : file.items) {
      answered[i] = file.picture.and_then(
          [&](const Picture& picture) { return answers(picture, all[i], classifiers); });
      contents[i] = content;
    }
    pool.give(std::move(classifiers));
  });
  line.clear();
  for (const auto& [item, truth] : images.known) {
    const auto i = static_cast<std::size_t>(item - all.data());
    if (!answered[i]) {
      result.samples.unreadable.push_back({all[i].source, answered[i].error().message});
      continue;
    }
    result.samples.list.push_back({.source = all[i].source,
                                   .group = all[i].group,
                                   .part = all[i].part,
                                   .label = truth,
                                   .item = static_cast<std::uint32_t>(i),
                                   .content = std::move(contents[i])});
    for (std::size_t m = 0; m < files.size(); ++m)
      result.scored[m].push_back({truth, (*answered[i])[m].probabilities});
    result.verdicts.add(answered[i]->front());
  }
  if (result.samples.list.empty())
    throw std::runtime_error("The data holds no readable image with a label that the model knows.");
  return result;
}

}  // namespace leukolens::train
