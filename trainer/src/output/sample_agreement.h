// How well a model's differential counts of samples agree with those by the labels: as JSON, which the report
// draws, and for a terminal.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluation/agreement.h"
#include "evaluation/sample_counts.h"

namespace leukolens::train {

/// A class of leukocytes. x is its share of a sample's leukocytes by the labels, y by the model, in percent.
struct ClassAgreement {
  std::string label;
  std::optional<Line> line;
  std::optional<Bias> bias;
  std::optional<Estimate> correlation, kappa;  // kappa: of the class against the rest, cell by cell
  std::size_t within_chance = 0;               // samples whose y lies within the exact interval of x
};

struct SampleAgreement {
  std::vector<SampleCount> samples;  // those with leukocytes by labels and model, which the figures are of
  std::vector<std::string> empty;    // those without, by one of them
  std::vector<ClassAgreement> classes;
  std::optional<Estimate> kappa;  // of all classes, cell by cell
};

/// `confusion`: of the cells that were found, [label][answer].
SampleAgreement agreement_of(std::vector<SampleCount> samples,
                             const std::vector<std::vector<std::size_t>>& confusion);

/// A JSON object.
std::string to_json(const SampleAgreement& agreement);

/// A line a class.
std::string table(const SampleAgreement& agreement);

}  // namespace leukolens::train
