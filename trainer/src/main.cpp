// leukolens-train: images in, a model file out.
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <thread>

#include "commands/bench.h"
#include "commands/crossval.h"
#include "commands/data.h"
#include "commands/evaluate.h"
#include "commands/export.h"
#include "commands/fit.h"
#include "commands/import.h"
#include "commands/learning_rate.h"
#include "commands/locator.h"
#include "commands/novelty.h"
#include "commands/report.h"
#include "commands/search.h"
#include "commands/summary.h"
#include "duplicates/grouping.h"
#include "evaluation/sample_counts.h"
#include "files/encoding.h"
#include "files/evaluation.h"
#include "files/option_range.h"
#include "files/read_file.h"
#include "files/suggestion.h"
#include "leukolens/notice.h"
#include "network/device.h"
#include "support/shell_word.h"
#include "training/training.h"

namespace leukolens::train {
namespace {

CLI::Option* add_dataset(CLI::App* verb, DatasetOptions& options, const char* what) {
  CLI::Option* data = verb->add_option("--data", options.data, what);
  verb->add_option(
      "--locator", options.locator,
      "The .safetensors model that finds the cells; by default the one that comes with Leukolens");
  verb->add_option("--threads", options.threads, "Threads; all cores by default")->check(CLI::Range(1, 256));
  return data;
}

void add_data(CLI::App* verb, DatasetOptions& options) {
  add_dataset(verb, options,
              "Folder of folders, zip of the same, or CSV with image,label[,group]; may be repeated")
      ->required();
}

void add_device(CLI::App* verb) {
  verb->add_option_function<std::string>(
          "--device", choose_device,
          "Where to train: auto (the default), on a GPU where libtorch finds one; cpu; cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
}

void add_group(CLI::App* verb, std::string& group) {
  verb->add_option("--group", group, kGroupHelp)->capture_default_str();
}

/// As the recipe has it: "balanced", or a table of numbers by class.
std::string class_weights_setting(const std::string& given) {
  const std::string key = "training.class_weights=";
  if (given.find('=') == given.npos) return key + given;
  std::string table;
  for (const std::string& one : CLI::detail::split(given, ',')) {
    const std::size_t equals = one.rfind('=');
    if (equals == one.npos || equals == 0)
      throw CLI::ValidationError("--class-weights", "balanced, or by class as in basophil=4,monocyte=2");
    table +=
        std::format("{}'{}'={}", table.empty() ? "" : ",", one.substr(0, equals), one.substr(equals + 1));
  }
  return std::format("{}{{{}}}", key, table);
}

void add_recipe_and_settings(CLI::App* verb, RecipeOptions& options) {
  verb->add_option("--recipe", options.recipe, "Name of a recipe, or a TOML file");
  verb->add_option("--set", options.settings,
                   "KEY=VALUE in place of what the recipe says, as in training.epochs=3");
}

void add_recipe(CLI::App* verb, RecipeOptions& options) {
  add_data(verb, options);
  add_device(verb);
  add_recipe_and_settings(verb, options);
  verb->add_option_function<std::string>(
      "--class-weights",
      [&options](const std::string& weights) { options.settings.push_back(class_weights_setting(weights)); },
      "How much the images of a class count in the loss: balanced (the fewer there are of it), or by class "
      "as "
      "in basophil=4,monocyte=2. Says what that did to the probabilities");
  verb->add_option("--seed", options.seed, "Seed of split, weights, order and augmentation")
      ->check(CLI::NonNegativeNumber);
  add_group(verb, options.group);
}

/// `--recipe` may be left out with it.
void add_from(CLI::App* verb, RecipeOptions& options) {
  verb->add_option(
      "--from", options.from,
      "Model file to go on from: its network, its labels and its weights, in any precision. The recipe "
      "says how; by default fine-tuning");
  verb->add_option_function<std::string>(
          "--train",
          [&options](const std::string& layers) { options.settings.push_back("training.layers=" + layers); },
          "With --from, what learns: all layers, the last convolution and all after it, or the head alone; "
          "by default "
          "what the recipe says")
      ->check(CLI::IsMember({"all", "last", "head"}))
      ->needs("--from");
}

void add_teacher(CLI::App* verb, RecipeOptions& options, const char* what) {
  verb->add_option("--teacher", options.teachers, what);
}

/// Each verb that trains needs a recipe, or a model to go on from.
void choose_recipe(RecipeOptions& options) {
  if (!options.recipe.empty()) return;
  if (options.from.empty()) throw CLI::RequiredError("--recipe");
  options.recipe = kFineTuning;
}

void add_report(CLI::App* verb, std::string& report) {
  verb->add_option("--report", report, "Report to write, NAME.html, with its figures in NAME.json beside it");
}

void add_data_verb(CLI::App& app, DataOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "data", "Show what is in a data set: classes, duplicates, leaks between the parts of a split");
  add_data(verb, options);
  add_group(verb, options.group);
  verb->add_option("--originals", options.originals,
                   "Data set of the images that --data was made from: each is a group")
      ->excludes("--group");
  verb->add_option("--seed", options.seed, "Seed of the split, and of what the sheet shows");
  verb->add_option("--out", options.out,
                   "CSV to write: image,label,group,split, boxes and soft labels; with --folds also fold. "
                   "Serves as --data");
  verb->add_option(
          "--boxes", options.boxes,
          "CSV image,kind,xmin,ymin,xmax,ymax of all that is annotated in the images, where kind is "
          "WBC, RBC, Platelets or a label: --out also lists platelets, and places of background that "
          "could be taken for a cell")
      ->needs("--out");
  verb->add_option("--folds", options.folds, "Folds instead of one split, in the column fold of --out")
      ->check(CLI::Range(2, 100))
      ->needs("--out");
  verb->add_option("--json", options.json, "JSON file to write: all that was found, image by image");
  verb->add_option("--sheet", options.sheet,
                   "PNG file to write: images of each class, and pairs of near-duplicates");
  CLI::Option* augmented = verb->add_option(
      "--augmented", options.augmented,
      "PNG file to write: some images of each class, and as the first epochs of fit with the same "
      "--recipe, --set, --seed and --group show them to the network");
  add_recipe_and_settings(verb, options);
  verb->add_option("--from", options.from, "With --augmented: the model that fit would go on from");
  for (const char* option : {"--recipe", "--set", "--from"}) verb->get_option(option)->needs(augmented);
  verb->callback([&] {
    if (!options.augmented.empty()) choose_recipe(options);
    data_command(options);
  });
}

void add_learning_rate(CLI::App& app, LearningRateOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "learning-rate",
      "Find a learning rate: train for some batches while it grows, and look where the loss is least");
  add_recipe(verb, options);
  add_from(verb, options);
  verb->add_option("--steps", options.steps, "Batches to train")
      ->check(CLI::Range(50, 10'000))
      ->capture_default_str();
  verb->add_option("--csv", options.csv, "CSV file to write: a line for each batch");
  verb->add_option("--report", options.report,
                   "Plot to write, NAME.html, with its figures in NAME.json beside it");
  verb->callback([&] {
    choose_recipe(options);
    learning_rate_command(options);
  });
}

void add_search(CLI::App& app, SearchOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "search", "Compare a few settings of a recipe by cross-validation, all combinations of them");
  add_recipe(verb, options);
  add_from(verb, options);
  verb->add_option("--try", options.tries,
                   "KEY=VALUE,VALUE: what to try, as in optimiser.learning_rate=1e-3,3e-3; may be repeated")
      ->required();
  verb->add_option("--folds", options.folds, "Number of folds")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  verb->add_option(
          "--out-json", options.json,
          "JSON file to write: figures of each combination; what it has already is not trained again, and "
          "an interrupted call resumes when repeated")
      ->required();
  verb->add_option(
      "--shard", options.shard,
      "I/N: train every N-th fold alone, for several calls at once; the same command without it then "
      "compares them");
  verb->callback([&] {
    choose_recipe(options);
    search_command(options);
  });
}

void add_fit(CLI::App& app, FitOptions& options) {
  CLI::App* verb = app.add_subcommand("fit", "Train a network and write the model file");
  add_recipe(verb, options);
  add_from(verb, options);
  add_teacher(
      verb, options,
      "Model file whose answers are learnt as well as the labels (distillation); several, as of other seeds, "
      "teach as an ensemble. training.teacher_share says how much");
  verb->add_option("--out", options.out, "Model file to write, NAME.safetensors")->required();
  verb->add_flag("--overwrite", options.overwrite, "Begin anew where an interrupted run left a checkpoint");
  verb->add_flag("--dry-run", options.dry_run,
                 "Read all, say what would be trained and how long it would take here, and write nothing");
  verb->add_option("--log", options.log, "CSV file to write: a line an epoch, as it ends");
  verb->add_option("--tensorboard", options.tensorboard,
                   "Folder for the same as TensorBoard reads it; one for each run, below the folder that "
                   "tensorboard --logdir is given");
  add_report(verb, options.report);
  verb->callback([&] {
    choose_recipe(options);
    fit_command(options);
  });
}

void add_resume(CLI::App& app, ResumeOptions& options) {
  CLI::App* verb =
      app.add_subcommand("resume", "Resume an interrupted fit, to the result that it would have had");
  verb->add_option("checkpoint", options.checkpoint, "NAME.safetensors.checkpoint")->required();
  add_device(verb);
  verb->callback([&] { resume_command(options); });
}

void add_crossval(CLI::App& app, CrossvalOptions& options) {
  CLI::App* verb =
      app.add_subcommand("crossval", "Measure a recipe by k-fold cross-validation, folds by group");
  add_recipe(verb, options);
  add_from(verb, options);
  add_teacher(
      verb, options,
      "As of fit, but one for each fold, which has not seen it: DIR/fold-{fold}.safetensors, as crossval "
      "--models DIR of the same data, seed and folds wrote them");
  verb->add_option("--folds", options.folds, "Number of folds")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  CLI::Option* out = verb->add_option(
      "--out-json", options.json,
      "JSON file to write: figures, histories, every prediction; an interrupted call resumes when repeated");
  verb->add_flag("--overwrite", options.overwrite, "Train again, whatever --out-json has already")
      ->needs(out);
  verb->add_option("--fold", options.only,
                   "Train this fold alone, from 1, and keep it for a later call (several at once, say)")
      ->needs(out)
      ->check(CLI::Range(1, 100));
  verb->add_option(
          "--models", options.models,
          "Folder for the folds' networks, fold-1.safetensors and so on, calibrated on all folds, to "
          "try each on what it has not seen")
      ->excludes("--fold");
  add_report(verb, options.report);
  verb->callback([&] {
    choose_recipe(options);
    crossval_command(options);
  });
}

void add_bench(CLI::App& app, RecipeOptions& options) {
  CLI::App* verb =
      app.add_subcommand("bench", "Measure images a second: loading, libtorch, and both at once");
  add_recipe(verb, options);
  verb->callback([&] {
    choose_recipe(options);
    bench_command(options);
  });
}

void add_novelty(CLI::App& app, NoveltyOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "novelty", "Measure whether a recipe recognises a class that was left out as out of distribution");
  add_recipe(verb, options);
  verb->add_option("--leave-out", options.leave_out, "Labels to leave out, each in turn")->required();
  verb->add_option("--folds", options.folds, "One part in so many is judged")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  verb->add_option("--out-json", options.json, "JSON file to write");
  verb->callback([&] {
    choose_recipe(options);
    novelty_command(options);
  });
}

void add_locator(CLI::App& app, LocatorOptions& options) {
  CLI::App* verb = app.add_subcommand("locator", "Train the network that finds white cells, and judge it");
  verb->add_option("--data", options.data, "Folder that the recipe's sources lie below")->required();
  verb->add_option("--recipe", options.recipe, "Name of a recipe, or a TOML file")->capture_default_str();
  CLI::Option* evaluate =
      verb->add_option(
              "--evaluate", options.evaluate,
              "Judge this locator and train none; with --folds and --fold on the images that a locator of "
              "that fold has not seen")
          ->check(CLI::ExistingFile);
  verb->add_option("--out", options.out, "Model file to write, NAME.safetensors, its weights in 8 bits")
      ->excludes(evaluate);
  CLI::Option* folds =
      verb->add_option("--folds", options.folds,
                       "Train so many times, each without one part of each source, and judge on "
                       "that; without it, train on all and judge on the same")
          ->check(CLI::Range(2, 100));
  verb->add_option("--fold", options.only, "This fold alone, from 1")
      ->needs(folds)
      ->check(CLI::Range(1, 100));
  verb->add_option("--out-json", options.json, "JSON file to write: figures by source");
  verb->add_option("--crossval", options.crossval,
                   "JSON file that --folds wrote: its figures are put into the model file")
      ->excludes(folds);
  verb->add_option("--seed", options.seed, "Seed of weights and samples");
  add_device(verb);
  verb->add_option("--threads", options.threads, "Threads; all cores by default")->check(CLI::Range(1, 256));
  verb->callback([&] { locator_command(options); });
}

void add_export(CLI::App& app, ExportOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "export", "Write a model in another precision or as ONNX, or calibrated by crossval");
  verb->add_option("model", options.model, "Model file")->required();
  verb->add_option("--out", options.out, "Model file to write, NAME.safetensors or NAME.onnx")->required();
  verb->add_option("--precision", options.precision, "Of the weights")
      ->check(CLI::IsMember({"f32", "f16", "i8"}))
      ->capture_default_str();
  CLI::Option* crossval = verb->add_option("--crossval", options.crossval,
                                           "JSON file of crossval, for temperature, thresholds and figures");
  verb->add_option("--acceptance", options.acceptance,
                   "With --crossval: share of the cells of its data that are typical enough not to be "
                   "rejected. Under 1, a few more images that show no cell are rejected, and many cells of "
                   "other microscopes")
      ->needs(crossval)
      ->check(files::between(0.5, 1))
      ->capture_default_str();
  CLI::Option* data = add_dataset(verb, options, "Labelled images to measure what each precision costs");
  verb->get_option("--locator")->needs(data);
  verb->callback([&] { export_command(options); });
}

