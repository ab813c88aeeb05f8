#include "output/model_card.h"

#include <catch2/catch_all.hpp>

using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::string_view kReport = R"({
  "title": "Cross-validation of \"my\" net", "about": "On five folds.", "notes": ["A | B"],
  "labels": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
  "metrics": {"images": 12345, "accuracy": 0.98, "accuracyInterval": [0.97, 0.99], "macroRecall": 0.9, "macroF1": 0.8,
    "ece": 0.01, "eceInterval": [0, 0.02], "confusion": [[9, 1], [0, 0]],
    "classes": [{"label": "a", "support": 10, "recall": 0.9, "recallInterval": [0.8, 1], "precision": 1,
      "precisionInterval": [0.7, 1], "f1": 0.9, "auc": 0.95}, {"label": "b", "support": 0, "precision": 0,
      "precisionInterval": [0, 1], "recall": 0, "f1": 0, "auc": 0}]},
  "sources": [{"name": "one: \"x\"", "metrics": {"images": 5, "accuracy": 0.5, "macroF1": 0.4, "macroRecall": 0.3,
      "classes": [{"label": "a", "support": 5, "recall": 0.6, "recallInterval": [0.5, 0.7], "precision": 1}]}},
    {"name": "two", "metrics": {"images": 6, "accuracy": 0.6, "macroF1": 0.4, "macroRecall": 0.3}}],
  "facts": {"command": "leukolens-train fit", "data": ["one", "two"], "images": 11}})";

std::string card(std::string_view old = {}, const std::string& licence = {}) {
  return model_card(kReport, "report.json", old, licence);
}

/// The same of one data set.
std::string card_of_one() {
  std::string report(kReport);
  report.replace(report.find("\"sources\""), 9, "\"other\"");
  return model_card(report, "report.json", "", "");
}

}  // namespace

TEST_CASE("a new card has metadata, the usual headings and the figures") {
  const std::string text = card({}, "mit");
  CHECK(text.starts_with("---\nlicense: mit\n"));
  CHECK_THAT(text, ContainsSubstring("name: \"one: \\\"x\\\"\""));
  CHECK_THAT(text, ContainsSubstring("- type: accuracy\n            value: 0.5"));
  for (const char* heading : {"Model details", "Intended use", "Data", "Evaluation", "Limits",
                              "How to reproduce", "Licence and credits"})
    CHECK_THAT(text, ContainsSubstring(std::string("\n## ") + heading + "\n"));
  CHECK_THAT(text, ContainsSubstring(
                       "| all | 12,345 | 0.980 (0.970 to 0.990) | 0.900 | 0.800 | 0.010 (0.000 to 0.020) |"));
  CHECK_THAT(text, ContainsSubstring("| class | one: \"x\": images | one: \"x\": recall (95 %) |"));
  CHECK_THAT(text, ContainsSubstring("| a | 5 | 0.600 (0.500 to 0.700) | 1.000 | 0 | - | - |"));
  CHECK_THAT(text, ContainsSubstring("| a | 9 | 1 |"));
  CHECK_THAT(text, ContainsSubstring("For research and education only"));
}

TEST_CASE("of one data set, a class without images has no recall") {
  CHECK_THAT(card_of_one(), ContainsSubstring("| b | 0 | - | 0.000 (0.000 to 1.000) | - | - |"));
  CHECK_THAT(card_of_one(), ContainsSubstring("name: \"one\""));
}

TEST_CASE("a card names the recipe of the run or of the model, or none") {
  CHECK_THAT(card(), ContainsSubstring("Labels: `a` `b`. On five folds."));
  std::string report(kReport);
  report.insert(report.rfind('}'), R"(, "training": {"recipe": "mine"})");
  CHECK_THAT(model_card(report, "report.json", "", ""),
             ContainsSubstring("`b`. Recipe: mine. On five folds."));
}

TEST_CASE("of a card that is there the figures alone change") {
  const std::string old =
      "---\nlicense: cc-by-4.0\nown: gone\n---\n\n# Mine\n<!-- figures, by leukolens-train report "
      "-->\nold\n<!-- end of "
      "figures -->\nAfter.\n";
  const std::string text = card(old);
  CHECK(text.starts_with("---\nlicense: cc-by-4.0\nlibrary_name"));
  CHECK_THAT(text, ContainsSubstring("\n\n# Mine\n<!-- figures"));
  CHECK(text.ends_with("<!-- end of figures -->\nAfter.\n"));
  CHECK_FALSE(text.contains("\nold\n"));
  CHECK(card(text) == text);
}

TEST_CASE("a card without metadata gets some, and one without a place for figures is refused") {
  const std::string plain = "# Mine\n<!-- figures, by leukolens-train report --><!-- end of figures -->\n";
  CHECK_THAT(card(plain), ContainsSubstring("---\n\n# Mine\n"));
  CHECK_THROWS_WITH(card("# Mine\n"), ContainsSubstring("no place for figures"));
  CHECK_THROWS_WITH(model_card("{}", "a.json", "", ""), ContainsSubstring("not the JSON of a report"));
  CHECK_THROWS_WITH(model_card("nonsense", "a.json", "", ""), ContainsSubstring("is not JSON"));
}

TEST_CASE("a model's name may have \"of\" in it, and what is undefined is a line") {
  std::string report(kReport);
  const std::string title = "Cross-validation of \\\"my\\\" net";
  report.replace(report.find(title), title.size(), "Evaluation of cells of dogs");
  report.replace(report.find("\"auc\": 0.95"), 11, "\"auc\": null");
  report.replace(report.find("\"sources\""), 9, "\"other\"");
  const std::string text = model_card(report, "report.json", "", "");
  CHECK_THAT(text, ContainsSubstring("# Model card: cells of dogs\n"));
  CHECK_THAT(text,
             ContainsSubstring("| a | 10 | 0.900 (0.800 to 1.000) | 1.000 (0.700 to 1.000) | 0.900 | - |"));
}
