#include "output/model_card.h"

#include <algorithm>
#include <format>
#include <stdexcept>
#include <vector>

#include "leukolens/notice.h"
#include "support/json_document.h"

namespace leukolens::train {
namespace {

constexpr std::string_view kRule = "---\n", kLicence = "license: ";

yyjson_val* at(yyjson_val* from, const char* key) { return yyjson_obj_get(from, key); }

std::string number(yyjson_val* value, int digits = 3) {
  return yyjson_is_num(value) ? std::format("{:.{}f}", yyjson_get_num(value), digits) : "-";
}

std::string interval(yyjson_val* value, int digits = 3) {
  const std::vector<yyjson_val*> bounds = elements_of(value);
  return bounds.size() == 2 ? std::format(" ({} to {})", number(bounds[0], digits), number(bounds[1], digits))
                            : "";
}

/// A figure and its interval: KEY and KEYInterval.
std::string estimate(yyjson_val* of, const std::string& key, int digits = 3) {
  return number(at(of, key.c_str()), digits) + interval(at(of, (key + "Interval").c_str()), digits);
}

std::string count(yyjson_val* value) {
  std::string text = std::to_string(yyjson_get_uint(value));
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, ",");
  return text;
}

/// A cell of a table: a line, without what would end the cell.
std::string cell(std::string text) {
  for (char& c : text)
    if (c == '|' || c == '\n' || c == '\r') c = ' ';
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& one : cells) text += std::format(" {} |", cell(one));
  return text + "\n";
}

std::string head(const std::vector<std::string>& names) {
  return row(names) + row(std::vector<std::string>(names.size(), "---"));
}

/// A text as YAML has it, which takes JSON's.
std::string quoted(yyjson_val* text) { return yyjson_is_str(text) ? json_of(text) : "\"\""; }

struct Source {
  yyjson_val *name, *metrics;
};

/// The data sets one by one, or all data where there is one.
std::vector<Source> sources_of(const JsonDocument& report) {
  std::vector<Source> sources;
  for (yyjson_val* one : elements_of(report.find("sources")))
    sources.push_back({at(one, "name"), at(one, "metrics")});
  if (sources.empty()) {
    const std::vector<yyjson_val*> data = elements_of(at(report.find("facts"), "data"));
    sources.push_back({data.empty() ? nullptr : data[0], report.find("metrics")});
  }
  return sources;
}

std::string results(const JsonDocument& report) {
  std::string text;
  for (const auto& [name, metrics] : sources_of(report)) {
    text += std::format(
        "      - task:\n          type: image-classification\n        dataset:\n          name: {}\n"
        "          type: {}\n        metrics:\n",
        quoted(name), quoted(name));
    for (const auto& [type, key] :
         {std::pair{"accuracy", "accuracy"}, {"f1", "macroF1"}, {"recall", "macroRecall"}})
      text += std::format("          - type: {}\n            value: {}\n            name: {}\n", type,
                          json_of(at(metrics, key)),
                          key == std::string("accuracy") ? "accuracy" : "macro " + std::string(type));
  }
  return text;
}

std::string model_name(const JsonDocument& report) {
  const std::string title = string_of(report.find("title"));
  const std::size_t of = title.find(" of ");  // the first: the name may have one, too
  return of == std::string::npos ? title : title.substr(of + 4);
}

std::string front_matter(const JsonDocument& report, const std::string& licence) {
  std::string name;
  for (const char c : model_name(report))
    if (c != '"' && c != '\\' && c != '\n') name += c;
  return std::format(
      "{}{}library_name: leukolens\npipeline_tag: image-classification\ntags: [blood, microscopy, "
      "hematology]\nmodel-index:\n  - name: \"{}\"\n    results:\n{}{}",
      kRule, licence.empty() ? "" : std::format("{}{}\n", kLicence, licence), name, results(report), kRule);
}

std::string by_source(const JsonDocument& report) {
  std::string text =
      head({"measured on", "images", "accuracy (95 %)", "macro recall", "macro F1", "ECE (95 %)"});
  const auto line = [&](const std::string& name, yyjson_val* metrics) {
    text +=
        row({name, count(at(metrics, "images")), estimate(metrics, "accuracy"),
             number(at(metrics, "macroRecall")), number(at(metrics, "macroF1")), estimate(metrics, "ece")});
  };
  const std::vector<Source> sources = sources_of(report);
  for (const auto& [name, metrics] : sources) line(string_of(name), metrics);
  if (sources.size() > 1) line("all", report.find("metrics"));
  return text;
}