void add_import(CLI::App& app, ImportOptions& options) {
  CLI::App* verb = app.add_subcommand(
      "import", "Turn a network of another program into a model file: ONNX, as PyTorch and tf2onnx write it");
  verb->add_option("onnx", options.onnx, "ONNX file")->required();
  verb->add_option("--out", options.out, "Model file to write, NAME.safetensors")->required();
  verb->add_option("--labels", options.labels,
                   "The classes, with commas between, in the order of the answers")
      ->delimiter(',');
  verb->add_option("--name", options.name, "Of the model; by default that of the file");
  verb->add_option("--size", options.size,
                   "Of the image in pixels, 64 or WIDTHxHEIGHT, where the file says none");
  verb->add_option("--scale", options.scale, "What the network takes for white: 1 (the default) or 255")
      ->check(files::between(1e-3, 1e5));
  verb->add_option("--mean", options.mean, "Taken from each pixel after that: one number, or three as R,G,B")
      ->delimiter(',');
  verb->add_option("--std", options.std, "By which it is then divided: one number, or three as R,G,B")
      ->delimiter(',');
  verb->add_option(
          "--region", options.region,
          "What the network sees: the whole image (the default), or each cell that the locator finds")
      ->check(CLI::IsMember({"whole", "cell"}));
  verb->add_option("--extent", options.extent, "Width of a cell's view in red cells; 3 by default")
      ->check(files::between(1, 10));
  verb->add_option("--output", options.output, "Which of several outputs has the classes");
  verb->callback([&] { import_command(options); });
}

