#include "commands/fit.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <print>
#include <set>

#include "commands/console.h"
#include "data/provenance.h"
#include "data/stain_range.h"
#include "evaluation/collapse.h"
#include "evaluation/rejection.h"
#include "files/figures.h"
#include "leukolens/sha256.h"
#include "network/network.h"
#include "output/epoch_log.h"
#include "output/event_log.h"
#include "output/golden.h"
#include "output/report.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"
#include "support/plural.h"
#include "training/checkpoint.h"
#include "training/class_weights.h"
#include "training/throughput.h"
#include "training/training.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
namespace {

/// What the model learns from here, and what its teachers and the one that it goes on from had learnt from
/// besides.
std::vector<LearntSource> all_sources(const FitOptions& options, const RunContext& context,
                                      const Split& parts) {
  Indices learnt = parts.train;
  learnt.insert(learnt.end(), parts.validation.begin(), parts.validation.end());
  std::vector<LearntSource> sources = sources_of(context.samples, learnt, names_of(options.data));
  std::vector<Model> others = load_teachers(options);
  if (!options.from.empty()) others.push_back(context.model);
  const std::set<std::string> contents = contents_of(context.samples);
  for (const Model& other : others)
    for (LearntSource& before : learnt_sources(other))
      if (share_present(before, contents) < 1) sources.push_back(std::move(before));
  return sources;
}

/// Puts into the model what a person who finds the file wants to know.
void describe(Outcome& outcome, const Metrics& metrics, const FitOptions& options, const RunContext& context,
              const Split& parts, double seconds) {
  const Json facts;
  add_facts(facts, facts.root(), options, context, seconds);
  facts.set(facts.root(), "trainingImages", parts.train.size());
  facts.set(facts.root(), "validationImages", parts.validation.size());
  facts.set(facts.root(), "sources", to_json(facts, all_sources(options, context, parts)));
  facts.set(facts.root(), "history", to_json(facts, outcome.history));
  outcome.model.training_json = facts.text(false);
  const Json figures;
  figures.set(figures.root(), "validation", to_json(figures, metrics, outcome.model.labels));
  outcome.model.metrics_json = figures.text(false);
}

/// Those of the run, whether it collapsed, and what its class weights did to the validation images'
/// probabilities.
std::vector<std::string> notes_on(const Outcome& outcome) {
  std::vector<std::string> notes = notes_on(outcome.history);
  if (const auto collapse = note_on_collapse(outcome.validation, outcome.model.labels))
    notes.push_back(*collapse);
  const std::vector<float>& weights = outcome.history.class_weights;
  if (!weights.empty())
    notes.push_back(effect_of_weights(outcome.validation, without_weights(outcome.validation, weights),
                                      outcome.model.labels.size()));
  return notes;
}

void report_on(const Outcome& outcome, const Metrics& metrics, const FitOptions& options,
               const RunContext& context, const Split& parts) {
  const std::vector<std::uint8_t> file = value_or_throw(files::read_file(options.out));
  Report report{.title = std::format("Training of {}", outcome.model.name)};
  report.about = std::format("Measured on {}{}.",
                             counted(parts.validation.size(), "validation image", "validation images"),
                             context.recipe.training.keep == Training::Keep::last
                                 ? ", from which nothing was learnt"
                                 : ", which chose the best epoch: expect a little less of new images");
  report.labels = outcome.model.labels;
  report.facts_json = outcome.model.training_json;
  report.model_sha256 = sha256(as_text(file));
  report.histories = {outcome.history};
  report.notes = notes_on(outcome);
  report.metrics = metrics;
  for (std::size_t i = 0; i < parts.validation.size(); ++i)
    report.predictions.push_back(
        prediction_of(context.data, context.samples.list[parts.validation[i]], outcome.validation[i]));
  write_report(report, context.data, explain_with(file, read_locator(options)), options.report);
  std::println("Wrote {}.", options.report);
}

/// How far validation images lie from training images. Thresholds stay those of the model that training went
/// on from; without one no image is rejected until export sets them.
Rejection statistics_of(const Model& model, const RunContext& context, const Split& parts) {
  constexpr std::size_t kQuantiles = 41;
  const Samples& samples = context.samples;
  const std::vector<Answer> known = predict(model, samples, cells_among(samples, parts.train));
  const Rejection& before = context.model.rejection;
  if (context.forgets && !before.centres.empty())
    return extend_statistics(before, known, model.labels.size());
  Rejection statistics = fit_statistics(known, model.labels.size());
  statistics.distances =
      quantiles(distances(statistics, predict(model, samples, parts.validation)), kQuantiles);
  statistics.min_confidence = before.min_confidence;
  statistics.min_typicality = before.min_typicality;
  statistics.reject_confidence = before.reject_confidence;
  return statistics;
}

/// A teacher that knows the validation images passes on what it knows of them.
void print_taught_before(const std::vector<Model>& teachers, const RunContext& context, const Split& parts) {
  std::set<std::string> contents;
  for (const std::uint32_t i : parts.validation) contents.insert(context.samples.list[i].content);
  for (const Model& teacher : teachers) {
    const Overlap known = overlap(learnt_sources(teacher), contents);
    if (known.found > 0)
      std::println(
          "The teacher {} has learnt from about {:.0f} % of the validation images: their figures will "
          "flatter.\n",
          teacher.name, 100 * known.share);
  }
}

std::string checkpoint_of(const FitOptions& options) { return options.out + ".checkpoint"; }

/// As a person calls this program.
std::string program() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets it
  return std::getenv("LEUKOLENS_INSIDE") ? "./dev train" : "leukolens-train";
}

