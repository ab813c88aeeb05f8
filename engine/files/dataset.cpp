#include "files/dataset.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <fstream>
#include <map>
#include <mutex>
#include <ranges>

#include "files/zip_archive.h"

namespace leukolens::files {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxList = 512 << 20;  // bytes of a CSV: what it lists is kept in memory

// False too where no file can have this name, which exists() alone would throw for.
bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
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
  static constexpr std::array kExtensions{".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"};
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

  void add(const fs::path& path, std::uint64_t bytes) {
    if (is_clutter(path)) return;
    const std::string source = path.generic_string();
    if (!is_image(path)) return skipped.push_back({source, "not an image by its name"});
    if (bytes == 0) return skipped.push_back({source, "empty file"});
    Item item;
    item.source = source;
    if (labels == Dataset::Labels::ignored) return items.push_back(std::move(item));
    item.label = lower(path.parent_path().filename().string());
    for (const fs::path& folder : path.parent_path()) {
      if (const Part part = part_named(folder.string()); part != Part::unassigned) item.part = part;
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

/// The fields of one CSV line (RFC 4180, without line breaks inside quotes), without the spaces around them.
std::vector<std::string> split_csv(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == separator && !quoted) {
      fields.emplace_back();
    } else if (line[i] != '\r') {
      fields.back() += line[i];
    }
  }
  for (std::string& field : fields) {
    field.erase(field.find_last_not_of(' ') + 1);
    field.erase(0, std::min(field.find_first_not_of(' '), field.size()));
  }
  return fields;
}

/// What parts the columns of a header: a comma, or what programs of other countries write.
char separator_of(std::string_view header) {
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

  std::optional<Rect> box() const {
    const auto x0 = to_int((*this)["xmin"]), y0 = to_int((*this)["ymin"]);
    const auto x1 = to_int((*this)["xmax"]), y1 = to_int((*this)["ymax"]);
    if (!x0 || !y0 || !x1 || !y1 || *x1 <= *x0 || *y1 <= *y0) return std::nullopt;
    return Rect{*x0, *y0, *x1 - *x0, *y1 - *y0};
  }

 private:
  const std::vector<std::string>& header_;
  std::vector<std::string> fields_;
};

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field.append(c == '"' ? 2 : 1, c);
  return field + '"';
}

std::string_view name(Part part) {
  static constexpr std::array<std::string_view, 5> kNames{"unassigned", "train", "validation", "test",
                                                          "test_simple"};
  return kNames[static_cast<std::size_t>(part)];
}

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
    std::ifstream stream(path);
    std::string line;
    if (!std::getline(stream, line)) {
      return fail(ErrorCode::unreadable_file,
                  std::format("Cannot read {}: no such file, or empty.", path.string()));
    }
    if (line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);  // a byte-order mark
    const char separator = separator_of(line);
    std::vector<std::string> header = split_csv(line, separator);
    for (std::string& column : header) column = lower(column);
    std::ranges::replace(header, std::string("kind"), std::string("label"));  // as in lists of boxes
    const bool labelled = listing.labels == Labels::required;
    if (!std::ranges::contains(header, "image") || (labelled && !std::ranges::contains(header, "label"))) {
      return fail(ErrorCode::unsupported_format,
                  std::format("{} needs a header line with at least the column{}.", path.string(),
                              labelled ? "s image and label" : " image"));
    }
    for (int number = 2; std::getline(stream, line); ++number) {
      if (line.find_first_not_of(" \r\t") == std::string::npos) continue;
      const Row row(header, split_csv(line, separator));
      if (row["image"].empty() || (labelled && row["label"].empty())) {
        listing.skipped.push_back(
            {std::format("line {}", number), labelled ? "image or label is missing" : "image is missing"});
        continue;
      }
      const std::optional<int> fold = row["fold"].empty() ? 0 : to_int(row["fold"]);
      if (!fold || *fold < 0) {
        listing.skipped.push_back({std::format("line {}", number), "fold is no number from 1"});
        continue;
      }
      // What is of one sample belongs together, whatever smaller groups there are.
      const std::string sample = row["sample"], group = sample.empty() ? row["group"] : sample;
      listing.items.push_back({row["image"], lower(row["label"]), group, part_named(row["split"]), row.box(),
                               0, lower(row["soft_label"]), *fold});
    }
    return {};
  }

  Result<std::vector<std::uint8_t>> read(const std::string& source) {
    static constexpr std::string_view kInside = ".zip/";
    if (zip) return zip->read(source);
    const std::size_t end = source.find(kInside);
    if (end == std::string::npos && source.contains('\\') && !is_there(root / source)) {
      std::string here = source;  // a list from Windows
      std::ranges::replace(here, '\\', '/');
      return read(here);
    }
    if (end == std::string::npos || is_there(root / source)) return read_file(root / source);
    const std::string archive = source.substr(0, end + kInside.size() - 1);
    return other(archive).read(source.substr(end + kInside.size()));
  }

  ZipArchive& other(const std::string& archive) {
    const std::lock_guard lock(mutex);
    return others.try_emplace(archive, root / archive).first->second;
  }
};

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
    listed = source->list_folder(listing);
  } else if (!fs::exists(path, error)) {
    return fail(ErrorCode::unreadable_file,
                std::format("There is no folder, zip or CSV at {}.", path.string()));
  } else if (extension == ".zip") {
    source->root = path;
    listed = source->list_zip(listing);
  } else if (extension == ".csv") {
    source->root = path.parent_path();
    listed = source->list_csv(path, listing);
  } else {
    return fail(ErrorCode::unsupported_format,
                std::format("{} is neither a folder nor a .zip nor a .csv.", path.string()));
  }
  if (!listed) return std::unexpected(listed.error());
  if (extension != ".csv" && labels == Labels::required) listing.keep_assigned_parts();
  std::ranges::stable_sort(listing.items, {}, &Item::source);
  std::ranges::sort(listing.skipped, {}, &Skipped::source);
  if (listing.items.empty()) {
    return fail(
        ErrorCode::empty_input,
        labels == Labels::ignored
            ? std::format("{} holds no picture.", path.string())
            : std::format("{} holds no labelled image: put images into folders named after their class.",
                          path.string()));
  }
  Dataset data;
  data.sources_.push_back(std::move(source));
  data.prefixes_.emplace_back();
  data.items_ = std::move(listing.items);
  data.skipped_ = std::move(listing.skipped);
  return data;
}

Result<Dataset> Dataset::open(const std::vector<fs::path>& paths) {
  Dataset all;
  for (const fs::path& path : paths) {
    Result<Dataset> one = open(path);
    if (!one || paths.size() == 1) return one;
    // A list is named after its folder: several may well be called labels.csv.
    const fs::path named =
        lower(path.extension().string()) == ".csv" ? fs::absolute(path).parent_path() : path;
    const std::string prefix = (named.has_filename() ? named : named.parent_path()).filename().string() + ":";
    for (Item& item : one->items_) {
      item.source = prefix + item.source;
      item.origin = static_cast<int>(all.sources_.size());
      if (!item.group.empty()) item.group = prefix + item.group;
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
  return fs::absolute(sources_[origin]->root / item.source.substr(prefixes_[origin].size()));
}

Result<std::vector<std::uint8_t>> Dataset::read(const Item& item) const {
  const auto origin = static_cast<std::size_t>(item.origin);
  return sources_[origin]->read(item.source.substr(prefixes_[origin].size()));
}

}  // namespace leukolens::files