void add_report_verb(CLI::App& app, ReportOptions& options) {
  CLI::App* verb = app.add_subcommand("report", "Write the figures of a report into a model card");
  verb->add_option("report", options.report, "JSON file beside the HTML of --report")->required();
  verb->add_option(
          "--card", options.card,
          "Markdown file: a new one with the usual headings; in one that is there, the metadata and what "
          "stands between the two comment lines for figures are made anew")
      ->required();
  verb->add_option("--license", options.licence,
                   "Of the weights, as Hugging Face names it: mit, cc-by-4.0, ...");
  verb->callback([&] { report_command(options); });
}

void add_evaluate(CLI::App& app, EvaluateOptions& options) {
  CLI::App* verb = app.add_subcommand("evaluate", "Measure a model on labelled images");
  verb->footer(std::string(files::kEvaluationRule) + "\n\n" + kSampleRule);
  add_data(verb, options);
  verb->add_option("model", options.model, "Model file")->required();
  verb->add_flag("--json", options.print_json, "Print JSON");
  verb->add_option("--by", options.by,
                   "sample: also compare the differential count of each sample with that by the labels")
      ->check(CLI::IsMember({"sample"}));
  verb->add_flag("--present-only", options.present_only,
                 "Choose among the labels that the data has, as if the model knew no others");
  verb->add_option("--csv", options.csv,
                   "CSV file to write: image, actual, predicted, a probability for each label");
  add_report(verb, options.report);
  verb->callback([&] { evaluate_command(options); });
}