/// Whether anything was answered by the class of this number: of no answers there is no precision. True where
/// nothing is known of it.
bool is_answered(yyjson_val* metrics, std::size_t label) {
  return !at(metrics, "confusion") ||
         std::ranges::any_of(elements_of(at(metrics, "confusion")), [&](yyjson_val* row) {
           return yyjson_get_uint(yyjson_arr_get(row, label)) > 0;
         });
}

std::string by_class(yyjson_val* metrics) {
  std::string text = head({"class", "images", "recall (95 %)", "precision (95 %)", "F1", "AUC"});
  std::size_t label = 0;
  for (yyjson_val* one : elements_of(at(metrics, "classes"))) {
    const bool any = yyjson_get_uint(at(one, "support")) > 0;
    text += row({string_of(at(one, "label")), count(at(one, "support")), any ? estimate(one, "recall") : "-",
                 is_answered(metrics, label++) ? estimate(one, "precision") : "-",
                 any ? number(at(one, "f1")) : "-", any ? number(at(one, "auc")) : "-"});
  }
  return text;
}

/// The same of several data sets side by side.
std::string by_class_and_source(const JsonDocument& report) {
  std::vector<std::string> names{"class"};
  std::vector<yyjson_val*> measured;
  for (const auto& [name, metrics] : sources_of(report)) {
    for (const char* what : {"images", "recall (95 %)", "precision"})
      names.push_back(std::format("{}: {}", string_of(name), what));
    measured.push_back(metrics);
  }
  std::string text = head(names);
  const std::vector<yyjson_val*> labels = elements_of(report.find("labels"));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::vector<std::string> cells{string_of(at(labels[i], "id"))};
    for (yyjson_val* metrics : measured) {
      const std::vector<yyjson_val*> list = elements_of(at(metrics, "classes"));
      const bool any = i < list.size() && yyjson_get_uint(at(list[i], "support")) > 0;
      cells.push_back(any ? count(at(list[i], "support")) : "0");
      cells.push_back(any ? estimate(list[i], "recall") : "-");
      cells.push_back(any && is_answered(metrics, i) ? number(at(list[i], "precision")) : "-");
    }
    text += row(cells);
  }
  return text;
}

std::string confusion(yyjson_val* metrics) {
  const std::vector<yyjson_val*> classes = elements_of(at(metrics, "classes"));
  std::vector<std::string> names{"actual, predicted"};
  for (yyjson_val* one : classes) names.push_back(string_of(at(one, "label")));
  std::string text = head(names);
  const std::vector<yyjson_val*> rows = elements_of(at(metrics, "confusion"));
  for (std::size_t i = 0; i < std::min(rows.size(), classes.size()); ++i) {
    std::vector<std::string> cells{names[i + 1]};
    for (yyjson_val* images : elements_of(rows[i])) cells.push_back(count(images));
    text += row(cells);
  }
  return text;
}

/// Differential counts by sample, where the report has them.
std::string agreement(yyjson_val* by_sample) {
  if (!by_sample) return "";
  std::string text = std::format(
      "\nDifferential counts of {} samples, the model's against the labels', in percent of leukocytes "
      "(Passing and "
      "Bablok; Bland and Altman; Cohen; chance: the exact 95 % interval of Rümke's table). Kappa of all "
      "classes {}:\n\n",
      elements_of(at(by_sample, "samples")).size(), estimate(by_sample, "kappa"));
  text += head({"class", "slope (95 %)", "intercept (95 %)", "bias (95 %)", "95 % of differences", "r (95 %)",
                "kappa (95 %)", "within chance"});
  for (yyjson_val* one : elements_of(at(by_sample, "classes")))
    text += row({string_of(at(one, "label")), estimate(one, "slope", 2), estimate(one, "intercept", 1),
                 estimate(one, "bias", 2), interval(at(one, "limits"), 1), estimate(one, "r"),
                 estimate(one, "kappa"),
                 std::format("{} of {}", count(at(one, "withinChance")), count(at(one, "samples")))});
  return text;
}

