// novelty: whether a recipe's networks notice cells of a class that they were never shown.
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <print>

#include "commands.h"
#include "console.h"
#include "crossval.h"
#include <fstream>

namespace leukolens::train {
void novelty_command(const Options& options) {
  Recipe recipe = load_recipe(options.recipe, LEUKOLENS_RECIPES);
  const Session session = open_session(options, recipe);
  int unknown = -1;
  for (std::size_t i = 0; i < session.model.labels.size(); ++i)
    if (session.model.labels[i].id == options.leave_out) unknown = int(i);
  const std::vector<Indices> parts = folds(session.samples, options.folds, options.seed);
  Indices rest, test = parts[0], known_test, novel;
  for (std::size_t i = 1; i < parts.size(); ++i) for (auto s : parts[i]) if (session.samples.list[s].label != unknown) rest.push_back(s);
  for (std::uint32_t s = 0; s < session.samples.list.size(); ++s) if (session.samples.list[s].label == unknown) novel.push_back(s);
  for (auto s : test) if (session.samples.list[s].label != unknown) known_test.push_back(s);
  const Split inner = split(session.samples, rest, recipe.training.validation, options.seed);
  FitOptions fitting{.seed = options.seed, .threads = options.threads};
  fitting.interrupted = &interrupted;
  Outcome outcome = fit(recipe, session.model, session.samples, inner, fitting, console_observer());
  std::ofstream out(options.out, std::ios::binary);
  const auto dump = [&](const Indices& ix, int kind) {
    for (const Answer& a : answers(outcome.model, session.samples, ix)) {
      const std::int32_t head[4] = {kind, a.truth, int(a.logits.size()), int(a.features.size())};
      out.write((const char*)head, 16);
      out.write((const char*)a.logits.data(), std::streamsize(a.logits.size()) * 4);
      out.write((const char*)a.features.data(), std::streamsize(a.features.size()) * 4);
    }
  };
  dump(inner.train, 0); dump(known_test, 1); dump(novel, 2);
  print_metrics(measure(score(outcome.model, session.samples, known_test), session.model.labels.size()), session.model.labels);
}
}  // namespace leukolens::train
