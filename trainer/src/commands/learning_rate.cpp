#include "commands/learning_rate.h"

#include <chrono>
#include <filesystem>
#include <format>
#include <print>
#include <stdexcept>
#include <string>
#include <vector>

#include "files/json_writer.h"
#include "leukolens/notice.h"
#include "output/report.h"
#include "support/files.h"
#include "support/outputs.h"
#include "support/progress_line.h"
#include "training/rate_finder.h"

namespace leukolens::train {
using files::Json;
namespace {

std::string csv_of(const RateCourse& course) {
  std::string csv = "rate,loss,smoothed_loss\n";
  for (const RateStep& step : course.steps)
    csv += std::format("{:.4g},{:.6g},{:.6g}\n", step.rate, step.loss, step.smoothed);
  return csv;
}

/// With two digits, as a person would type it.
double rounded(double rate) { return std::stod(std::format("{:.1e}", rate)); }

std::string conclusion(const RateCourse& course, const Recipe& recipe) {
  const double own = recipe.optimiser.learning_rate;
  if (!course.suggested)
    return std::format("The loss falls at none of these rates, so none is suggested. The recipe says {:g}.",
                       own);
  return std::format(
      "The loss is least at a learning rate of {:.2g}, and a tenth of that is the usual choice: --set "
      "optimiser.learning_rate={:.2g}. The recipe says {:g}.",
      10 * *course.suggested, rounded(*course.suggested), own);
}

void report_on(const RateCourse& course, const LearningRateOptions& options, const RunContext& context,
               double seconds) {
  const Json json;
  const Json::Value root = json.root(), facts = json.object(), found = json.object();
  json.set(root, "title", std::format("Learning rates for {}", context.recipe.name));
  json.set(root, "about", conclusion(course, context.recipe));
  json.set(root, "notice", kNotice);
  json.set(root, "notes", json.array());
  json.set(found, "steps", json.list(course.steps, [&](const RateStep& step) {
    const Json::Value one = json.object();
    json.set(one, "rate", step.rate);
    json.set(one, "loss", step.loss);
    json.set(one, "smoothed", step.smoothed);
    return one;
  }));
  json.set(found, "suggested", course.suggested ? json.value(rounded(*course.suggested)) : json.null());
  json.set(found, "recipe", context.recipe.optimiser.learning_rate);
  json.set(root, "learningRates", found);
  add_facts(json, facts, options, context, seconds);
  json.set(root, "facts", facts);
  write_page(json.text(false), json.text(true), options.report);
  std::println("Wrote {}.", options.report);
}

}  // namespace

void learning_rate_command(const LearningRateOptions& options) {
  if (!options.report.empty()) check_report_path(options.report, "");
  std::vector<std::filesystem::path> outputs = report_files(options.report);
  outputs.emplace_back(options.csv);
  std::vector<std::string> inputs = options.data;
  inputs.insert(inputs.end(), {options.recipe, options.from});
  check_outputs(outputs, inputs);
  const auto start = std::chrono::steady_clock::now();
  const RunContext context = open_run_context(options, open_recipe(options.recipe, options.settings));
  const Split parts = split(context.samples, context.recipe.training.validation, options.seed);
  RateOptions finding{.seed = options.seed, .threads = options.threads, .steps = options.steps};
  finding.interrupted = &interrupted;
  ProgressLine line;
  const RateCourse course =
      find_rate(context.recipe, context.model, context.samples, parts.train, finding, [&](int done) {
        line.show(static_cast<double>(done) / options.steps,
                  std::format("{}/{} batches", done, options.steps));
      });
  line.clear();
  if (course.steps.empty()) throw std::runtime_error("The loss of the first batch is no number.");
  std::println("{} batches of {} images, at learning rates from {:.1e} to {:.1e}{}.", course.steps.size(),
               context.recipe.training.batch, course.steps.front().rate, course.steps.back().rate,
               std::ssize(course.steps) < options.steps ? ", where the loss had grown beyond use" : "");
  std::println("{}", conclusion(course, context.recipe));
  if (!options.csv.empty()) write_atomically(options.csv, csv_of(course));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!options.report.empty()) report_on(course, options, context, seconds);
}

}  // namespace leukolens::train
