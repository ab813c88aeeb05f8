// fit and resume: a recipe and data in, a model file out.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct FitOptions : RecipeOptions {
  std::string out, report;  // report: empty for none
  bool overwrite = false;   // begin anew where a checkpoint lies
};

void fit_command(const FitOptions& options);

struct ResumeOptions {
  std::string checkpoint;
};

void resume_command(const ResumeOptions& options);

}  // namespace leukolens::train
