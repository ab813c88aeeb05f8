#include <format>
#include <fstream>
#include <print>

#include "batch.h"
#include "commands.h"
#include "files/evaluation.h"
#include "files/json_writer.h"
#include "leukolens/notice.h"
#include "leukolens/profile.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

constexpr std::string_view kEnding = ".microscope.json";

void print_text(const Model& model, const Profile& profile, const AdaptOptions& options) {
  std::string learnt;
  for (std::size_t i = 0; i < model.labels.size(); ++i)
    if (profile.examples[i] > 0)
      learnt += std::format("{}{} {}", learnt.empty() ? "" : ", ", profile.examples[i], model.labels[i].id);
  std::println("Learnt from {}; judged on cells left out while fitting:\n", learnt);
  std::println("{:<20}{:>10}{:>12}{:>8}", "", "accuracy", "log loss", "ECE");
  for (const auto& [name, fitness] :
       {std::pair("without a profile", profile.before), {"with it", profile.after}})
    std::println("{:<20}{:>10.3f}{:>12.3f}{:>8.3f}", name, fitness.accuracy, fitness.log_loss,
                 fitness.calibration_error);
  std::println("\nWrote {}.\n{}", options.out.string(), kNotice);
}

files::Json::Value to_json(const files::Json& json, const Fitness& fitness) {
  const files::Json::Value value = json.object();
  json.set(value, "accuracy", fitness.accuracy);
  json.set(value, "logLoss", fitness.log_loss);
  json.set(value, "calibrationError", fitness.calibration_error);
  return value;
}

void print_json(const Model& model, const Profile& profile, std::span<const files::Skipped> left_out) {
  const files::Json json;
  const files::Json::Value examples = json.object();
  for (std::size_t i = 0; i < model.labels.size(); ++i)
    json.set(examples, model.labels[i].id, profile.examples[i]);
  json.set(json.root(), "name", profile.name);
  json.set(json.root(), "model", model.name);
  json.set(json.root(), "examples", examples);
  json.set(json.root(), "before", to_json(json, profile.before));
  json.set(json.root(), "after", to_json(json, profile.after));
  json.set(json.root(), "leftOut", files::to_json(json, left_out));
  json.set(json.root(), "notice", kNotice);
  std::println("{}", json.text(true));
}

// Nobody ever finds half of a profile.
bool write(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path partial = path.string() + ".partial";
  std::ofstream file(partial, std::ios::binary);
  file << text << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(partial, path, error);
  if (file && !error) return true;
  std::filesystem::remove(partial, error);
  return false;
}

}  // namespace

int adapt(const AdaptOptions& options) {
  const std::string name = options.out.filename().string();
  if (!name.ends_with(kEnding) || name.size() == kEnding.size())
    return complain("adapt", "--out needs a name that ends in .microscope.json");
  const auto file = read_model_file(options.paths);
  if (!file) return complain("adapt", file.error());
  const auto data = files::Dataset::open(options.data);
  if (!data) return complain("adapt", data.error().message);
  const files::LabelledImages images = files::labelled_images(*data, file->model.labels);
  if (images.known.empty()) return complain("adapt", "no image has a label that the model has");

  std::vector<Example> examples;
  std::vector<files::Skipped> left_out = images.unlabelled;
  const auto item = [&](std::size_t i) -> const files::Item& { return *images.known[i].item; };
  const auto read = [&](std::size_t i) { return data->read(item(i)); };
  const auto ask = [&](Classifier& classifier, std::size_t i, const auto& bytes) {
    return open(bytes).and_then(
        [&](const Picture& picture) { return files::classify_item(classifier, picture, item(i)); });
  };
  const auto done = [&](std::size_t i, const Result<Classification>& answer) {
    if (!answer)
      left_out.push_back({item(i).source, answer.error().message});
    else if (answer->embedding.empty())
      left_out.push_back({item(i).source, "no white cell was found in it"});
    else
      examples.push_back({answer->embedding, images.known[i].label});
  };
  catch_signals();
  if (!for_each_image(images.known.size(), options.jobs, classifying(*file, read, ask, done)))
    return kInterrupted;
  for (const files::Skipped& one : left_out) std::println(stderr, "{}: left out: {}", one.source, one.reason);

  auto profile = leukolens::adapt(file->model, examples);
  if (!profile) return report(options.data.string(), profile.error());
  profile->name = options.name.empty() ? name.substr(0, name.size() - kEnding.size()) : options.name;
  if (!write(options.out, write_profile(*profile, file->model)))
    return complain("adapt", "cannot write " + options.out.string());
  if (options.format == Format::text)
    print_text(file->model, *profile, options);
  else
    print_json(file->model, *profile, left_out);
  return kDone;
}

}  // namespace leukolens::cli
