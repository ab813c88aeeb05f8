// leukolens-train: images in, a model file out.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "commands/commands.h"
#include "duplicates/grouping.h"
#include "files/evaluation.h"

namespace leukolens::train {
namespace {

void add_data(CLI::App* command, Options& options) {
  command
      ->add_option("--data", options.data,
                   "Folder of folders, zip of the same, or CSV with image,label[,group]; may be repeated")
      ->required();
  command->add_option("--threads", options.threads, "Threads; all cores by default")
      ->check(CLI::Range(1, 256));
}

void add_group(CLI::App* command, Options& options) {
  command->add_option("--group", options.group, kGroupHelp)->capture_default_str();
}

void add_recipe(CLI::App* command, Options& options) {
  add_data(command, options);
  command->add_option("--recipe", options.recipe, "Name of a recipe, or a TOML file")->required();
  command->add_option("--seed", options.seed, "Seed of split, weights, order and augmentation");
  add_group(command, options);
}

void add_report(CLI::App* command, Options& options) {
  command->add_option("--report", options.report,
                      "Report to write, NAME.html, with its figures in NAME.json beside it");
}

void add_commands(CLI::App& app, Options& options) {
  CLI::App* data = app.add_subcommand(
      "data", "Show what is in a data set: classes, duplicates, leaks between the parts of a split");
  add_data(data, options);
  add_group(data, options);
  data->add_option("--originals", options.originals,
                   "Data set of the images that --data was made from: each is a group")
      ->excludes("--group");
  data->add_option("--seed", options.seed, "Seed of the split, and of what the sheet shows");
  data->add_option(
      "--out", options.out,
      "CSV to write: image,label,group,split, boxes and doubts; with --folds also fold. Serves as --data");
  data->add_option("--boxes", options.boxes,
                   "CSV image,kind,xmin,ymin,xmax,ymax of all that is annotated in the images: --out also "
                   "lists its platelets, and places of nothing that could be taken for a cell")
      ->needs("--out");
  data->add_option("--folds", options.listed_folds, "Folds instead of one split, in the column fold of --out")
      ->check(CLI::Range(2, 100))
      ->needs("--out");
  data->add_option("--json", options.json, "JSON file to write: all that was found, image by image");
  data->add_option("--sheet", options.sheet,
                   "PNG file to write: pictures of each class, and pairs that are the same");
  data->callback([&] { data_command(options); });

  CLI::App* fit = app.add_subcommand("fit", "Train a network and write the model file");
  add_recipe(fit, options);
  fit->add_option("--out", options.out, "Model file to write, NAME.safetensors")->required();
  add_report(fit, options);
  fit->callback([&] { fit_command(options); });

  CLI::App* resume =
      app.add_subcommand("resume", "Go on with an interrupted fit, to the result that it would have had");
  resume->add_option("checkpoint", options.model, "NAME.safetensors.checkpoint")->required();
  resume->callback([&] { resume_command(options); });

  CLI::App* crossval =
      app.add_subcommand("crossval", "Measure a recipe by k-fold cross-validation, folds by group");
  add_recipe(crossval, options);
  crossval->add_option("--folds", options.folds, "Number of folds")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  CLI::Option* out = crossval->add_option(
      "--out-json", options.json,
      "JSON file to write: figures, histories, every prediction; an interrupted call goes on when repeated");
  crossval
      ->add_option("--fold", options.only,
                   "Train this fold alone, from 1, for a later call to find (several at once, say)")
      ->needs(out)
      ->check(CLI::Range(1, 100));
  crossval
      ->add_option(
          "--models", options.models,
          "Folder for the folds' networks, fold-1.safetensors and so on, calibrated on all folds, to "
          "try each on what it has not seen")
      ->excludes("--fold");
  add_report(crossval, options);
  crossval->callback([&] { crossval_command(options); });

  CLI::App* bench =
      app.add_subcommand("bench", "Measure images a second: loading, libtorch, and both at once");
  add_recipe(bench, options);
  bench->callback([&] { bench_command(options); });

  CLI::App* novelty =
      app.add_subcommand("novelty", "Measure whether a recipe notices a class that it was not shown");
  add_recipe(novelty, options);
  novelty->add_option("--leave-out", options.leave_out, "Labels to leave out, each in turn")->required();
  novelty->add_option("--folds", options.folds, "One part in so many is judged")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  novelty->add_option("--out-json", options.json, "JSON file to write");
  novelty->callback([&] { novelty_command(options); });

  CLI::App* export_app = app.add_subcommand(
      "export", "Write a model in another precision or as ONNX, or calibrated by crossval");
  export_app->add_option("model", options.model, "Model file")->required();
  export_app->add_option("--out", options.out, "Model file to write, NAME.safetensors or NAME.onnx")
      ->required();
  export_app->add_option("--precision", options.precision, "Of the weights")
      ->check(CLI::IsMember({"f32", "f16", "i8"}))
      ->capture_default_str();
  export_app->add_option("--crossval", options.crossval,
                         "JSON file of crossval, for temperature, threshold and figures");
  export_app
      ->add_option(
          "--acceptance", options.acceptance,
          "With --crossval: share of the cells of its data whose looks are familiar enough not to be "
          "rejected. Under 1, a few more pictures of no cell are rejected, and many cells of other "
          "microscopes")
      ->check(CLI::Range(0.5, 1.0))
      ->capture_default_str();
  export_app->add_option("--data", options.data, "Labelled images to measure what each precision costs");
  export_app->add_option("--threads", options.threads, "Threads; all cores by default")
      ->check(CLI::Range(1, 256));
  export_app->callback([&] { export_command(options); });

  CLI::App* evaluate = app.add_subcommand("evaluate", "Measure a model on labelled images");
  evaluate->footer(files::kEvaluationRule);
  add_data(evaluate, options);
  evaluate->add_option("model", options.model, "Model file")->required();
  evaluate->add_flag("--json", options.print_json, "Print JSON");
  evaluate->add_flag("--present-only", options.present_only,
                     "Choose among the labels that the data has, as if the model knew no others");
  evaluate->add_option("--csv", options.csv,
                       "CSV file to write: image, actual, predicted, a probability for each label");
  add_report(evaluate, options);
  evaluate->callback([&] { evaluate_command(options); });

  CLI::App* summary = app.add_subcommand("summary", "Print the layers of a recipe or a model");
  summary->add_option("recipe", options.recipe, "Name of a recipe, a TOML file, or a model file")->required();
  summary->callback([&] { summary_command(options); });
}

/// As a shell reads it back as one word.
std::string quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

int run(int argc, char** argv) {
  CLI::App app("Trains small image classifiers for Leukolens.\n" + std::string(kNotice));
  app.set_version_flag("--version", LEUKOLENS_VERSION);
  app.require_subcommand(1);
  Options options;
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.command_line = "leukolens-train";
  for (int i = 1; i < argc; ++i) options.command_line += " " + quoted(argv[i]);
  add_commands(app, options);
  CLI11_PARSE(app, argc, argv);
  return 0;
}

}  // namespace
}  // namespace leukolens::train

/// OpenMP's threads spin while they wait for each other, which slows training several times over when other
/// programs want the cores. OpenMP reads this setting before main() begins, so the program starts itself
/// again with it.
static void wait_without_spinning(char** argv) {
  // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet.
  if (std::getenv("OMP_WAIT_POLICY")) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  // NOLINTEND(concurrency-mt-unsafe)
  execv("/proc/self/exe", argv);
}

/// The first signal asks for a checkpoint, the second ends the program as ever.
static void stop_gently(int signal) {
  leukolens::train::interrupted = true;
  std::signal(signal, SIG_DFL);
}

int main(int argc, char** argv) {
  wait_without_spinning(argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a log is to be followed, too
  std::signal(SIGINT, stop_gently);
  std::signal(SIGTERM, stop_gently);
  try {
    return leukolens::train::run(argc, argv);
  } catch (const leukolens::train::Interrupted& interruption) {
    std::fprintf(stderr, "\nleukolens-train: %s\n", interruption.what());
    return 130;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leukolens-train: %s\n", error.what());
    return 1;
  }
}
