// The report of a run: one HTML file that opens from disk without a network, and its figures as JSON.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/samples.h"
#include "files/dataset.h"
#include "leukolens/metrics.h"
#include "leukolens/model.h"
#include "leukolens/picture.h"
#include "training/history.h"

namespace leukolens::train {

/// One image of those that the figures are about.
struct Prediction {
  std::string source;  // as in the data set
  Scored scored;
  std::optional<Rect> box{};  // of the cell, where annotated
};

/// One of several data sets, by itself.
struct SourceFigures {
  std::string name;  // as the user named it
  Metrics metrics;
};

/// All that a report shows. trainer/report/ draws it, and decides its appearance alone.
struct Report {
  std::string title, about;  // about: one sentence that says what the figures were measured on
  std::vector<Label> labels;
  std::string facts_json = "{}";       // of this run: command, recipe, data, seed, machine, versions
  std::string training_json = "{}";    // of the model, where this run did not train it
  std::string model_sha256;            // of the file; empty where there is none
  std::vector<History> histories;      // of the fit, or of each fold
  std::vector<std::string> notes;      // what a reader must know before trusting the figures
  Metrics metrics;                     // of `predictions`
  std::vector<SourceFigures> sources;  // where they come from several data sets
  std::vector<Prediction> predictions;
  std::string agreement_json;  // of samples' differential counts; empty where not asked for
};

Prediction prediction_of(const files::Dataset& data, const Sample& sample, Scored scored);

/// The picture that shows why a model gives `label` to the cell in a box, or to the whole image or its main
/// cell; none where it cannot say.
using Explain =
    std::function<std::optional<Image>(const Picture& picture, const std::optional<Rect>& box, int label)>;

/// Class activation maps of a model file, laid over the image. Throws std::runtime_error if it cannot be
/// loaded.
Explain explain_with(std::span<const std::uint8_t> model_file, std::span<const std::uint8_t> locator);

/// Throws std::runtime_error unless `path` ends in .html and the JSON beside it is not `other_json`, which
/// the run writes, too (empty: none).
void check_report_path(const std::string& path, const std::string& other_json);

/// The files of a report: none of an empty path.
std::vector<std::filesystem::path> report_files(const std::string& path);

/// Writes `path` (NAME.html) and NAME.json beside it: the same, but for the pictures, so that figures can be
/// shared where images cannot. Pictures and the contact sheet come from `data`; an image that can no longer
/// be read is shown without one. `explain` may be empty. Throws std::runtime_error.
void write_report(const Report& report, const files::Dataset& data, const Explain& explain,
                  const std::filesystem::path& path);

/// The page with any JSON that trainer/report/ draws, and NAME.json beside it. Throws std::runtime_error.
void write_page(std::string_view json, std::string_view json_beside, const std::filesystem::path& path);

/// The JSON as it can stand inside a script element: no `<` is left in it, whatever the images' names are.
std::string inside_html(std::string_view json);

}  // namespace leukolens::train
