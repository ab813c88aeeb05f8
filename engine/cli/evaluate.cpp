#include <map>
#include <print>

#include "batch.h"
#include "commands.h"
#include "files/encoding.h"
#include "files/evaluation.h"
#include "files/figures.h"
#include "leukolens/notice.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

struct Evaluation {
  std::vector<Scored> scored;
  files::VerdictCounts verdicts;
  std::vector<files::Skipped> unreadable, unlabelled;
};

void print_left_out(const files::Dataset& data, const Evaluation& evaluation) {
  for (const files::Skipped& one : evaluation.unreadable)
    std::println(stderr, "{}: {}", files::printable(one.source), files::visible(one.reason));
  say_left_out(data.skipped());
  std::map<std::string_view, std::size_t> reasons;
  for (const files::Skipped& one : evaluation.unlabelled) ++reasons[one.reason];
  for (const auto& [reason, count] : reasons)
    std::println(stderr, "{} left out: {}", count, files::visible(reason));
}

void print_json(const Model& model, const Evaluation& evaluation, const Metrics& metrics) {
  const files::Json json;
  const files::Json::Value root = json.root();
  json.set(root, "model", model.name);
  json.set(root, "metrics", files::to_json(json, metrics, model.labels));
  json.set(root, "curves", files::curves_to_json(json, metrics));
  json.set(root, "verdicts", files::to_json(json, evaluation.verdicts));
  json.set(root, "unreadable", files::to_json(json, evaluation.unreadable));
  json.set(root, "unlabelled", files::to_json(json, evaluation.unlabelled));
  json.set(root, "notice", kNotice);
  std::println("{}", json.text(true));
}

}  // namespace

int evaluate(const EvaluateOptions& options) {
  const auto file = read_model_file(options.paths);
  if (!file) return complain("evaluate", file.error());
  const auto data = files::Dataset::open(options.data);
  if (!data) return complain("evaluate", data.error().message);
  const files::LabelledImages images = files::labelled_images(*data, file->model.labels);
  if (images.known.empty()) return complain("evaluate", "no image has a label that the model has");

  Evaluation evaluation{.unlabelled = images.unlabelled};
  const auto item = [&](std::size_t i) -> const files::Item& { return *images.known[i].item; };
  const auto read = [&](std::size_t i) { return data->read(item(i)); };
  const auto ask = [&](Classifier& classifier, std::size_t i, const auto& bytes) {
    return open(bytes).and_then(
        [&](const Picture& picture) { return files::classify_item(classifier, picture, item(i)); });
  };
  const auto done = [&](std::size_t i, const Result<Classification>& answer) {
    if (!answer) {
      evaluation.unreadable.push_back({item(i).source, answer.error().message});
      return;
    }
    evaluation.scored.push_back({images.known[i].label, answer->probabilities});
    evaluation.verdicts.add(*answer);
  };
  catch_signals();
  if (!for_each_image(images.known.size(), options.jobs, classifying(*file, read, ask, done)))
    return kInterrupted;
  print_left_out(*data, evaluation);
  const Metrics metrics = measure(evaluation.scored, file->model.labels.size());
  if (options.format == Format::json)
    print_json(file->model, evaluation, metrics);
  else if (evaluation.scored.empty())
    complain("evaluate", "none of the images can be read");
  else
    std::println("{}\n{}", files::table(metrics, file->model.labels), kNotice);
  return evaluation.unreadable.empty() ? kDone : kSomeFailed;
}

}  // namespace leukolens::cli
