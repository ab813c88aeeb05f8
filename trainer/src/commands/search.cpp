#include "commands/search.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <format>
#include <optional>
#include <print>
#include <set>
#include <utility>

#include "commands/console.h"
#include "files/figures.h"
#include "files/read_file.h"
#include "leukolens/notice.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"
#include "support/shell_word.h"
#include "training/cross_validation.h"

namespace leukolens::train {
using files::Json;
namespace {

using Settings = std::vector<std::string>;

/// One combination, and what was found.
struct Trial {
  Settings settings;
  Recipe recipe;
  std::string id;     // see crossval_id()
  bool done = false;  // what follows is known
  double accuracy = 0, macro_f1 = 0, macro_recall = 0, loss = 0, ece = 0, seconds = 0;
  Interval accuracy_interval;
  std::string right;  // for each cell in the order of the folds: 1 where the answer was right, else 0
};

struct Shard {
  std::size_t index = 0, count = 1;
};

Shard shard_of(const std::string& text) {
  if (text.empty()) return {};
  Shard shard;
  const char* end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, shard.index);
  if (error == std::errc() && slash != end && *slash == '/') {
    const auto [rest, wrong] = std::from_chars(slash + 1, end, shard.count);
    if (wrong == std::errc() && rest == end && shard.index >= 1 && shard.index <= shard.count)
      return {shard.index - 1, shard.count};
  }
  throw std::runtime_error(std::format("--shard {}: give I/N, as in 2/4, I from 1 to N.", text));
}

/// The command that trains a network by the trial's settings, and by all else that the search was told.
std::string fit_command_of(const Trial& trial, const SearchOptions& options) {
  std::string command = "fit";
  const auto add = [&](const char* option, const std::string& value) {
    command += std::format(" {} {}", option, shell_word(value));
  };
  for (const std::string& path : options.data) add("--data", path);
  add("--recipe", options.recipe);
  if (!options.from.empty()) add("--from", options.from);
  if (!options.locator.empty()) add("--locator", options.locator);
  if (options.group != RecipeOptions().group) add("--group", options.group);
  if (options.seed != RecipeOptions().seed) add("--seed", std::to_string(options.seed));
  for (const Settings& settings : {options.settings, trial.settings})
    for (const std::string& one : settings) add("--set", one);
  add("--out", trial.recipe.name + ".safetensors");
  return command;
}

std::string joined(const Settings& settings) {
  std::string text;
  for (const std::string& one : settings) text += (text.empty() ? "" : " ") + one;
  return text;
}

/// All combinations, the first key changing last.
std::vector<Trial> trials_of(const SearchOptions& options) {
  std::vector<Settings> combinations{{}};
  std::set<std::string> keys;
  for (const std::string& tried : options.tries) {
    if (const std::string key = tried.substr(0, tried.find('=')); !keys.insert(key).second)
      throw std::runtime_error(std::format("--try {} is given twice: all values go behind one.", key));
    std::vector<Settings> next;
    for (const Settings& before : combinations)
      for (const std::string& setting : settings_to_try(tried)) {
        next.push_back(before);
        next.back().push_back(setting);
      }
    combinations = std::move(next);
  }
  std::vector<Trial> trials;
  std::set<std::string> texts;
  for (const Settings& settings : combinations) {
    Settings all = options.settings;
    all.insert(all.end(), settings.begin(), settings.end());
    trials.push_back({settings, open_recipe(options.recipe, all)});
    if (!texts.insert(trials.back().recipe.text).second)
      throw std::runtime_error(std::format("{} is tried twice.", joined(settings)));
  }
  return trials;
}

/// What the file has: of each trial its id and its JSON, in the order in which they were done.
using Rows = std::vector<std::pair<std::string, std::string>>;

Rows read_rows(const std::string& path) {
  if (!std::filesystem::exists(path)) return {};
  const std::vector<std::uint8_t> bytes = value_or_throw(files::read_file(path));
  const JsonDocument before(as_text(bytes), path);
  if (!yyjson_is_arr(before.find("trials")))
    throw std::runtime_error(std::format("{} is of no search: write to another file.", path));
  Rows rows;
  for (yyjson_val* one : elements_of(before.find("trials")))
    rows.emplace_back(string_of(yyjson_obj_get(one, "run")), json_of(one));
  return rows;
}

/// Fills the trial with what its row says, where there is one.
void recall(Trial& trial, const Rows& rows) {
  const auto row = std::ranges::find(rows, trial.id, &Rows::value_type::first);
  if (row == rows.end()) return;
  const JsonDocument said(row->second, "The search's file");
  yyjson_val* metrics = said.find("calibrated");
  const auto number = [&](const char* key) { return yyjson_get_num(yyjson_obj_get(metrics, key)); };
  const std::vector<yyjson_val*> bounds = elements_of(yyjson_obj_get(metrics, "accuracyInterval"));
  if (bounds.size() == 2) trial.accuracy_interval = {yyjson_get_num(bounds[0]), yyjson_get_num(bounds[1])};
  trial.accuracy = number("accuracy");
  trial.macro_f1 = number("macroF1");
  trial.macro_recall = number("macroRecall");
  trial.loss = number("loss");
  trial.ece = number("ece");
  trial.seconds = yyjson_get_num(said.find("seconds"));
  trial.right = string_of(said.find("right"));
  trial.done = true;
}

std::string row_of(const Trial& trial, const CrossValidation& result, std::span<const Label> labels) {
  double seconds = 0;
  for (const Fold& fold : result.folds) seconds += seconds_of(fold.history);
  std::string right;
  for (const Scored& one : result.scored)
    right += predicted(one) == static_cast<std::size_t>(one.truth) ? '1' : '0';
  const Json json;
  json.set(json.root(), "run", trial.id);
  json.set(json.root(), "settings", json.list(trial.settings, [](const std::string& one) { return one; }));
  json.set(json.root(), "temperature", result.temperature);
  json.set(json.root(), "calibrated", files::to_json(json, result.calibrated, labels));
  json.set(json.root(), "right", right);
  json.set(json.root(), "seconds", seconds);
  return json.text(false);
}

void write(const Rows& rows, const SearchOptions& options, const RunContext& context) {
  const Json json;
  const Json::Value facts = json.object();
  add_facts(json, facts, options, context.data, context.samples.list.size(), 0);
  json.set(json.root(), "facts", facts);
  json.set(json.root(), "folds", options.folds);
  json.set(json.root(), "trials", json.list(rows, [&](const auto& row) { return json.raw(row.second); }));
  json.set(json.root(), "notice", kNotice);
  write_atomically(options.json, json.text(true) + "\n");
}

/// How likely two trials' answers differ as they do by chance; none where they were asked for other cells.
std::optional<double> by_chance(const Trial& a, const Trial& b) {
  if (a.right.size() != b.right.size()) return std::nullopt;
  std::size_t only_a = 0, only_b = 0;
  for (std::size_t i = 0; i < a.right.size(); ++i) {
    only_a += a.right[i] > b.right[i];
    only_b += a.right[i] < b.right[i];
  }
  return mcnemar(only_a, only_b);
}

void print_table(std::vector<const Trial*> trials, const SearchOptions& options) {
  std::ranges::stable_sort(trials, std::greater{}, &Trial::macro_f1);
  const Trial& best = *trials.front();
  std::println("\n{:>8} {:>8} {:14} {:>8} {:>8} {:>6} {:>7} {:>6}  settings", "macro F1", "accuracy",
               "(95 %)", "recall", "loss", "ECE", "seconds", "p");
  for (const Trial* trial : trials) {
    const std::optional<double> chance = trial == &best ? std::nullopt : by_chance(best, *trial);
    std::println("{:>8.4f} {:>8.4f} {:14} {:>8.4f} {:>8.4f} {:>6.4f} {:>7.0f} {:>6}  {}", trial->macro_f1,
                 trial->accuracy, files::range(trial->accuracy_interval), trial->macro_recall, trial->loss,
                 trial->ece, trial->seconds, chance ? std::format("{:.3f}", *chance) : "",
                 joined(trial->settings));
  }
  std::println(
      "\nBest first, by macro F1 of all folds, calibrated. p: how likely a line's answers differ from the "
      "first line's by chance (McNemar). The first was chosen by these figures, which flatter it a little.\n"
      "To train it:");
  std::println("  {}\n{}", fit_command_of(best, options), kNotice);
}

}  // namespace

