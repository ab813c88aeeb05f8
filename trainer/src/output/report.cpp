#include "output/report.h"

#include <algorithm>
#include <format>
#include <map>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <unordered_map>

#include "encode.h"
#include "files/figures.h"
#include "leukolens/classifier.h"
#include "leukolens/notice.h"
#include "leukolens/overlay.h"
#include "output/contact_sheet.h"
#include "support/files.h"
#include "support/plural.h"
#include "support/random.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
namespace {

constexpr std::size_t kFirst = 10, kMostWrong = 24, kMostRight = 12;
constexpr std::size_t kSheetTiles = 6;  // of each class: a line
constexpr int kPictureSide = 160;       // px, the longer one
constexpr int kJpegQuality = 85;
constexpr float kOpacity = 0.6f;  // of class activation maps
constexpr std::string_view kDataPlace = "{{data}}";

bool right(const Scored& scored) { return predicted(scored) == static_cast<std::size_t>(scored.truth); }

std::string base64(std::span<const std::uint8_t> bytes) {  // RFC 4648
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string data_uri(const Image& image) {
  return "data:image/jpeg;base64," + base64(smear::encode_jpeg(image, kJpegQuality));
}

Image shrunk(const Image& image) {
  const double scale = std::min(1.0, static_cast<double>(kPictureSide) / std::max(image.width, image.height));
  const auto side = [&](int length) { return std::max(1, static_cast<int>(length * scale)); };
  return resize(image, side(image.width), side(image.height));
}

/// The images behind the predictions, as they are in the data set.
class Album {
 public:
  explicit Album(const files::Dataset& data) : data_(data) {
    for (const files::Item& item : data.items()) items_[item.source] = &item;
  }
  std::optional<Picture> find(const std::string& source) const {
    const auto item = items_.find(source);
    if (item == items_.end()) return std::nullopt;
    const Result<std::vector<std::uint8_t>> bytes = data_.read(*item->second);
    if (!bytes) return std::nullopt;
    Result<Picture> picture = open(*bytes);
    return picture ? std::optional(std::move(*picture)) : std::nullopt;
  }

 private:
  const files::Dataset& data_;
  std::unordered_map<std::string, const files::Item*> items_;
};

/// Some images of each class, drawn at random.
Image sheet_of(const files::Dataset& data, const Album& album) {
  std::map<std::string, std::vector<std::string>> sources;
  for (const files::Item& item : data.items()) sources[item.label].push_back(item.source);
  std::vector<SheetBlock> blocks;
  for (auto& [label, list] : sources) {
    blocks.push_back({std::format("{}: {}", label, counted(list.size(), "image", "images")), {}});
    Random(1).shuffle(list);
    for (const std::string& source : list | std::views::take(kSheetTiles))
      if (const std::optional<Picture> picture = album.find(source))
        blocks.back().tiles.push_back({picture->pixels()});
  }
  return contact_sheet(blocks);
}

/// Which images are shown, as indices of Report::predictions.
struct Gallery {
  std::vector<std::size_t> first, wrong, right;
};

Gallery choose(const std::vector<Prediction>& predictions) {
  Gallery gallery;
  std::vector<std::size_t> order(predictions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (const std::size_t i : order)
    (right(predictions[i].scored) ? gallery.right : gallery.wrong).push_back(i);
  const auto confidence = [&](std::size_t i) {
    const std::vector<float>& probabilities = predictions[i].scored.probabilities;
    return probabilities.empty() ? 0 : std::ranges::max(probabilities);
  };
  std::ranges::stable_sort(gallery.wrong, std::greater{}, confidence);
  std::ranges::stable_sort(gallery.right, std::less{}, confidence);
  Random(1).shuffle(order);  // in the data's order the first ten would all be of one class
  gallery.first = std::move(order);
  gallery.first.resize(std::min(kFirst, gallery.first.size()));
  gallery.wrong.resize(std::min(kMostWrong, gallery.wrong.size()));
  gallery.right.resize(std::min(kMostRight, gallery.right.size()));
  return gallery;
}

/// Where pictures come from; an empty one gives none.
struct Pictures {
  const Album* album = nullptr;
  const Explain* explain = nullptr;
  std::string contact_sheet{};  // as a data URI

  void add(const Json& json, Json::Value to, const Prediction& prediction) const {
    if (!album) return;
    const std::optional<Picture> picture = album->find(prediction.source);
    if (!picture) return;
    json.set(to, "picture", data_uri(shrunk(picture->pixels())));
    const auto answer = predicted(prediction.scored);
    if (!*explain || !answer) return;
    if (const auto map = (*explain)(*picture, prediction.box, static_cast<int>(*answer)))
      json.set(to, "activation", data_uri(shrunk(*map)));
  }
};

Json::Value examples(const Json& json, const Report& report, const std::vector<std::size_t>& indices,
                     const Pictures& pictures) {
  return json.list(indices, [&](std::size_t index) {
    const Prediction& prediction = report.predictions[index];
    const Json::Value one = json.object();
    json.set(one, "source", prediction.source);
    json.set(one, "actual", report.labels[static_cast<std::size_t>(prediction.scored.truth)].id);
    const auto answer = predicted(prediction.scored);
    json.set(one, "predicted", answer ? json.value(report.labels[*answer].id) : json.null());
    json.set(one, "probabilities", json.list(prediction.scored.probabilities, [](float p) { return p; }));
    pictures.add(json, one, prediction);
    return one;
  });
}

std::string to_text(const Report& report, const Gallery& gallery, const Pictures& pictures) {
  const Json json;
  const Json::Value root = json.root();
  json.set(root, "title", report.title);
  json.set(root, "about", report.about);
  json.set(root, "notice", kNotice);
  json.set(root, "notes", json.list(report.notes, [](const std::string& note) { return note; }));
  json.set(root, "labels", json.list(report.labels, [&](const Label& label) {
    const Json::Value value = json.object();
    json.set(value, "id", label.id);
    json.set(value, "name", label.name);
    return value;
  }));
  json.set(root, "metrics", files::to_json(json, report.metrics, report.labels));
  json.set(root, "sources", json.list(report.sources, [&](const SourceFigures& source) {
    const Json::Value value = json.object();
    json.set(value, "name", source.name);
    json.set(value, "metrics", files::to_json(json, source.metrics, report.labels));
    return value;
  }));
  json.set(root, "curves", files::curves_to_json(json, report.metrics));
  if (!report.agreement_json.empty()) json.set(root, "bySample", json.raw(report.agreement_json));
  json.set(root, "histories",
           json.list(report.histories, [&](const History& history) { return to_json(json, history); }));
  json.set(root, "first", examples(json, report, gallery.first, pictures));
  json.set(root, "wrong", examples(json, report, gallery.wrong, pictures));
  json.set(root, "right", examples(json, report, gallery.right, pictures));
  if (!pictures.contact_sheet.empty()) json.set(root, "contactSheet", pictures.contact_sheet);
  json.set(root, "facts", json.raw(report.facts_json));
  json.set(root, "training", json.raw(report.training_json));
  if (!report.model_sha256.empty()) json.set(root, "modelSha256", report.model_sha256);
  return json.text(!pictures.album);
}

std::string page_template() {
  return std::string(as_text(value_or_throw(files::read_file(LEUKOLENS_REPORT))));
}

}  // namespace

Explain explain_with(std::span<const std::uint8_t> model_file, std::span<const std::uint8_t> locator) {
  const auto classifier = std::make_shared<Classifier>(value_or_throw(
      Classifier::load(model_file, std::make_shared<Locator>(value_or_throw(Locator::load(locator))))));
  return [classifier](const Picture& picture, const std::optional<Rect>& box,
                      int label) -> std::optional<Image> {
    if (!classifier->locate(picture)) return std::nullopt;
    const bool is_boxed = box && classifier->model().input.region == Input::Region::cell;
    const Located* cell = is_boxed ? cell_in(picture, *box) : nullptr;
    if (is_boxed && !cell) return std::nullopt;
    const Result<Explanation> explanation =
        cell ? classifier->explain(picture, *cell, label) : classifier->explain(picture, label);
    return explanation ? std::optional(overlay(picture.pixels(), *explanation, kOpacity)) : std::nullopt;
  };
}

Prediction prediction_of(const files::Dataset& data, const Sample& sample, Scored scored) {
  return {sample.source, std::move(scored), data.items()[sample.item].box};
}

std::string inside_html(std::string_view json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";  // only strings can hold one, and there it means the same
    } else {
      out += c;
    }
  }
  return out;
}

void check_report_path(const std::string& path, const std::string& other_json) {
  if (!path.ends_with(".html"))
    throw std::runtime_error(std::format("The report {} needs a name that ends in .html.", path));
  if (!other_json.empty() && fs::path(path).replace_extension(".json") == fs::path(other_json))
    throw std::runtime_error(
        std::format("The report's figures go to {}: name --out-json or --report otherwise.", other_json));
}

std::vector<fs::path> report_files(const std::string& path) {
  if (path.empty()) return {};
  return {path, fs::path(path).replace_extension(".json")};
}

void write_page(std::string_view json, std::string_view json_beside, const fs::path& path) {
  std::string page = page_template();
  page.replace(page.find(kDataPlace), kDataPlace.size(), inside_html(json));
  write_atomically(path, page);
  write_atomically(fs::path(path).replace_extension(".json"), std::string(json_beside) + "\n");
}

void write_report(const Report& report, const files::Dataset& data, const Explain& explain,
                  const fs::path& path) {
  const Gallery gallery = choose(report.predictions);
  const Album album(data);
  write_page(to_text(report, gallery, {&album, &explain, data_uri(sheet_of(data, album))}),
             to_text(report, gallery, {}), path);
}

}  // namespace leukolens::train
