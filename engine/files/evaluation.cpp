#include "files/evaluation.h"

#include <algorithm>
#include <format>

namespace leukolens::files {

LabelledImages labelled_images(const Dataset& data, std::span<const Label> labels) {
  LabelledImages images;
  for (const Item& item : data.items()) {
    const auto label = std::ranges::find(labels, item.label, &Label::id);
    if (label != labels.end())
      images.known.push_back({&item, static_cast<int>(label - labels.begin())});
    else
      images.unlabelled.push_back({item.source, std::format("the model has no label {}", item.label)});
  }
  return images;
}

Result<const Located*> cell_of(Classifier& classifier, const Picture& picture, const Item& item) {
  if (auto located = classifier.locate(picture); !located) return std::unexpected(std::move(located.error()));
  return item.box ? cell_in(picture, *item.box) : main_cell(picture);
}

Result<Classification> classify_item(Classifier& classifier, const Picture& picture, const Item& item) {
  if (!item.box || classifier.model().input.region == Input::Region::whole)
    return classifier.classify(picture);
  const auto found = cell_of(classifier, picture, item);
  if (!found) return std::unexpected(found.error());
  const Located* cell = *found;
  return cell ? classifier.classify(picture, Point{cell->x, cell->y}) : Classification();
}

void VerdictCounts::add(const Classification& answer) {
  if (answer.probabilities.empty())
    ++not_found;
  else if (answer.verdict == Verdict::classified)
    ++classified;
  else
    ++(answer.verdict == Verdict::unsure ? unsure : rejected);
}

Json::Value to_json(const Json& json, const VerdictCounts& counts) {
  const Json::Value value = json.object();
  json.set(value, "classified", counts.classified);
  json.set(value, "unsure", counts.unsure);
  json.set(value, "rejected", counts.rejected);
  json.set(value, "notFound", counts.not_found);
  return value;
}

Json::Value to_json(const Json& json, std::span<const Skipped> skipped) {
  return json.list(skipped, [&](const Skipped& one) {
    const Json::Value value = json.object();
    json.set(value, "source", one.source);
    json.set(value, "reason", one.reason);
    return value;
  });
}

}  // namespace leukolens::files
