#include "files/dataset.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <expected>
#include <format>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <ranges>

#include "files/composition.h"
#include "files/encoding.h"
#include "files/label_id.h"
#include "files/zip_archive.h"
#include "model/utf8.h"

namespace leukolens::files {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kOwnList = "list.csv";
constexpr std::uint64_t kMaxList = 512 << 20;  // bytes of a CSV: what it lists is kept in memory

bool is_utf8(std::string_view text) {
  std::size_t length = 1;
  for (; !text.empty() && length > 0; text.remove_prefix(length)) length = utf8_length(text);
  return length > 0;
}

Part part_named(std::string_view folder) {
  const std::string text = lower(folder);
  if (text == "train" || text == "training") return Part::train;
  if (text == "val" || text == "valid" || text == "validation") return Part::validation;
  if (text == "test") return Part::test;
  if (text == "test_simple") return Part::test_simple;
  return Part::unassigned;
}

bool is_image(const fs::path& path) {
  static constexpr std::array kExtensions{".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".tif", ".tiff"};
  return std::ranges::contains(kExtensions, lower(path.extension().string()));
}

/// Hidden files, and what macOS adds to zips.
bool is_clutter(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& step) {
    const std::string text = step.string();
    return text == "__MACOSX" || (text.starts_with('.') && text != "." && text != "..");
  });
}

/// Folders are labels: what a path inside the data set says about its image.
struct Listing {
  Dataset::Labels labels = Dataset::Labels::required;
  std::vector<Item> items;
  std::vector<Skipped> skipped;
  bool is_list = false;  // of a CSV: nothing is to be learnt from the names of folders

  void add(const fs::path& path, std::uint64_t bytes) {
    if (is_clutter(path)) return;
    const std::string source = path.generic_string();
    if (!is_image(path)) return skipped.push_back({source, "not an image by its name"});
    if (bytes == 0) return skipped.push_back({source, "empty file"});
    Item item;
    item.source = source;
    if (labels == Dataset::Labels::ignored) return items.push_back(std::move(item));
    const std::string folder = path.parent_path().filename().string();
    if (!is_utf8(folder)) return skipped.push_back({source, "its folder has a name that is not UTF-8"});
    item.label = label_id(folder);
    for (const fs::path& step : path.parent_path()) {
      if (const Part part = part_named(step.string()); part != Part::unassigned) item.part = part;
    }
    if (item.label.empty() || part_named(item.label) != Part::unassigned) {
      return skipped.push_back({source, "not in a folder named after its class"});
    }
    items.push_back(std::move(item));
  }

  /// The published archive holds, beside TRAIN and TEST, folders of other pictures.
  void keep_assigned_parts() {
    const auto unassigned = [](const Item& item) { return item.part == Part::unassigned; };
    if (std::ranges::all_of(items, unassigned)) return;
    for (const Item& item : items | std::views::filter(unassigned)) {
      skipped.push_back({item.source, "outside the folders TRAIN, VALIDATION and TEST"});
    }
    std::erase_if(items, unassigned);
  }
};

/// The records of a CSV (RFC 4180), whatever ends its lines. Spaces around fields are left out.
class CsvReader {
 public:
  explicit CsvReader(std::string text) : text_(std::move(text)) {}

  /// None at the end, and where a quote has no end.
  std::optional<std::vector<std::string>> next(char separator) {
    if (at_ >= text_.size()) return std::nullopt;
    line_ = next_line_;
    std::vector<std::string> fields;
    for (bool more = true; more; at_ = std::min(at_ + 1, text_.size())) {
      fields.push_back(field(separator));
      more = at_ < text_.size() && text_[at_] == separator && !unclosed_;
    }
    if (unclosed_) return std::nullopt;
    if (text_[at_ - 1] == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++next_line_;
    return fields;
  }

  /// At which the last record begins, from 1.
  int line() const { return line_; }
  bool unclosed() const { return unclosed_; }

 private:
  /// What ends it is looked at next.
  std::string field(char separator) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') {
      for (++at_;; ++at_) {
        if (at_ == text_.size()) return unclosed_ = true, value;
        if (text_[at_] == '"') {
          ++at_;
          if (at_ == text_.size() || text_[at_] != '"') break;
        }
        next_line_ += text_[at_] == '\n';
        value += text_[at_];
      }
    }
    const std::size_t quoted = value.size();
    for (; at_ < text_.size() && text_[at_] != separator && text_[at_] != '\n' && text_[at_] != '\r'; ++at_)
      value += text_[at_];
    while (value.size() > quoted && value.back() == ' ') value.pop_back();
    return value;
  }

  std::string text_;
  std::size_t at_ = 0;
  int line_ = 0, next_line_ = 1;
  bool unclosed_ = false;
};