void refuse_to_forget(const std::string& checkpoint) {
  if (!fs::exists(checkpoint)) return;
  throw std::runtime_error(std::format(
      "{} is of a run that was interrupted: `{} resume {}` goes on with it, --overwrite begins anew.",
      checkpoint, program(), checkpoint));
}

/// What `resume` needs to know of the run, for the checkpoint.
std::string to_text(const FitOptions& options, const RunContext& context) {
  const Json json;
  json.set(json.root(), "commandLine", options.command_line);
  json.set(json.root(), "data",
           json.list(options.data, [](const std::string& path) { return fs::absolute(path).string(); }));
  json.set(json.root(), "dataSha256", hash_of(context));
  if (!options.from.empty()) {
    json.set(json.root(), "from", fs::absolute(options.from).string());
    json.set(json.root(), "fromSha256", context.model.sha256);
  }
  json.set(json.root(), "teachers",
           json.list(options.teachers, [](const std::string& path) { return fs::absolute(path).string(); }));
  json.set(json.root(), "teachersSha256",
           json.list(load_teachers(options), [](const Model& teacher) { return teacher.sha256; }));
  if (!options.locator.empty()) json.set(json.root(), "locator", fs::absolute(options.locator).string());
  if (context.model.input.region == Input::Region::cell)
    json.set(json.root(), "locatorSha256", sha256(as_text(read_locator(options))));
  json.set(json.root(), "recipe", options.recipe);
  json.set(json.root(), "recipeText", context.recipe.text);
  json.set(json.root(), "out", fs::absolute(options.out).string());
  json.set(json.root(), "group", options.group);
  for (const auto& [key, path] : {std::pair("report", options.report), std::pair("log", options.log),
                                  std::pair("tensorboard", options.tensorboard)})
    json.set(json.root(), key, path.empty() ? "" : fs::absolute(path).string());
  json.set(json.root(), "seed", std::size_t(options.seed));
  json.set(json.root(), "threads", options.threads);
  return json.text(false);
}

std::string duration(double seconds) {
  if (seconds < 90) return std::format("{:.0f} s", seconds);
  return seconds < 5400 ? std::format("{:.0f} min", seconds / 60) : std::format("{:.1f} h", seconds / 3600);
}

