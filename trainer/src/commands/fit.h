// fit and resume: a recipe and data in, a model file out.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct FitOptions : RecipeOptions {
  std::string out, report, log, tensorboard;  // tensorboard: a folder; all but out: empty for none
  bool overwrite = false;                     // begin anew where a checkpoint lies
  bool dry_run = false;                       // say what would be done, and how long it would take
};

void fit_command(const FitOptions& options);

struct ResumeOptions {
  std::string checkpoint;
};

void resume_command(const ResumeOptions& options);

}  // namespace leukolens::train