/// What parts the columns: a comma, or what programs of other countries write. Excel's line "sep=;" says it,
/// and is left empty.
char separator_of(std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of("\r\n"), text.size());
  const std::string header = lower(text.substr(begin, text.find_first_of("\r\n", begin) - begin));
  if (header.starts_with("sep=") && header.size() == 5) {
    text.erase(begin, header.size());
    return header[4];
  }
  for (const char separator : {',', ';', '\t'})
    if (header.contains(separator)) return separator;
  return ',';
}

std::optional<int> to_int(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A coordinate in pixels, which other programs write as 110.0 too.
std::optional<int> to_pixels(const std::string& text) {
  constexpr double kMost = 1e6;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= kMost))
    return std::nullopt;
  return static_cast<int>(std::lround(value));
}

constexpr std::array kBox{"xmin", "ymin", "xmax", "ymax"};

/// One row of a CSV, read by the names in its header.
class Row {
 public:
  Row(const std::vector<std::string>& header, std::vector<std::string> fields)
      : header_(header), fields_(std::move(fields)) {}

  std::string operator[](std::string_view column) const {
    const auto found = std::ranges::find(header_, column);
    const auto index = static_cast<std::size_t>(found - header_.begin());
    return index < fields_.size() ? fields_[index] : std::string();
  }

  /// Whether the row says nothing of a box. Python writes "nan" where it knows no number.
  bool has_no_box() const {
    return std::ranges::all_of(kBox, [&](const char* column) {
      const std::string value = lower((*this)[column]);
      return value.empty() || value == "nan";
    });
  }

  /// None where the four are no box of pixels: shares of the image, which YOLO writes, are none.
  std::optional<Rect> box() const {
    constexpr int kLeast = 2;
    const auto x0 = to_pixels((*this)["xmin"]), y0 = to_pixels((*this)["ymin"]);
    const auto x1 = to_pixels((*this)["xmax"]), y1 = to_pixels((*this)["ymax"]);
    if (!x0 || !y0 || !x1 || !y1 || *x1 - *x0 < kLeast || *y1 - *y0 < kLeast) return std::nullopt;
    return Rect{*x0, *y0, *x1 - *x0, *y1 - *y0};
  }

 private:
  const std::vector<std::string>& header_;
  std::vector<std::string> fields_;
};

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos && !text.starts_with(' ') && !text.ends_with(' '))
    return std::string(text);
  std::string field = "\"";
  for (const char c : text) field.append(c == '"' ? 2 : 1, c);
  return field + '"';
}

std::string_view name(Part part) {
  static constexpr std::array<std::string_view, 5> kNames{"unassigned", "train", "validation", "test",
                                                          "test_simple"};
  return kNames[static_cast<std::size_t>(part)];
}