std::vector<std::string> settings_to_try(const std::string& tried) {
  const std::size_t equals = tried.find('=');
  if (equals == tried.npos || equals == 0)
    throw std::runtime_error(
        std::format("--try {}: give KEY=VALUE,VALUE, as in training.epochs=10,20.", tried));
  std::vector<std::string> values(1);
  int depth = 0;
  char quote = 0;
  for (const char c : tried.substr(equals + 1)) {
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0) {
      depth += c == '[' || c == '{';
      depth -= c == ']' || c == '}';
    }
    if (c == ',' && depth == 0 && quote == 0) {
      values.emplace_back();
    } else {
      values.back() += c;
    }
  }
  for (std::string& value : values) {
    if (value.empty()) throw std::runtime_error(std::format("--try {}: a value is empty.", tried));
    value.insert(0, tried.substr(0, equals + 1));
  }
  return values;
}

double mcnemar(std::size_t only_a, std::size_t only_b) {
  const auto all = static_cast<double>(only_a + only_b);
  double sum = 0, logarithm = -all * std::log(2.0);  // of the term for k
  for (std::size_t k = 0; k <= std::min(only_a, only_b); ++k) {
    const auto count = static_cast<double>(k);
    if (k > 0) logarithm += std::log((all - count + 1) / count);
    sum += std::exp(logarithm);
  }
  return std::min(1.0, 2 * sum);
}