/// Images a second, and what the epochs of a recipe take; by training for some seconds, validation left out.
void print_estimate(const std::string& who, const Recipe& recipe, const Model& model,
                    const RunContext& context, const Split& parts, const FitOptions& options,
                    const std::vector<Model>& teachers) {
  constexpr double kSeconds = 2;
  const Training& training = recipe.training;
  const double rate =
      training_rate({recipe, model, context.samples, options.seed, options.threads, teachers}, kSeconds);
  const auto images = training.samples_per_epoch > 0 ? static_cast<std::size_t>(training.samples_per_epoch)
                                                     : parts.train.size();
  const double epoch = static_cast<double>(images) / rate;
  std::println("{} is {} images: about {} here, at {:.0f} images/s.", who, images, duration(epoch), rate);
  std::println("{}: about {}{}.", counted(static_cast<std::size_t>(training.epochs), "epoch", "epochs"),
               duration(epoch * training.epochs),
               training.keep == Training::Keep::last
                   ? ""
                   : std::format("; fewer where the validation loss has not fallen for {}",
                                 counted(static_cast<std::size_t>(training.patience), "epoch", "epochs")));
}

void print_estimates(const FitOptions& options, const RunContext& context, const Split& parts) {
  const Recipe& recipe = context.recipe;
  std::vector<Model> teachers = load_teachers(options);
  for (const Recipe& own : recipe.teachers) {
    teachers.push_back(teacher_model(own, context.model));
    if (!has_weights(teachers.back())) initialise(teachers.back(), options.seed);
  }
  if (!recipe.teachers.empty())
    print_estimate(std::format("An epoch of each of the {} teachers", recipe.teachers.size()),
                   recipe.teachers.front(), teachers.back(), context, parts, options, {});
  print_estimate("An epoch", recipe, context.model, context, parts, options, teachers);
  std::println("This was a dry run: nothing was trained, and {} was not written.", options.out);
}

void check_what_is_written(const FitOptions& options) {
  require_extension(options.out, {".safetensors"});
  if (!options.report.empty()) check_report_path(options.report, "");
  if (options.dry_run) return;
  std::vector<fs::path> outputs = report_files(options.report);
  outputs.insert(outputs.end(), {options.out, options.log});
  std::vector<std::string> inputs = options.data;
  inputs.insert(inputs.end(), options.teachers.begin(), options.teachers.end());
  inputs.insert(inputs.end(), {options.from, options.locator, options.recipe});
  check_outputs(outputs, inputs);
  if (!options.tensorboard.empty()) make_folder(options.tensorboard);
}