namespace {

/// The error says what the list lacks.
Result<void> check_header(const std::vector<std::string>& header, bool labelled) {
  constexpr std::size_t kShown = 200;
  const auto has = [&](std::string_view column) { return std::ranges::contains(header, column); };
  std::string lacks;
  if (!has("image") || (labelled && !has("label") && !has("kind")))
    lacks = std::format("needs a header line with at least the column{}",
                        labelled ? "s image and label" : " image");
  else if (std::ranges::any_of(kBox, has) && !std::ranges::all_of(kBox, has))
    lacks = "needs all four columns of a box, xmin, ymin, xmax and ymax, or none of them";
  if (lacks.empty()) return {};
  std::string names;
  for (const std::string& column : header) names += (names.empty() ? "" : ", ") + column;
  const bool readable = is_utf8(names) && names.size() <= kShown;
  return fail(ErrorCode::unsupported_format,
              readable ? std::format("{}; it has {}.", lacks, names) : lacks + ".");
}

/// The error says why the row is left out.
std::expected<Item, std::string> item_of(const Row& row, bool labelled) {
  const auto refuse = [](std::string why) { return std::unexpected(std::move(why)); };
  const std::string label = label_id(row["label"]);  // none, too, where there are tabs alone
  if (row["image"].empty() || (labelled && label.empty()))
    return refuse(labelled ? "image or label is missing" : "image is missing");
  if (!is_utf8(row["label"]) || !is_utf8(row["soft_label"]))
    return refuse("its label is not UTF-8: save the list in UTF-8");
  const std::optional<int> fold = row["fold"].empty() ? 0 : to_int(row["fold"]);
  if (!fold || *fold < 0) return refuse("fold is no number from 1");
  const Part part = part_named(row["split"]);
  if (const std::string split = lower(row["split"]);
      part == Part::unassigned && !split.empty() && split != name(Part::unassigned))
    return refuse("split is none of train, validation and test");
  const std::optional<Rect> box = row.box();
  if (!box && !row.has_no_box())
    return refuse("xmin, ymin, xmax and ymax are no box: give pixels, the larger ones last");
  // What is of one sample belongs together, whatever smaller groups there are.
  const std::string sample = composed(row["sample"]);
  return Item{.source = row["image"],
              .label = label,
              .group = sample.empty() ? composed(row["group"]) : sample,
              .part = part,
              .box = box,
              .soft_label = label_id(row["soft_label"]),
              .fold = *fold,
              .sample = sample};
}

}  // namespace

/// Where bytes come from: files below `root`, the zip that it is, or zips that a CSV's paths lead into.
struct Dataset::Source {
  fs::path root;
  std::unique_ptr<ZipArchive> zip;
  std::mutex mutex;                          // of `others`
  std::map<std::string, ZipArchive> others;  // by their path from root

  // Whether a link leads to a folder inside the data set, or to one that the data set lies in.
  bool is_listed_anyway(const fs::path& link) const {
    std::error_code error;
    const fs::path target = fs::canonical(link, error), whole = fs::canonical(root, error);
    const auto lies_in = [](const fs::path& inner, const fs::path& outer) {
      return std::ranges::mismatch(outer, inner).in1 == outer.end();
    };
    return error || lies_in(target, whole) || lies_in(whole, target);
  }

