// The command line: options in, verbs of commands.h out.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <thread>

#include "commands.h"

using namespace leukolens::cli;

namespace {

int run(int argc, char** argv) {
  CLI::App app("Recognises white blood cells in microscope images.", "leukolens");
  app.footer(leukolens::kNotice);
  app.set_version_flag("--version", "leukolens " LEUKOLENS_VERSION);
  app.require_subcommand(1);
  const std::string default_model = LEUKOLENS_MODELS "/flagship.safetensors";
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

  ClassifyOptions classification{.model = default_model, .jobs = cores};
  bool json = false, jsonl = false;
  CLI::App* classify_verb =
      app.add_subcommand("classify", "What is on each image? Exit status 1 if some could not be read");
  classify_verb->add_option("image", classification.images, "JPEG, PNG, BMP or TIFF files");
  classify_verb->add_option("--model", classification.model, "a .safetensors model")->capture_default_str();
  auto* json_flag = classify_verb->add_flag("--json", json, "one JSON array, one object an image");
  classify_verb->add_flag("--jsonl", jsonl, "one JSON object a line, as soon as it is known")
      ->excludes(json_flag);
  classify_verb->add_flag("--field", classification.field,
                          "every white cell of each image, and a differential count");
  classify_verb->add_option("--top", classification.style.top, "print only the K most probable labels")
      ->check(CLI::PositiveNumber);
  classify_verb->add_option("--files-from", classification.files_from,
                            "read paths from a file, one a line; - is standard input");
  classify_verb->add_option("--jobs", classification.jobs, "threads")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  classify_verb
      ->add_option("--shard", classification.shard,
                   "I/N: every N-th image, beginning with the I-th (for batch schedulers)")
      ->capture_default_str();

  LocateOptions location{.jobs = cores};
  bool locate_json = false;
  CLI::App* locate_verb = app.add_subcommand("locate", "Where are the white cells? Needs no model");
  locate_verb->add_option("image", location.images, "JPEG, PNG, BMP or TIFF files")->required();
  locate_verb->add_flag("--json", locate_json, "one JSON array, one object an image");

  ExplainOptions explanation{.model = default_model};
  CLI::App* explain_verb = app.add_subcommand("explain", "Which part of an image speaks for a class?");
  explain_verb->add_option("image", explanation.image, "a JPEG, PNG, BMP or TIFF file")->required();
  explain_verb->add_option("--label", explanation.label, "the class; without it, the most probable one");
  explain_verb->add_option("--at", explanation.at, "X,Y: of the white cell nearest to this point, in pixels")
      ->delimiter(',')
      ->expected(2);
  explain_verb->add_option("--model", explanation.model, "a .safetensors model")->capture_default_str();
  explain_verb->add_option("--out", explanation.out, "write the image under its map as a PNG file");
  explain_verb->add_option("--opacity", explanation.opacity, "of the map on that picture")
      ->check(CLI::Range(0, 1))
      ->capture_default_str();
  explain_verb->add_flag("--json", explanation.json, "as JSON");

  EvaluateOptions evaluation{.model = default_model, .jobs = cores};
  CLI::App* evaluate_verb = app.add_subcommand("evaluate", "How good is a model on labelled images?");
  evaluate_verb
      ->add_option("data", evaluation.data,
                   "a folder or zip whose folders are labels, or a CSV of image,label")
      ->required();
  evaluate_verb->add_option("--model", evaluation.model, "a .safetensors model")->capture_default_str();
  evaluate_verb->add_option("--jobs", evaluation.jobs, "threads")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  evaluate_verb->add_flag("--json", evaluation.json, "the figures as JSON");

  std::filesystem::path inspected;
  bool inspect_json = false;
  CLI::App* inspect_verb = app.add_subcommand("inspect", "What is in a model file?");
  inspect_verb->add_option("model", inspected, "a .safetensors model")->required();
  inspect_verb->add_flag("--json", inspect_json, "as JSON");

  BenchOptions benchmark;
  CLI::App* bench_verb = app.add_subcommand("bench", "How long does each step take here?");
  bench_verb->add_option("model", benchmark.model, "a .safetensors model")->required();
  bench_verb->add_option("--image", benchmark.image,
                         "an image file; without it, one is drawn (320x240 JPEG)");
  bench_verb->add_option("--iterations", benchmark.iterations, "rounds")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  bench_verb->add_flag("--json", benchmark.json, "as JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  classification.style.format = json ? Format::json : jsonl ? Format::jsonl : Format::text;
  location.format = locate_json ? Format::json : Format::text;
  if (*classify_verb) return classify(classification);
  if (*locate_verb) return locate(location);
  if (*explain_verb) return explain(explanation);
  if (*evaluate_verb) return evaluate(evaluation);
  if (*inspect_verb) return inspect(inspected, inspect_json);
  return bench(benchmark);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {  // of the standard library: no memory, no threads
    std::fprintf(stderr, "leukolens: %s\n", error.what());
    return kSomeFailed;
  }
}