void add_summary(CLI::App& app, SummaryOptions& options) {
  CLI::App* verb = app.add_subcommand("summary", "Print the layers of a recipe or a model");
  verb->add_option("recipe", options.recipe, "Name of a recipe, a TOML file, or a model file")->required();
  verb->callback([&] { summary_command(options); });
}

/// The exit status.
int complain(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  const std::string unknown = files::unknown_word(app);
  if (unknown.empty()) return app.exit(error);
  std::fprintf(stderr, "leukolens-train: %s\n", leukolens::files::visible(unknown).c_str());
  return error.get_exit_code();
}

int run(int argc, char** argv) {
  CLI::App app("Trains small image classifiers for Leukolens.\n" + std::string(kNotice));
  app.set_version_flag("--version", LEUKOLENS_VERSION);
  app.require_subcommand(1);
  DatasetOptions all;  // what a verb takes over unless its user says otherwise
  all.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  all.command_line = "leukolens-train";
  for (int i = 1; i < argc; ++i) all.command_line += " " + shell_word(argv[i]);
  const RecipeOptions training{all};
  DataOptions data{training};
  FitOptions fit{training};
  ResumeOptions resume;
  CrossvalOptions crossval{training};
  LearningRateOptions rate{training};
  SearchOptions search{training};
  RecipeOptions bench = training;
  NoveltyOptions novelty{training};
  LocatorOptions locator;
  locator.threads = all.threads, locator.command_line = all.command_line;
  ExportOptions exported{all};
  EvaluateOptions evaluate{all};
  ReportOptions report;
  ImportOptions imported{.command_line = all.command_line};
  SummaryOptions summary;
  add_data_verb(app, data);
  add_fit(app, fit);
  add_resume(app, resume);
  add_crossval(app, crossval);
  add_search(app, search);
  add_learning_rate(app, rate);
  add_bench(app, bench);
  add_novelty(app, novelty);
  add_locator(app, locator);
  add_export(app, exported);
  add_import(app, imported);
  add_evaluate(app, evaluate);
  add_report_verb(app, report);
  add_summary(app, summary);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return complain(app, error);
  }
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

