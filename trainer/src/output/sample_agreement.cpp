#include "output/sample_agreement.h"

#include <format>

#include "files/figures.h"
#include "files/json_writer.h"
#include "support/plural.h"

namespace leukolens::train {
using files::Json;
namespace {

constexpr const char* kSources[] = {
    "slope, intercept: Passing and Bablok, J. Clin. Chem. Clin. Biochem. 21, 1983, 709-720",
    "bias, limits of agreement: Bland and Altman, Lancet 327, 1986, 307-310",
    "r: Pearson, with Fisher's interval",
    "kappa: Cohen, Educational and Psychological Measurement 20, 1960, 37-46",
    "its interval: Wilson's of the agreement, JASA 22, 1927, 209-212",
    "limits of chance: Rümke, Blood Cells 11, 1985, 311-315",
    "their intervals: Clopper and Pearson, Biometrika 26, 1934, 404-413"};

/// Of 100 leukocytes, those of the class in row `index` of Differential::leukocytes().
std::vector<double> percents(std::span<const SampleCount> samples, std::size_t index,
                             Differential SampleCount::* side) {
  std::vector<double> list;
  list.reserve(samples.size());
  for (const SampleCount& sample : samples) list.push_back((sample.*side).leukocytes()[index].percent);
  return list;
}

Interval chance(const SampleCount& sample, std::size_t index) {
  const Interval share = exact_interval(sample.labelled.leukocytes()[index].count, sample.labelled.total());
  return {100 * share.low, 100 * share.high};
}

void set(const Json& json, Json::Value to, const std::string& key, const std::optional<Estimate>& estimate) {
  json.set(to, key, estimate ? json.value(estimate->value) : json.null());
  json.set(to, key + "Interval",
           estimate && estimate->interval ? files::to_json(json, *estimate->interval) : json.null());
}

Json::Value to_json(const Json& json, const ClassAgreement& one, std::size_t samples) {
  const Json::Value value = json.object();
  json.set(value, "label", one.label);
  set(json, value, "slope", one.line.transform([](const Line& line) { return line.slope; }));
  set(json, value, "intercept", one.line.transform([](const Line& line) { return line.intercept; }));
  set(json, value, "bias", one.bias.transform([](const Bias& bias) { return bias.mean; }));
  json.set(value, "limits", one.bias ? files::to_json(json, one.bias->limits) : json.null());
  set(json, value, "r", one.correlation);
  set(json, value, "kappa", one.kappa);
  json.set(value, "withinChance", one.within_chance);
  json.set(value, "samples", samples);
  return value;
}

Json::Value to_json(const Json& json, const Differential& count) {
  const Json::Value value = json.object(), classes = json.object();
  for (const Differential::Row& row : count.leukocytes())
    json.set(classes, count.labels()[row.label].id, row.count);
  json.set(value, "leukocytes", count.total());
  json.set(value, "classes", classes);
  json.set(value, "unsure", count.unsure());
  json.set(value, "rejected", count.rejected());
  return value;
}

Json::Value to_json(const Json& json, const SampleCount& sample) {
  const Json::Value value = json.object();
  json.set(value, "sample", sample.sample);
  json.set(value, "labelled", to_json(json, sample.labelled));
  json.set(value, "counted", to_json(json, sample.counted));
  const Json::Value limits = json.object();
  const std::vector<Differential::Row> rows = sample.labelled.leukocytes();
  for (std::size_t i = 0; i < rows.size(); ++i)
    json.set(limits, sample.labelled.labels()[rows[i].label].id, files::to_json(json, chance(sample, i)));
  json.set(value, "chance", limits);
  return value;
}

std::string written(const std::optional<Estimate>& estimate, int digits) {
  if (!estimate) return "-";
  return std::format("{:.{}f}", estimate->value, digits) +
         (estimate->interval ? std::format(" ({})", files::range(*estimate->interval, digits)) : "");
}

}  // namespace

SampleAgreement agreement_of(std::vector<SampleCount> samples,
                             const std::vector<std::vector<std::size_t>>& confusion) {
  SampleAgreement agreement;
  for (SampleCount& sample : samples) {
    if (sample.labelled.total() == 0 || sample.counted.total() == 0)
      agreement.empty.push_back(sample.sample);
    else
      agreement.samples.push_back(std::move(sample));
  }
  agreement.kappa = cohens_kappa(confusion);
  if (agreement.samples.empty()) return agreement;
  const Differential& first = agreement.samples[0].labelled;
  const std::vector<Differential::Row> rows = first.leukocytes();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<double> x = percents(agreement.samples, i, &SampleCount::labelled),
                              y = percents(agreement.samples, i, &SampleCount::counted);
    ClassAgreement one{.label = first.labels()[rows[i].label].id,
                       .line = passing_bablok(x, y),
                       .bias = bias(x, y),
                       .correlation = correlation(x, y),
                       .kappa = cohens_kappa(one_against_rest(confusion, rows[i].label))};
    for (std::size_t k = 0; k < y.size(); ++k) {
      const Interval limits = chance(agreement.samples[k], i);
      one.within_chance += y[k] >= limits.low && y[k] <= limits.high;
    }
    agreement.classes.push_back(std::move(one));
  }
  return agreement;
}

std::string to_json(const SampleAgreement& agreement) {
  const Json json;
  const Json::Value root = json.root();
  json.set(root, "classes", json.list(agreement.classes, [&](const ClassAgreement& one) {
    return to_json(json, one, agreement.samples.size());
  }));
  set(json, root, "kappa", agreement.kappa);
  json.set(root, "samples",
           json.list(agreement.samples, [&](const SampleCount& sample) { return to_json(json, sample); }));
  json.set(root, "empty", json.list(agreement.empty, [](const std::string& sample) { return sample; }));
  json.set(root, "sources", json.list(kSources, [](const char* source) { return source; }));
  return json.text(false);
}

std::string table(const SampleAgreement& agreement) {
  std::string text = std::format(
      "{}, share of each class in percent of leukocytes: by the model against by the labels\n"
      "{:14} {:22} {:26} {:24} {:24} {:24} {}\n",
      counted(agreement.samples.size(), "sample", "samples"), "class", "slope (95 %)", "bias (95 %)",
      "95 % of differences", "r (95 %)", "kappa (95 %)", "within chance");
  for (const ClassAgreement& one : agreement.classes)
    text += std::format("{:14} {:22} {:26} {:24} {:24} {:24} {}\n", one.label,
                        written(one.line.transform([](const Line& line) { return line.slope; }), 2),
                        written(one.bias.transform([](const Bias& bias) { return bias.mean; }), 2),
                        one.bias ? files::range(one.bias->limits, 1) : "-", written(one.correlation, 3),
                        written(one.kappa, 3), one.within_chance);
  text += std::format("kappa of all classes {}\n", written(agreement.kappa, 3));
  if (!agreement.empty.empty())
    text += counted(agreement.empty.size(), "sample without leukocytes, by labels or model, is left out\n",
                    "samples without leukocytes, by labels or model, are left out\n");
  return text;
}

}  // namespace leukolens::train
