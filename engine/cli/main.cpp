// The command line: reads the options of each verb and calls it.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <print>
#include <system_error>
#include <thread>

#include "commands.h"
#include "files/encoding.h"
#include "files/evaluation.h"
#include "files/option_range.h"
#include "files/suggestion.h"
#include "leukolens/notice.h"

namespace leukolens::cli {

int complain(std::string_view verb, const std::string& message) {
  std::println(stderr, "leukolens {}: {}", verb, files::visible(message));
  return kUsage;
}

int cannot_write(std::string_view verb, const std::filesystem::path& path) {
  complain(verb, "cannot write " + path.string());
  return kSomeFailed;
}

int report(const std::string& source, const Error& error) {
  std::println(stderr, "{}: {}: {}", files::printable(source), name(error.code),
               files::visible(error.message));
  return kSomeFailed;
}

namespace {

constexpr const char* kImages = "JPEG, PNG, BMP or TIFF files; - is standard input";
/// A model that comes with the program: beside its sources, or where they were taken to with it.
std::string shipped(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets it
  const char* folder = std::getenv("LEUKOLENS_MODELS");
  return std::format("{}/{}.safetensors", folder ? folder : LEUKOLENS_MODELS, name);
}

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

void add_example(CLI::App& verb, const std::string& example) {
  verb.footer("Example: " + example + "\n\n" + kNotice);
}

void add_locator(CLI::App& verb, std::filesystem::path& locator) {
  verb.add_option("--locator", locator, "the .safetensors model that finds the cells")->capture_default_str();
}

void add_model(CLI::App& verb, ModelPaths& paths) {
  verb.add_option("--model", paths.model, "a .safetensors model")->capture_default_str();
  add_locator(verb, paths.locator);
}

void add_profile(CLI::App& verb, ModelPaths& paths) {
  verb.add_option("--profile", paths.profile, "what adapt learnt of the microscope, NAME.microscope.json");
}

CLI::Validator whole(int least, int most) {
  return {[=](const std::string& text) {
            int value = 0;
            const char *begin = text.data(), *end = begin + text.size();
            const auto read = std::from_chars(begin, end, value);
            return read.ec == std::errc() && read.ptr == end && value >= least && value <= most
                       ? ""
                       : std::format("needs a whole number from {} to {}, not {}", least, most, text);
          },
          std::format("INT in [{} - {}]", least, most)};
}

void add_jobs(CLI::App& verb, int& jobs) {
  verb.add_option("--jobs", jobs, "threads")->check(whole(1, 256))->capture_default_str();
}

void add_page(CLI::App& verb, int& page) {
  verb.add_option("--page", page, "of a TIFF with several pages, such as a focus stack, the one to read")
      ->check(whole(1, 10000))
      ->capture_default_str();
}

CLI::Option* add_json(CLI::App& verb, Format& format, const char* description = "print JSON") {
  return verb.add_flag_callback("--json", [&format] { format = Format::json; }, description);
}

void add_inputs(CLI::App& verb, Inputs& inputs) {
  verb.add_option("image", inputs.images, kImages);
  verb.add_option("--files-from", inputs.files_from,
                  "read paths from this file, one a line, or each ended by a zero byte; - is standard input");
  verb.add_option("--shard", inputs.shard,
                  "I/N: every N-th image, beginning with the I-th (for batch schedulers)")
      ->capture_default_str();
}

void add_formats(CLI::App& verb, Format& format) {
  CLI::Option* json = add_json(verb, format, "print one JSON array, an object an image");
  verb.add_flag_callback(
          "--jsonl", [&format] { format = Format::jsonl; },
          "print one JSON object a line, each as soon as it is known")
      ->excludes(json);
}

CLI::App& add_classify(CLI::App& app, ClassifyOptions& options) {
  CLI::App& verb = *app.add_subcommand(
      "classify", "Classify the white cell of each image; exit status 1 if an image cannot be read");
  add_example(verb, "find smears -name '*.jpg' -print0 | leukolens classify --jsonl --files-from -");
  add_inputs(verb, options.inputs);
  add_model(verb, options.paths);
  add_profile(verb, options.paths);
  add_formats(verb, options.style.format);
  verb.add_flag("--field", options.field, "classify every white cell of each image, and count them");
  verb.add_option("--top", options.style.top, "print only the K most probable labels")->check(whole(1, 1000));
  add_page(verb, options.page);
  add_jobs(verb, options.jobs);
  return verb;
}

CLI::App& add_locate(CLI::App& app, LocateOptions& options) {
  CLI::App& verb = *app.add_subcommand("locate", "Find the white cells of each image");
  add_example(verb, "leukolens locate --jsonl --files-from list.txt --shard 3/8 --jobs 4 > 3.jsonl");
  add_inputs(verb, options.inputs);
  add_locator(verb, options.locator);
  add_formats(verb, options.format);
  add_page(verb, options.page);
  add_jobs(verb, options.jobs);
  return verb;
}

CLI::App& add_explain(CLI::App& app, ExplainOptions& options) {
  CLI::App& verb = *app.add_subcommand("explain", "Map which parts of an image speak for a class");
  add_example(verb, "leukolens explain smear.jpg --label monocyte --out heatmap.png");
  verb.add_option("image", options.image, "a JPEG, PNG, BMP or TIFF file")->required();
  verb.add_option("--label", options.label, "the class; by default the most probable one");
  verb.add_option("--at", options.at,
                  "X,Y in pixels: explain the white cell nearest to this point; by default the main cell");
  add_page(verb, options.page);
  add_model(verb, options.paths);
  add_profile(verb, options.paths);
  verb.add_option("--out", options.out, "write the image under its heatmap to this PNG file");
  verb.add_option("--opacity", options.opacity, "of the heatmap in that file")
      ->check(files::between(0, 1))
      ->capture_default_str();
  add_json(verb, options.format);
  return verb;
}

CLI::App& add_evaluate(CLI::App& app, EvaluateOptions& options) {
  CLI::App& verb = *app.add_subcommand("evaluate", "Measure a model on labelled images");
  verb.footer("Example: leukolens evaluate named/ --json\n\n" + std::string(files::kEvaluationRule) + "\n\n" +
              kNotice);
  verb.add_option("data", options.data,
                  "a folder or zip whose folders are labels, or a CSV with the columns image and label and, "
                  "for boxes, xmin, ymin, xmax, ymax")
      ->required();
  add_model(verb, options.paths);
  add_profile(verb, options.paths);
  add_jobs(verb, options.jobs);
  add_json(verb, options.format);
  return verb;
}

CLI::App& add_adapt(CLI::App& app, AdaptOptions& options) {
  CLI::App& verb = *app.add_subcommand("adapt", "Learn a microscope from a few labelled cells of it");
  verb.footer(
      "Example: leukolens adapt named/ --out room2.microscope.json, then leukolens classify smear.jpg "
      "--profile room2.microscope.json. From 8 cells on it helps, 32 are better; take them as they come, not "
      "only those that were named wrongly. A label is learnt from two cells on. Nothing is written where "
      "cells "
      "left out while fitting are named no better than without a profile.\n\n" +
      std::string(kNotice));
  verb.add_option("data", options.data,
                  "a folder or zip whose folders are labels, or a CSV with the columns image and label and, "
                  "for boxes, xmin, ymin, xmax, ymax")
      ->required();
  verb.add_option("--out", options.out, "the profile to write, NAME.microscope.json")->required();
  verb.add_option("--name", options.name, "of the microscope; by default NAME");
  verb.add_flag("--stain", options.stain,
                "learn the stain alone, from any pictures: labels are not looked at, and none are needed");
  add_model(verb, options.paths);
  add_jobs(verb, options.jobs);
  add_json(verb, options.format);
  return verb;
}

CLI::App& add_inspect(CLI::App& app, InspectOptions& options) {
  CLI::App& verb = *app.add_subcommand("inspect", "Describe a model file");
  add_example(verb, "leukolens inspect models/flagship.safetensors");
  verb.add_option("model", options.model, "a .safetensors model")->required();
  add_json(verb, options.format);
  return verb;
}

CLI::App& add_join(CLI::App& app, JoinOptions& options) {
  CLI::App& verb = *app.add_subcommand(
      "join",
      "Join the answers of shards in the order of their list; exit status 1 if any is missing, or about an "
      "image that the list does not name");
  add_example(verb,
              "leukolens join --files-from list.txt --missing again.txt shards/*.jsonl > all.jsonl, then "
              "leukolens classify --jsonl --files-from again.txt > shards/again.jsonl, and join once more");
  verb.add_option("shard", options.shards, "what classify or locate wrote with --jsonl")->required();
  verb.add_option("--files-from", options.files_from, "the list that the shards were given")->required();
  verb.add_option("--missing", options.missing,
                  "write the images without an answer to this file, each ended by a zero byte");
  return verb;
}

CLI::App& add_bench(CLI::App& app, BenchOptions& options) {
  CLI::App& verb = *app.add_subcommand("bench", "Time each step of a classification on this machine");
  add_example(verb, "leukolens bench models/flagship.safetensors --image smear.jpg");
  verb.add_option("model", options.paths.model, "a .safetensors model")->required();
  add_locator(verb, options.paths.locator);
  verb.add_option("--image", options.image, "an image file; by default a drawn JPEG of 320 x 240 pixels");
  verb.add_option("--iterations", options.iterations, "rounds")
      ->check(whole(1, 1000000))
      ->capture_default_str();
  add_json(verb, options.format);
  return verb;
}

int run(int argc, char** argv) {
  CLI::App app("Recognises white blood cells in microscope images.", "leukolens");
  app.footer(leukolens::kNotice);
  app.set_version_flag("--version", "leukolens " LEUKOLENS_VERSION);
  app.require_subcommand(1);
  const ModelPaths paths{.model = shipped("flagship"), .locator = shipped("locator")};
  ClassifyOptions classify_options{.paths = paths, .jobs = cores()};
  LocateOptions locate_options{.locator = paths.locator, .jobs = cores()};
  ExplainOptions explain_options{.paths = paths};
  EvaluateOptions evaluate_options{.paths = paths, .jobs = cores()};
  AdaptOptions adapt_options{.paths = paths, .jobs = cores()};
  InspectOptions inspect_options;
  JoinOptions join_options;
  BenchOptions bench_options{.paths = {.locator = paths.locator}};
  const CLI::App& classify_verb = add_classify(app, classify_options);
  const CLI::App& locate_verb = add_locate(app, locate_options);
  const CLI::App& explain_verb = add_explain(app, explain_options);
  const CLI::App& evaluate_verb = add_evaluate(app, evaluate_options);
  const CLI::App& adapt_verb = add_adapt(app, adapt_options);
  const CLI::App& inspect_verb = add_inspect(app, inspect_options);
  const CLI::App& join_verb = add_join(app, join_options);
  add_bench(app, bench_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string unknown = error.get_exit_code() == 0 ? "" : files::unknown_word(app);
    if (unknown.empty()) return app.exit(error) == 0 ? kDone : kUsage;
    std::println(stderr, "leukolens: {}", files::visible(unknown));
    return kUsage;
  }
  if (classify_verb) return classify(classify_options);
  if (locate_verb) return locate(locate_options);
  if (explain_verb) return explain(explain_options);
  if (evaluate_verb) return evaluate(evaluate_options);
  if (adapt_verb) return adapt(adapt_options);
  if (join_verb) return join(join_options);
  if (inspect_verb) return inspect(inspect_options);
  return bench(bench_options);
}

}  // namespace
}  // namespace leukolens::cli

int main(int argc, char** argv) {
  using namespace leukolens::cli;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of writing, which is said
  int status = kSomeFailed;
  std::string failure;
  int reason = EIO;
  try {
    status = run(argc, argv);
  } catch (const std::exception& error) {  // no memory, no threads, no room to write
    failure = error.what();
    reason = errno;
  }
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    failure = std::format("The answers cannot be written: {}",
                          std::generic_category().message(errno != 0 ? errno : reason));
  if (failure.empty()) return status;
  std::fprintf(stderr, "leukolens: %s\n", leukolens::files::visible(failure).c_str());
  return status == kDone ? kSomeFailed : status;
}