std::string figures(const JsonDocument& report) {
  std::string text = std::format(
      "{}\n\n{} {}\n\n{}\n{}\n{}{}", kFiguresBegin, string_of(report.find("about")), kNotice,
      by_source(report),
      sources_of(report).size() > 1 ? by_class_and_source(report) : by_class(report.find("metrics")),
      confusion(report.find("metrics")), agreement(report.find("bySample")));
  for (yyjson_val* note : elements_of(report.find("notes")))
    text += std::format("\n- {}", cell(string_of(note)));
  return text + std::format("\n{}", kFiguresEnd);
}

/// " Recipe: NAME.", of this run or of the one that made the model; empty where neither tells.
std::string recipe_of(const JsonDocument& report) {
  for (const char* run : {"facts", "training"})
    if (const std::string name = string_of(at(report.find(run), "recipe")); !name.empty())
      return std::format(" Recipe: {}.", name);
  return "";
}

std::string new_card(const JsonDocument& report, const std::string& licence) {
  yyjson_val* facts = report.find("facts");
  std::string labels, data;
  for (yyjson_val* label : elements_of(report.find("labels")))
    labels += std::format(" `{}`", string_of(at(label, "id")));
  for (yyjson_val* one : elements_of(at(facts, "data")))
    data += std::format("{}{}", data.empty() ? "" : ", ", string_of(one));
  return std::format(
      "# Model card: {}\n\n**{}**\n\n## Model details\n\nLabels:{}.{} {}\n\n## Intended use\n\n"
      "*Who may use it for what, and what it must not be used for.*\n\n## Data\n\n{}: {} images (SHA-256 of "
      "the list "
      "{}).\n\n*Where they come from, by which microscope and stain, who labelled them, and their "
      "licence.*\n\n"
      "## Evaluation\n\n{}\n\n## Limits\n\n*On which microscopes, stains and cells it errs.*\n\n## How to "
      "reproduce\n\n```sh\n{}\n```\n\n{}, commit {}, {}; {}.\n\n## Licence and credits\n\n{}\n",
      model_name(report), kNotice, labels, recipe_of(report), string_of(report.find("about")), data,
      count(at(facts, "images")), string_of(at(facts, "dataSha256")), figures(report),
      string_of(at(facts, "command")), string_of(at(facts, "trainer")), string_of(at(facts, "commit")),
      string_of(at(facts, "date")), string_of(at(facts, "versions")),
      licence.empty() ? "*Of the weights, and of the data.*" : licence);
}

/// The metadata that a card begins with; empty where it has none.
std::string_view metadata_of(std::string_view card) {
  if (!card.starts_with(kRule)) return {};
  const std::size_t end = card.find("\n---\n", kRule.size() - 1);
  return end == std::string_view::npos ? std::string_view() : card.substr(0, end + 1 + kRule.size());
}

std::string licence_of(std::string_view metadata) {
  const std::size_t begin = metadata.find(kLicence);
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = metadata.substr(begin + kLicence.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

}  // namespace

std::string model_card(std::string_view report_text, const std::string& name, std::string_view card,
                       const std::string& licence) {
  const JsonDocument report(report_text, name);
  if (!report.find("metrics") || !report.find("title"))
    throw std::runtime_error(
        std::format("{} is not the JSON of a report: it lies beside the HTML of --report.", name));
  if (card.empty()) return front_matter(report, licence) + "\n" + new_card(report, licence);
  const std::string_view metadata = metadata_of(card);
  const std::string_view rest = card.substr(metadata.size());
  const std::size_t begin = rest.find(kFiguresBegin), end = rest.find(kFiguresEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    throw std::runtime_error(
        std::format("The card has no place for figures: put the lines \"{}\" and \"{}\" there.",
                    kFiguresBegin, kFiguresEnd));
  return front_matter(report, licence.empty() ? licence_of(metadata) : licence) +
         (metadata.empty() ? "\n" : "") + std::string(rest.substr(0, begin)) + figures(report) +
         std::string(rest.substr(end + kFiguresEnd.size()));
}

}  // namespace leukolens::train
