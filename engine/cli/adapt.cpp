#include <format>
#include <fstream>
#include <print>

#include "answers.h"
#include "batch.h"
#include "commands.h"
#include "files/encoding.h"
#include "files/evaluation.h"
#include "files/json_writer.h"
#include "leukolens/notice.h"
#include "leukolens/profile.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

constexpr std::string_view kEnding = ".microscope.json";

void print_text(const Model& model, const Profile& profile, const AdaptOptions& options) {
  if (!profile.stain.is_none())
    std::println(
        "The stain was measured on {} cells: density of red x {:.2f}, green x {:.2f}, blue x {:.2f}.",
        profile.stain.cells, profile.stain.factors[0], profile.stain.factors[1], profile.stain.factors[2]);
  std::string learnt;
  for (std::size_t i = 0; i < model.labels.size(); ++i)
    if (profile.examples[i] > 0)
      learnt += std::format("{}{} {}", learnt.empty() ? "" : ", ", profile.examples[i], model.labels[i].id);
  if (!learnt.empty()) std::println("Learnt from {}; judged on cells left out while fitting.", learnt);
  if (!options.stain) {
    std::println("\n{:<20}{:>10}{:>12}{:>8}", "", "accuracy", "log loss", "ECE");
    for (const auto& [name, fitness] :
         {std::pair("without a profile", profile.before), {"with it", profile.after}})
      std::println("{:<20}{:>10.3f}{:>12.3f}{:>8.3f}", name, fitness.accuracy, fitness.log_loss,
                   fitness.calibration_error);
  }
  std::println("\nWrote {}.\n{}", files::printable(options.out.string()), kNotice);
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
  if (!profile.stain.is_none()) json.set(json.root(), "stain", cli::to_json(json, profile.stain));
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

// What a model says of the cells of a data set, and where they lie.
struct Session {
  std::vector<Example> examples;
  std::vector<Located> cells;
  std::vector<files::Skipped> left_out;
};

// The embedding is empty where no cell is found.
struct Seen {
  std::vector<float> embedding;
  std::optional<Located> cell;
};

Result<Seen> see(Classifier& classifier, const Picture& picture, const files::Item& item,
                 const StainScale& stain) {
  const bool whole = classifier.model().input.region == Input::Region::whole;
  const auto cell = whole ? Result<const Located*>(nullptr) : files::cell_of(classifier, picture, item);
  if (!cell) return std::unexpected(cell.error());
  if (!whole && !*cell) return Seen();
  return classifier.embed(picture, *cell, stain).transform([&](std::vector<float> embedding) {
    return Seen{std::move(embedding), *cell ? std::optional(**cell) : std::nullopt};
  });
}

Session look(const ModelFile& file, const files::Dataset& data, const files::LabelledImages& images,
             const StainScale& stain, int jobs) {
  Session session;
  const auto item = [&](std::size_t i) -> const files::Item& { return *images.known[i].item; };
  const auto read = [&](std::size_t i) { return data.read(item(i)); };
  const auto ask = [&](Classifier& classifier, std::size_t i, const auto& bytes) {
    return open(bytes).and_then(
        [&](const Picture& picture) { return see(classifier, picture, item(i), stain); });
  };
  const auto done = [&](std::size_t i, const Result<Seen>& seen) {
    if (!seen)
      session.left_out.push_back({item(i).source, seen.error().message});
    else if (seen->embedding.empty())
      session.left_out.push_back({item(i).source, "no white cell was found in it"});
    else
      session.examples.push_back({seen->embedding, images.known[i].label});
    if (seen && seen->cell) session.cells.push_back(*seen->cell);
  };
  for_each_image(images.known.size(), jobs, classifying(file, read, ask, done));
  return session;
}

// The white cells of all pictures, whatever they are.
Session look_at_stain(const ModelFile& file, const files::Dataset& data, int jobs) {
  Session session;
  std::vector<const files::Item*> pictures;  // a list may name one several times
  for (const files::Item& item : data.items())
    if (pictures.empty() || pictures.back()->source != item.source) pictures.push_back(&item);
  const auto read = [&](std::size_t i) { return data.read(*pictures[i]); };
  const auto ask = [](Classifier& classifier, std::size_t, const auto& bytes) {
    return open(bytes).and_then([&](const Picture& picture) {
      return classifier.locate(picture).transform([&] { return picture.field().cells; });
    });
  };
  const auto done = [&](std::size_t i, const Result<std::vector<Located>>& cells) {
    if (!cells)
      session.left_out.push_back({pictures[i]->source, cells.error().message});
    else
      session.cells.insert(session.cells.end(), cells->begin(), cells->end());
  };
  for_each_image(pictures.size(), jobs, classifying(file, read, ask, done));
  return session;
}

int finish(const ModelFile& file, Profile profile, std::span<const files::Skipped> left_out,
           const AdaptOptions& options) {
  const std::string name = options.out.filename().string();
  profile.name = options.name.empty() ? name.substr(0, name.size() - kEnding.size()) : options.name;
  if (!write(options.out, write_profile(profile, file.model))) return cannot_write("adapt", options.out);
  if (options.format == Format::text)
    print_text(file.model, profile, options);
  else
    print_json(file.model, profile, left_out);
  return kDone;
}

int adapt_to_stain(const ModelFile& file, const AdaptOptions& options) {
  const auto data = files::Dataset::open(options.data, files::Dataset::Labels::ignored);
  if (!data) return complain("adapt", data.error().message);
  catch_signals();
  Session session = look_at_stain(file, *data, options.jobs);
  if (interrupted) return kInterrupted;
  session.left_out.insert(session.left_out.begin(), data->skipped().begin(), data->skipped().end());
  say_left_out(session.left_out);
  if (session.cells.empty())
    return report(options.data.string(), {ErrorCode::empty_input, "No white cell was found in it."});
  auto profile =
      adapt_stain(file.model, file.model.stain ? even_stain(session.cells, *file.model.stain) : StainScale());
  if (!profile) return report(options.data.string(), profile.error());
  return finish(file, *std::move(profile), session.left_out, options);
}

}  // namespace

