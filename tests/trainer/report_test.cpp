#include "output/report.h"

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <filesystem>
#include <format>

#include "../engine/shipped.h"
#include "commands/run_context.h"
#include "encode.h"
#include "evaluation/calibration.h"
#include "evaluation/evaluation.h"
#include "files/figures.h"
#include "leukolens/classifier.h"
#include "leukolens/notice.h"
#include "leukolens/overlay.h"
#include "scratch.h"
#include "support/files.h"
#include "tiny.h"

using namespace leukolens;
using namespace leukolens::train;
namespace fs = std::filesystem;
using Catch::Approx;

namespace {

constexpr const char* kHostile = "</script><script>alert(1)<script><!--.png";

/// A data set of drawn cells, four of each class, for one test.
struct Drawn : Scratch {
  Drawn() {
    for (int i = 0; i < 8; ++i) {
      const bool lymphocyte = i % 2;
      smear::Scene scene;
      scene.seed = static_cast<std::uint64_t>(i + 1);
      scene.cells = {lymphocyte ? smear::Cell::lymphocyte : smear::Cell::neutrophil};
      const smear::Bytes png = smear::encode_png(resize(smear::draw(scene).image, 80, 60));
      write_atomically(path / (lymphocyte ? "lymphocyte" : "neutrophil") / std::format("{}.png", i),
                       as_text(png));
    }
  }
};

std::string text_of(const fs::path& path) {
  return std::string(as_text(value_or_throw(files::read_file(path))));
}

/// Confidences 0.9, 0.6 wrong; 0.8, 0.55 right.
Report small_report() {
  Report report{.title = "Evaluation of <b>tiny</b>", .about = "Measured on four images."};
  report.labels = {label_of("neutrophil"), label_of("lymphocyte")};
  report.predictions = {{"neutrophil/0.png", {0, {0.4f, 0.6f}}},
                        {"neutrophil/2.png", {0, {0.8f, 0.2f}}},
                        {"lymphocyte/1.png", {1, {0.9f, 0.1f}}},
                        {kHostile, {1, {0.45f, 0.55f}}}};
  std::vector<Scored> scored;
  for (const Prediction& prediction : report.predictions) scored.push_back(prediction.scored);
  report.metrics = measure(scored, 2);
  return report;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

}  // namespace

TEST_CASE("an image's name cannot end the script that holds a report's data") {
  const Drawn drawn;
  const fs::path page = drawn.path / "report.html";
  write_report(small_report(), open_data({drawn.path.string()}), {}, page);
  const std::string html = text_of(page);
  CHECK(html.contains("\\u003c/script>\\u003cscript>alert(1)"));
  CHECK_FALSE(html.contains("<script>alert"));
  CHECK(count(html, "</script") == 2);
  CHECK(text_of(drawn.path / "report.json").contains(kHostile));
}

TEST_CASE("a report shows the surest mistakes first, and the least sure right answers") {
  const Drawn drawn;
  write_report(small_report(), open_data({drawn.path.string()}), {}, drawn.path / "report.html");
  const std::string json = text_of(drawn.path / "report.json");
  const std::string wrong =
                        json.substr(json.find("\"wrong\""), json.find("\"right\"") - json.find("\"wrong\"")),
                    right = json.substr(json.find("\"right\""));
  CHECK(wrong.find("lymphocyte/1.png") < wrong.find("neutrophil/0.png"));
  CHECK(right.find(kHostile) < right.find("neutrophil/2.png"));
  CHECK(json.contains(kNotice));
}

TEST_CASE("pictures and explanations are in the page, and not in the JSON beside it") {
  const Drawn drawn;
  const Report report = small_report();
  std::vector<int> explained;
  const Explain explain = [&](const Picture& picture, const std::optional<Rect>&, int label) {
    explained.push_back(label);
    return std::optional(picture.pixels());
  };
  write_report(report, open_data({drawn.path.string()}), explain, drawn.path / "report.html");
  const std::string html = text_of(drawn.path / "report.html");
  // Three of four can be read, and each is among the first ten and in one of the galleries.
  CHECK(count(html, "\"picture\":\"data:image/jpeg;base64,/9j/") == 6);
  CHECK(count(html, "\"activation\":") == 6);
  CHECK(count(html, "\"contactSheet\":") == 1);
  CHECK(std::ranges::count(explained, 1) == 2);  // the label that was answered: lymphocyte for 0.png alone
  CHECK_FALSE(text_of(drawn.path / "report.json").contains("data:image"));
}

TEST_CASE("a name that is not UTF-8 still makes valid JSON") {
  const Drawn drawn;
  Report report = small_report();
  report.predictions[0].source = "caf\xE9.png";
  write_report(report, open_data({drawn.path.string()}), {}, drawn.path / "report.html");
  CHECK(text_of(drawn.path / "report.json").contains("caf\xEF\xBF\xBD.png"));
  CHECK(files::valid_utf8("\xC3\xA9\xF0\x9F\x94\xAC") == "\xC3\xA9\xF0\x9F\x94\xAC");
  CHECK(files::valid_utf8("\xC0\x80\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("a report's path must end in .html and leave other files alone") {
  CHECK_NOTHROW(check_report_path("a/report.html", "a/folds.json"));
  CHECK_THROWS_WITH(check_report_path("report.htm", ""), Catch::Matchers::ContainsSubstring(".html"));
  CHECK_THROWS_WITH(check_report_path("report.html", "report.json"),
                    Catch::Matchers::ContainsSubstring("report.json"));
}

TEST_CASE("notes name restarts and overfitting") {
  History history{.seed = 2, .best_epoch = 1};
  history.epochs = {{.number = 1, .loss = 1, .validation_loss = 1},
                    {.number = 2, .loss = 0.9, .validation_loss = 1}};
  CHECK(notes_on(history).empty());
  history.restarts = {{1, 3, "the loss is not a number"}};
  history.epochs.push_back({.number = 3, .loss = 0.01, .validation_loss = 9});
  REQUIRE(notes_on(history).size() == 2);
  CHECK(notes_on(history)[0] == "The run of seed 1 was given up after 3 epochs: the loss is not a number.");
  CHECK(notes_on(history)[1].starts_with("The network overfits: after epoch 1 "));
}

TEST_CASE("curves keep the corners of a ROC and leave out what lies between") {
  // Three right in a row go straight up, then straight to the right.
  std::vector<Scored> scored;
  for (const float p : {0.9f, 0.8f, 0.7f}) scored.push_back({1, {1 - p, p}});
  for (const float p : {0.3f, 0.2f}) scored.push_back({0, {1 - p, p}});
  const files::Json json;
  json.set(json.root(), "curves", files::curves_to_json(json, measure(scored, 2)));
  CHECK(
      json.text(false).contains("\"roc\":[[[0.0,0.0],[0.0,1.0],[1.0,1.0]],[[0.0,0.0],[0.0,1.0],[1.0,1.0]]]"));
  CHECK(json.text(false).contains("\"reliability\":[{\"images\":1,"));
}

TEST_CASE("evaluate gives each model's calibrated probabilities, as the engine computes them") {
  const Drawn drawn;
  Model model = tiny_outcome().model;
  const std::vector<std::uint8_t> plain = *write_model(model);
  model.calibration.temperature = 3;
  const std::vector<std::vector<std::uint8_t>> files{plain, *write_model(model)};
  const files::Dataset data = open_data({drawn.path.string()});
  const Evaluation evaluation = evaluate(data, files, read_locator({}), model.labels, 2);
  REQUIRE(evaluation.samples.list.size() == 8);
  REQUIRE(evaluation.scored.size() == 2);
  Classifier classifier = *Classifier::load(plain);
  const std::vector<Scored> calibrated = at_temperature(evaluation.scored[0], 3);
  for (std::size_t i = 0; i < 8; ++i) {
    const Classification answer = *classifier.classify(*data.read(data.items()[i]));
    CHECK(evaluation.scored[0][i].probabilities == answer.probabilities);
    CHECK(evaluation.scored[1][i].probabilities[0] == Approx(calibrated[i].probabilities[0]).margin(1e-5));
  }
}

TEST_CASE("evaluate leaves out what it cannot judge, and says so") {
  const Drawn drawn;
  write_atomically(drawn.path / "neutrophil" / "broken.png", "not an image");
  write_atomically(drawn.path / "martian" / "green.png", "never looked at");
  const Model model = fit_tiny({.seed = 1}, tiny_recipe("epochs = 40", "epochs = 1")).model;
  const std::vector<std::vector<std::uint8_t>> files{*write_model(model)};
  const Evaluation evaluation =
      evaluate(open_data({drawn.path.string()}), files, read_locator({}), model.labels, 1);
  CHECK(evaluation.samples.list.size() == 8);
  REQUIRE(evaluation.samples.unreadable.size() == 1);
  CHECK(evaluation.samples.unreadable[0].source.ends_with("broken.png"));
  REQUIRE(evaluation.samples.unlabelled.size() == 1);
  CHECK(evaluation.samples.unlabelled[0].reason.contains("martian"));
}

TEST_CASE("a report explains the cell in the box, and not the field's main cell") {
  const smear::Smear two = smear::draw(
      {.seed = 7, .width = 480, .height = 360, .cells = {smear::Cell::lymphocyte, smear::Cell::neutrophil}});
  REQUIRE(two.cells.size() == 2);
  const Picture picture(two.image);
  REQUIRE(picture.locate(test::shipped_locator()));
  const Outcome outcome = fit_tiny({.seed = 1}, tiny_recipe("epochs = 40", "epochs = 1"));
  Model model = outcome.model;
  model.input.region = Input::Region::cell;
  const std::vector<std::uint8_t> file = *write_model(model);
  const Explain explain = explain_with(file, read_locator({}));
  Classifier classifier = *Classifier::load(file);
  for (const smear::Drawn& drawn : two.cells) {
    const Located* cell = cell_in(picture, drawn.box);
    REQUIRE(cell);
    const std::optional<Image> shown = explain(picture, drawn.box, 0);
    REQUIRE(shown);
    const Explanation expected = *classifier.explain(picture, *cell, 0);
    CHECK(shown->rgb == overlay(picture.pixels(), expected, 0.6f).rgb);
  }
  CHECK(explain(picture, two.cells[0].box, 0)->rgb != explain(picture, two.cells[1].box, 0)->rgb);
  CHECK_FALSE(explain(picture, Rect{0, 0, 1, 1}, 0));
}