  Result<void> list_folder(Listing& listing) const {
    std::error_code error;
    const auto options =
        fs::directory_options::follow_directory_symlink | fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(root, options, error), end; !error && it != end;
         it.increment(error)) {
      if (it->is_symlink() && it->is_directory(error) && is_listed_anyway(it->path())) {
        listing.skipped.push_back({it->path().lexically_relative(root).generic_string(),
                                   "a link to a folder that is read already"});
        it.disable_recursion_pending();
        continue;
      }
      if (it->is_regular_file(error)) listing.add(it->path().lexically_relative(root), it->file_size(error));
    }
    if (error)
      return fail(ErrorCode::unreadable_file,
                  std::format("Cannot list {}: {}.", root.string(), error.message()));
    return {};
  }

  Result<void> list_zip(Listing& listing) {
    zip = std::make_unique<ZipArchive>(root);
    const auto entries = zip->entries();
    if (!entries) return std::unexpected(entries.error());
    for (const ZipEntry& entry : *entries) {
      if (entry.refused.empty())
        listing.add(entry.name, entry.bytes);
      else if (!is_clutter(entry.name))
        listing.skipped.push_back({entry.name, entry.refused});
    }
    return {};
  }

  Result<void> list_csv(const fs::path& path, Listing& listing) const {
    std::error_code error;
    if (const auto size = fs::file_size(path, error); !error && size > kMaxList)
      return fail(ErrorCode::unreadable_file,
                  std::format("{} is larger than 512 MiB: split the list.", path.string()));
    std::ifstream stream(path, std::ios::binary);
    return list_text(std::string(std::istreambuf_iterator<char>(stream), {}), path, listing);
  }

  /// `path` is for errors.
  static Result<void> list_text(std::string text, const fs::path& path, Listing& listing) {
    if (text.empty()) {
      return fail(ErrorCode::unreadable_file,
                  std::format("Cannot read {}: no such file, or empty.", path.string()));
    }
    const auto refuse = [&](std::string_view why) {
      return fail(ErrorCode::unsupported_format, std::format("{} {}", path.string(), why));
    };
    std::optional<std::string> list = list_in_utf8(std::move(text));
    if (!list) return refuse("is damaged: its UTF-16 breaks off.");
    const char separator = separator_of(*list);
    CsvReader reader(*std::move(list));
    const auto is_empty = [](const std::vector<std::string>& fields) {
      return std::ranges::all_of(
          fields, [](const std::string& field) { return field.find_first_not_of(" \t") == field.npos; });
    };
    std::vector<std::string> header;
    while (is_empty(header)) {
      std::optional<std::vector<std::string>> fields = reader.next(separator);
      if (!fields) break;
      header = std::move(*fields);
    }
    for (std::string& column : header) column = lower(column);
    if (const Result<void> known = check_header(header, listing.labels == Labels::required); !known)
      return refuse(known.error().message);
    std::ranges::replace(header, std::string("kind"), std::string("label"));  // as in lists of boxes
    while (std::optional<std::vector<std::string>> fields = reader.next(separator)) {
      if (is_empty(*fields)) continue;
      const std::expected<Item, std::string> item =
          item_of(Row(header, std::move(*fields)), listing.labels == Labels::required);
      if (item)
        listing.items.push_back(*item);
      else
        listing.skipped.push_back({std::format("line {}", reader.line()), item.error()});
    }
    if (reader.unclosed())
      return refuse(std::format("has a quote in line {} that nothing closes.", reader.line()));
    return {};
  }

  /// In place of what the folders say, what list.csv beside them says, as in what the page exports; where
  /// both name the same classes the folders stay.
  Result<void> prefer_list(Listing& listing) {
    if (listing.labels == Labels::ignored) return {};
    const auto found = std::ranges::find(listing.skipped, kOwnList, &Skipped::source);
    if (found == listing.skipped.end()) return {};
    const auto bytes = read(std::string(kOwnList));
    if (!bytes) return std::unexpected(bytes.error());
    Listing own;
    const Result<void> listed = list_text(std::string(bytes->begin(), bytes->end()), root / kOwnList, own);
    const bool is_known = !listed || std::ranges::all_of(own.items, [](const Item& item) {
      return label_id(fs::path(item.source).parent_path().filename().string()) == item.label;
    });
    if (is_known)
      listing.skipped.erase(found);
    else
      listing = std::move(own), listing.is_list = true;
    return {};
  }

  Result<std::vector<std::uint8_t>> read(const std::string& source) {
    static constexpr std::string_view kInside = ".zip/";
    if (zip) return zip->read(source);
    const std::size_t end = source.find(kInside);
    if (end == std::string::npos || is_there(root / source)) return read_file(root / spelt(root, source));
    const std::string archive = spelt(root, source.substr(0, end + kInside.size() - 1));
    return other(archive).read(source.substr(end + kInside.size()));
  }

  ZipArchive& other(const std::string& archive) {
    const std::lock_guard lock(mutex);
    return others.try_emplace(archive, root / archive).first->second;
  }
};

namespace {

std::string without_images(const fs::path& path, const Listing& listing) {
  std::string text = std::format("{} holds no {}", path.string(),
                                 listing.labels == Dataset::Labels::ignored ? "picture" : "labelled image");
  if (!listing.skipped.empty()) {
    const Skipped& first = listing.skipped.front();
    text += std::format("; {}: {}", first.source, first.reason);
  } else if (listing.labels == Dataset::Labels::required) {
    text += ": put images into folders named after their class";
  }
  return text + ".";
}

}  // namespace