int adapt(const AdaptOptions& options) {
  const std::string name = options.out.filename().string();
  if (!name.ends_with(kEnding) || name.size() == kEnding.size())
    return complain("adapt", "--out needs a name that ends in .microscope.json");
  const auto file = read_model_file(options.paths);
  if (!file) return complain("adapt", file.error());
  if (options.stain) return adapt_to_stain(*file, options);
  const auto data = files::Dataset::open(options.data);
  if (!data) return complain("adapt", data.error().message);
  const files::LabelledImages images = files::labelled_images(*data, file->model.labels);
  if (images.known.empty()) return complain("adapt", "no image has a label that the model has");

  catch_signals();
  Session session = look(*file, *data, images, {}, options.jobs);
  if (interrupted) return kInterrupted;
  std::vector<files::Skipped> left_out = data->skipped();
  left_out.insert(left_out.end(), images.unlabelled.begin(), images.unlabelled.end());
  left_out.insert(left_out.end(), session.left_out.begin(), session.left_out.end());
  say_left_out(left_out);

  const StainScale stain = file->model.stain ? even_stain(session.cells, *file->model.stain) : StainScale();
  const std::vector<Example> as_they_are = std::move(session.examples);
  if (!stain.is_none()) session = look(*file, *data, images, stain, options.jobs);
  if (interrupted) return kInterrupted;
  auto profile = stain.is_none() ? leukolens::adapt(file->model, as_they_are)
                                 : leukolens::adapt(file->model, stain, as_they_are, session.examples);
  if (!profile) return report(options.data.string(), profile.error());
  return finish(*file, *std::move(profile), left_out, options);
}

}  // namespace leukolens::cli