/// Each step of training frees what the next one allocates. By default the large pieces go back to the system
/// in between, which must clear them anew: kept, training is 1.16 times as fast.
static void keep_memory() {
#ifdef __GLIBC__
  // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
  // NOLINTEND(concurrency-mt-unsafe)
#endif
}

/// The first signal asks for a checkpoint, the second ends the program as ever.
static void stop_gently(int signal) {
  leukolens::train::interrupted = true;
  leukolens::files::reading_cancelled = true;
  std::signal(signal, SIG_DFL);
}

static std::string visible_lines(std::string_view text) {
  std::string lines;
  for (const auto line : std::views::split(text, '\n'))
    lines += (lines.empty() ? "" : "\n") + leukolens::files::visible(std::string_view(line));
  return lines;
}

int main(int argc, char** argv) {
  wait_without_spinning(argv);
  keep_memory();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // so that a log can be followed
  std::signal(SIGINT, stop_gently);
  std::signal(SIGTERM, stop_gently);
  try {
    return leukolens::train::run(argc, argv);
  } catch (const leukolens::train::Interrupted& interruption) {
    std::fprintf(stderr, "\nleukolens-train: %s\n", interruption.what());
    return 130;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%sleukolens-train: %s\n", leukolens::train::interrupted ? "\n" : "",
                 visible_lines(error.what()).c_str());
    return leukolens::train::interrupted ? 130 : 1;
  }
}