Dataset::Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;
Dataset::~Dataset() = default;

Result<Dataset> Dataset::open(const fs::path& path, Labels labels) {
  auto source = std::make_unique<Source>();
  Listing listing{.labels = labels, .items = {}, .skipped = {}};
  Result<void> listed;
  const std::string extension = lower(path.extension().string());
  std::error_code error;
  if (fs::is_directory(path, error)) {
    source->root = path;
    listed = source->list_folder(listing).and_then([&] { return source->prefer_list(listing); });
  } else if (!fs::exists(path, error)) {
    return fail(ErrorCode::unreadable_file,
                std::format("There is no folder, zip or CSV at {}.", path.string()));
  } else if (extension == ".zip") {
    source->root = path;
    listed = source->list_zip(listing).and_then([&] { return source->prefer_list(listing); });
  } else if (extension == ".csv") {
    source->root = path.parent_path();
    listed = source->list_csv(path, listing);
    listing.is_list = true;
  } else {
    return fail(ErrorCode::unsupported_format,
                std::format("{} is neither a folder nor a .zip nor a .csv.", path.string()));
  }
  if (!listed) return std::unexpected(listed.error());
  if (!listing.is_list && labels == Labels::required) listing.keep_assigned_parts();
  std::ranges::stable_sort(listing.items, {}, &Item::source);
  if (!listing.is_list) std::ranges::sort(listing.skipped, {}, &Skipped::source);
  if (listing.items.empty()) return fail(ErrorCode::empty_input, without_images(path, listing));
  Dataset data;
  data.sources_.push_back(std::move(source));
  data.prefixes_.emplace_back();
  data.items_ = std::move(listing.items);
  data.skipped_ = std::move(listing.skipped);
  return data;
}

Result<Dataset> Dataset::open(const std::vector<fs::path>& paths) {
  Dataset all;
  std::map<std::string, fs::path> place_of;  // by prefix
  for (const fs::path& path : paths) {
    Result<Dataset> one = open(path);
    if (!one || paths.size() == 1) return one;
    // A list is named after its folder: several may well be called labels.csv.
    const fs::path named =
        lower(path.extension().string()) == ".csv" ? fs::absolute(path).parent_path() : path;
    const std::string name = (named.has_filename() ? named : named.parent_path()).filename().string();
    // Lists of one folder name the same images and groups; folders of one name have nothing in common.
    std::error_code error;
    const fs::path place = fs::weakly_canonical(named, error);
    std::string prefix = name + ":";
    for (int number = 2; place_of.try_emplace(prefix, place).first->second != place; ++number)
      prefix = std::format("{} {}:", name, number);
    for (Item& item : one->items_) {
      item.source = prefix + item.source;
      item.origin = static_cast<int>(all.sources_.size());
      if (!item.group.empty()) item.group = prefix + item.group;
      if (!item.sample.empty()) item.sample = prefix + item.sample;
      all.items_.push_back(std::move(item));
    }
    for (Skipped& skipped : one->skipped_) all.skipped_.push_back({prefix + skipped.source, skipped.reason});
    all.sources_.push_back(std::move(one->sources_[0]));
    all.prefixes_.push_back(prefix);
  }
  return all;
}

fs::path Dataset::location(const Item& item) const {
  const auto origin = static_cast<std::size_t>(item.origin);
  // Of the whole path: the root of a CSV in the current folder is empty, of which there is no absolute().
  const Source& source = *sources_[origin];
  return fs::absolute(source.root / spelt(source.root, item.source.substr(prefixes_[origin].size())));
}

Result<std::vector<std::uint8_t>> Dataset::read(const Item& item) const {
  const auto origin = static_cast<std::size_t>(item.origin);
  return sources_[origin]->read(item.source.substr(prefixes_[origin].size()));
}

}  // namespace leukolens::files