/// `resumed`: hash_of() the run that the checkpoint is of; empty where a run begins.
void train(const FitOptions& options, Recipe recipe, const std::string& resumed) {
  const bool resume = !resumed.empty();
  check_what_is_written(options);
  const auto start = std::chrono::steady_clock::now();
  std::vector<Model> teachers = load_teachers(options);
  const RunContext context = open_run_context(options, std::move(recipe));
  if (resume && hash_of(context) != resumed)
    throw std::runtime_error("The data is not what it was when this run began: it cannot be resumed.");
  const Split parts = split(context.samples, context.recipe.training.validation, options.seed);
  print_class_counts(context.samples, parts, context.model.labels);
  print_summary(context.model);
  std::println("");
  if (options.dry_run) return print_estimates(options, context, parts);

  RunOptions run{.seed = options.seed, .threads = options.threads};
  run.checkpoint = checkpoint_of(options);
  run.command = to_text(options, context);
  run.how_to_resume = std::format("Resume with: {} resume {}", program(), run.checkpoint.string());
  run.resume = resume;
  run.interrupted = &interrupted;
  run.teachers = std::move(teachers);
  print_taught_before(run.teachers, context, parts);
  Observer observer = console_observer();
  if (!options.log.empty()) observer = with_log(observer, options.log, resume);
  if (!options.tensorboard.empty()) observer = with_events(observer, options.tensorboard, resume);
  Outcome outcome = fit(context.recipe, context.model, context.samples, parts, run, observer);
  if (!options.from.empty()) outcome.model.name = fs::path(options.out).stem().string();
  const History& history = outcome.history;
  const double seconds =
      resume ? seconds_of(history)
             : std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::println("\n{}: the weights of epoch {} were kept, seed {}, {:.0f} s.\n",
               history.stopped_early ? "Stopped early" : "All epochs done", history.best_epoch, history.seed,
               seconds);
  for (const std::string& note : notes_on(outcome)) std::println("{}\n", note);
  const Metrics metrics = measure(outcome.validation, context.model.labels.size());
  print_metrics(metrics, context.model.labels);
  describe(outcome, metrics, options, context, parts, seconds);
  outcome.model.rejection = statistics_of(outcome.model, context, parts);
  outcome.model.stain = widened(context.model.stain, stain_range(context.samples, parts));
  const Agreement agreement = write_with_golden(outcome.model, options.out);
  remove_checkpoint(run.checkpoint);
  std::println("\nWrote {}. On {} drawn smears the engine's logits differ from libtorch's by at most {:.1e}.",
               options.out, agreement.images, agreement.largest_difference);
  if (!options.from.empty())
    std::println("Its temperature and thresholds are those of {}: `export --crossval` sets measured ones.",
                 options.from);
  if (!options.report.empty()) report_on(outcome, metrics, options, context, parts);
}

}  // namespace

void fit_command(const FitOptions& options) {
  if (!options.overwrite && !options.dry_run) refuse_to_forget(checkpoint_of(options));
  train(options, open_recipe(options.recipe, options.settings), "");
}

void resume_command(const ResumeOptions& resumed) {
  const std::string& checkpoint = resumed.checkpoint;
  if (!fs::is_regular_file(checkpoint))
    throw std::runtime_error(std::format("There is no file {}.", checkpoint));
  const JsonDocument said(checkpoint_command(checkpoint), checkpoint);
  const auto text = [&](const char* key) { return string_of(said.find(key)); };
  FitOptions options;
  options.command_line = text("commandLine");
  for (yyjson_val* path : elements_of(said.find("data"))) options.data.push_back(string_of(path));
  options.recipe = text("recipe");
  const auto require_same = [](const std::string& path, const std::string& now, const std::string& then) {
    if (now != then)
      throw std::runtime_error(
          std::format("{} is another file than when this run began: it cannot be resumed.", path));
  };
  options.from = text("from");
  if (!options.from.empty()) require_same(options.from, load_model(options.from).sha256, text("fromSha256"));
  for (yyjson_val* path : elements_of(said.find("teachers"))) options.teachers.push_back(string_of(path));
  const std::vector<yyjson_val*> hashes = elements_of(said.find("teachersSha256"));
  for (std::size_t i = 0; i < options.teachers.size(); ++i)
    require_same(options.teachers[i], load_model(options.teachers[i]).sha256,
                 i < hashes.size() ? string_of(hashes[i]) : "");
  options.locator = text("locator");
  if (const std::string then = text("locatorSha256"); !then.empty())
    require_same(options.locator.empty() ? "The locator" : options.locator,
                 sha256(as_text(read_locator(options))), then);
  options.out = text("out");
  options.group = text("group");
  options.report = text("report");
  options.log = text("log");
  options.tensorboard = text("tensorboard");
  options.seed = yyjson_get_uint(said.find("seed"));
  options.threads = yyjson_get_int(said.find("threads"));
  if (std::error_code error; !fs::equivalent(checkpoint, checkpoint_of(options), error))
    throw std::runtime_error(std::format("The checkpoint must keep its name, {}.", checkpoint_of(options)));
  train(options, parse_recipe(text("recipeText"), options.recipe), text("dataSha256"));
}

}  // namespace leukolens::train
