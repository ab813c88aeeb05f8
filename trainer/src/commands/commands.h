// The verbs of leukolens-train. Each throws std::runtime_error with one sentence for a person.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

void fit_command(const Options& options);
void resume_command(const Options& options);
void bench_command(const Options& options);
void crossval_command(const Options& options);
void novelty_command(const Options& options);
void data_command(const Options& options);
void export_command(const Options& options);
void evaluate_command(const Options& options);
void summary_command(const Options& options);

}  // namespace leukolens::train
