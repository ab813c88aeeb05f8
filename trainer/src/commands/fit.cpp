// fit and resume: a recipe and data in, a model file out.
#include <chrono>
#include <filesystem>
#include <format>
#include <memory>
#include <print>

#include "commands/commands.h"
#include "commands/console.h"
#include "evaluation/rejection.h"
#include "files/figures.h"
#include "output/golden.h"
#include "output/report.h"
#include "support/files.h"
#include "support/sha256.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

/// Puts into the model what a person who finds the file wants to know.
void describe(Outcome& outcome, const Metrics& metrics, const Options& options, const Session& session,
              const Split& parts, double seconds) {
  const Json facts;
  add_facts(facts, facts.root(), options, session, seconds);
  facts.set(facts.root(), "trainingImages", parts.train.size());
  facts.set(facts.root(), "validationImages", parts.validation.size());
  facts.set(facts.root(), "history", to_json(facts, outcome.history));
  outcome.model.training_json = facts.text(false);
  const Json figures;
  figures.set(figures.root(), "validation", to_json(figures, metrics, outcome.model.labels));
  outcome.model.metrics_json = figures.text(false);
}

void report_on(const Outcome& outcome, const Metrics& metrics, const Options& options, const Session& session,
               const Split& parts) {
  const std::vector<std::uint8_t> file = value_or_throw(files::read_file(options.out));
  Report report{.title = std::format("Training of {}", outcome.model.name)};
  report.about = std::format(
      "Measured on the {} validation images, which chose the best epoch: expect a little less of new images.",
      parts.validation.size());
  report.labels = outcome.model.labels;
  report.facts_json = outcome.model.training_json;
  report.model_sha256 = sha256(as_text(file));
  report.histories = {outcome.history};
  report.notes = notes_on(outcome.history);
  report.metrics = metrics;
  for (std::size_t i = 0; i < parts.validation.size(); ++i)
    report.predictions.push_back({session.samples.list[parts.validation[i]].source, outcome.validation[i]});
  write_report(report, session.data, explain_with(file), options.report);
  std::println("Wrote {}.", options.report);
}

/// How far validation images lie from training images; nothing is rejected until export sets a threshold.
Rejection statistics_of(const Model& model, const Samples& samples, const Split& parts) {
  constexpr std::size_t kQuantiles = 41;
  Rejection statistics =
      fit_statistics(answers(model, samples, cells_among(samples, parts.train)), model.labels.size());
  statistics.distances =
      quantiles(distances(statistics, answers(model, samples, parts.validation)), kQuantiles);
  return statistics;
}

std::string checkpoint_of(const Options& options) { return options.out + ".checkpoint"; }

/// What a checkpoint has to say for `resume` to repeat the run.
std::string to_text(const Options& options, const Session& session) {
  const Json json;
  json.set(json.root(), "commandLine", options.command_line);
  json.set(json.root(), "data",
           json.list(options.data, [](const std::string& path) { return fs::absolute(path).string(); }));
  json.set(json.root(), "dataSha256", hash_of(session.data));
  json.set(json.root(), "recipe", options.recipe);
  json.set(json.root(), "recipeText", session.recipe.text);
  json.set(json.root(), "out", fs::absolute(options.out).string());
  json.set(json.root(), "group", options.group);
  json.set(json.root(), "report", options.report.empty() ? "" : fs::absolute(options.report).string());
  json.set(json.root(), "seed", std::size_t(options.seed));
  json.set(json.root(), "threads", options.threads);
  return json.text(false);
}

/// Since the first command of the run, whatever lay between.
double seconds_of(const History& history) {
  double sum = 0;
  for (const Epoch& epoch : history.epochs) sum += epoch.seconds;
  return sum;
}

void train(const Options& options, Recipe recipe, bool resume) {
  if (!options.report.empty()) check_report_path(options.report, "");
  const auto start = std::chrono::steady_clock::now();
  const Session session = open_session(options, std::move(recipe));
  const Split parts = split(session.samples, session.recipe.training.validation, options.seed);
  print_class_counts(session.samples, parts, session.model.labels);
  print_summary(session.model);
  std::println("");

  FitOptions fitting{.seed = options.seed, .threads = options.threads};
  fitting.checkpoint = checkpoint_of(options);
  fitting.command = to_text(options, session);
  fitting.how_to_resume = std::format("Go on with: leukolens-train resume {}", fitting.checkpoint.string());
  fitting.resume = resume;
  fitting.interrupted = &interrupted;
  Outcome outcome = fit(session.recipe, session.model, session.samples, parts, fitting, console_observer());
  const History& history = outcome.history;
  const double seconds =
      resume ? seconds_of(history)
             : std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::println("\n{}: the weights of epoch {} were kept, seed {}, {:.0f} s.\n",
               history.stopped_early ? "Stopped early" : "All epochs done", history.best_epoch, history.seed,
               seconds);
  for (const std::string& note : notes_on(history)) std::println("{}\n", note);
  const Metrics metrics = measure(outcome.validation, session.model.labels.size());
  print_metrics(metrics, session.model.labels);
  describe(outcome, metrics, options, session, parts, seconds);
  outcome.model.rejection = statistics_of(outcome.model, session.samples, parts);
  const Agreement agreement = write_with_golden(outcome.model, options.out);
  fs::remove(fitting.checkpoint);
  std::println("\nWrote {}. On {} drawn smears the engine's logits differ from libtorch's by at most {:.1e}.",
               options.out, agreement.images, agreement.largest_difference);
  if (!options.report.empty()) report_on(outcome, metrics, options, session, parts);
}

}  // namespace

void fit_command(const Options& options) {
  train(options, load_recipe(options.recipe, LEUKOLENS_RECIPES), false);
}

void resume_command(const Options& given) {
  const std::string checkpoint = given.model, text = checkpoint_command(checkpoint);
  const std::unique_ptr<yyjson_doc, decltype(&yyjson_doc_free)> document(
      yyjson_read(text.data(), text.size(), 0), &yyjson_doc_free);
  yyjson_val* root = yyjson_doc_get_root(document.get());
  const auto said = [&](const char* key) -> std::string {
    const char* value = yyjson_get_str(yyjson_obj_get(root, key));
    return value ? value : "";
  };
  Options options = given;
  options.command_line = said("commandLine");
  options.data.clear();
  std::size_t i, count;
  yyjson_val *list = yyjson_obj_get(root, "data"), *path;
  yyjson_arr_foreach(list, i, count, path) options.data.emplace_back(yyjson_get_str(path));
  options.recipe = said("recipe");
  options.out = said("out");
  options.group = said("group");
  options.report = said("report");
  options.seed = yyjson_get_uint(yyjson_obj_get(root, "seed"));
  options.threads = yyjson_get_int(yyjson_obj_get(root, "threads"));
  if (hash_of(open_data(options.data)) != said("dataSha256"))
    throw std::runtime_error("The data holds other images than when this run began: it cannot be resumed.");
  if (std::error_code error; !fs::equivalent(checkpoint, checkpoint_of(options), error))
    throw std::runtime_error(std::format("The checkpoint must keep its name, {}.", checkpoint_of(options)));
  train(options, parse_recipe(said("recipeText"), options.recipe), true);
}

}  // namespace leukolens::train