void search_command(const SearchOptions& options) {
  check_outputs({options.json}, options.data);
  const Shard shard = shard_of(options.shard);
  std::vector<Trial> trials = trials_of(options);
  Rows rows = read_rows(options.json);
  std::optional<RunContext> context;
  std::size_t number = 0;  // of the fold among all trials'
  for (std::size_t t = 0; t < trials.size(); ++t) {
    Trial& trial = trials[t];
    if (context && read_alike(context->recipe, trial.recipe)) {
      context->model = model_to_begin_with(trial.recipe, context->data, options.from);
      context->recipe = trial.recipe;
    } else {
      context.reset();  // before the next takes as much memory
      context.emplace(open_run_context(options, trial.recipe));
    }
    trial.id = crossval_id(options, options.folds, *context);
    recall(trial, rows);
    const std::string name = std::format("{} of {}: {}", t + 1, trials.size(), joined(trial.settings));
    if (trial.done) {
      std::println("{}: found before", name);
      number += static_cast<std::size_t>(options.folds);
      continue;
    }
    std::println("{}", name);
    FoldObserver observer;
    observer.run = console_observer(false);
    observer.on_done = [&](int fold, const Fold& done) {
      std::println("  fold {}: accuracy {:.4f}, macro F1 {:.4f} on {} images, epoch {} of {}", fold + 1,
                   done.metrics.accuracy, done.metrics.macro_f1, done.metrics.total, done.history.best_epoch,
                   done.history.epochs.size());
    };
    CrossOptions crossing{.folds = options.folds, .run = {.seed = options.seed, .threads = options.threads}};
    crossing.run.interrupted = &interrupted;
    crossing.run.command = trial.id;
    crossing.run.checkpoint = std::format("{}.{}.fold", options.json, trial.id.substr(0, 8));
    crossing.run.how_to_resume = "Repeat the command to resume.";
    const auto run = [&] {
      return cross_validate(trial.recipe, context->model, context->samples, crossing, observer);
    };
    if (shard.count > 1) {
      for (int fold = 0; fold < options.folds; ++fold) {
        if (number++ % shard.count != shard.index) continue;
        crossing.only = fold;
        run();
      }
      continue;
    }
    rows.emplace_back(trial.id, row_of(trial, run(), context->model.labels));
    recall(trial, rows);
    write(rows, options, *context);
    remove_checkpoints(crossing);
  }
  if (shard.count > 1)
    return std::println(
        "Shard {} of {} is trained. When all are, the same command without --shard compares them.",
        shard.index + 1, shard.count);
  std::vector<const Trial*> list;
  list.reserve(trials.size());
  for (const Trial& trial : trials) list.push_back(&trial);
  print_table(list, options);
}

}  // namespace leukolens::train
