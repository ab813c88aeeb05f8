// How far two methods of measuring agree, by the statistics that laboratories compare methods with. Plain
// functions of numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "leukolens/metrics.h"

namespace leukolens::train {

/// A figure and its 95 % interval. None where it would have no width, as where all samples agree: that says
/// that they are too few to differ, not that the figure is certain.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;
};

/// y = intercept + slope * x.
struct Line {
  Estimate slope, intercept;
};

/// The regression of Passing and Bablok (J. Clin. Chem. Clin. Biochem. 21, 1983): both measurements err, by
/// whatever distribution, and single ones may err wildly. The two agree where the slope's interval holds 1
/// and the intercept's 0. `x` and `y` have one number for each sample. None for fewer than kFewestSamples, or
/// where too many of them are alike.
std::optional<Line> passing_bablok(std::span<const double> x, std::span<const double> y);
inline constexpr std::size_t kFewestSamples = 10;

/// The mean difference y - x, and the limits between which 95 % of the differences lie, mean +- 1.96 standard
/// deviations (Bland and Altman, Lancet 327, 1986). The mean's interval is of Student's distribution.
struct Bias {
  Estimate mean;
  Interval limits;
};
/// None for fewer than two samples.
std::optional<Bias> bias(std::span<const double> x, std::span<const double> y);

/// Pearson's correlation, its interval by Fisher's transformation. None for fewer than four samples, or where
/// one measurement never changes.
std::optional<Estimate> correlation(std::span<const double> x, std::span<const double> y);

/// Cohen's kappa of a confusion matrix (Educational and Psychological Measurement 20, 1960), with his
/// approximate interval, for which chance's agreement is taken as known: that of the observed agreement, by
/// Wilson's formula, so that it has a width where all agree. None where chance agrees as well: all in one
/// class, or nothing.
std::optional<Estimate> cohens_kappa(const std::vector<std::vector<std::size_t>>& confusion);

/// One class against the rest.
std::vector<std::vector<std::size_t>> one_against_rest(const std::vector<std::vector<std::size_t>>& confusion,
                                                       std::size_t index);

/// The exact 95 % interval of a share, as in Rümke's table of differential counts (Blood Cells 11, 1985; the
/// interval is that of Clopper and Pearson, Biometrika 26, 1934): within it a second count differs from the
/// first by chance alone. [0, 1] of nothing.
Interval exact_interval(std::size_t count, std::size_t total);

}  // namespace leukolens::train
