// Labelled images on disk: a folder of folders, a zip of the same, or a CSV. Shared by both command lines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "files/read_file.h"
#include "leukolens/error.h"
#include "leukolens/image.h"

namespace leukolens::files {

/// Which part of a study an image belongs to, where the data says so: folders named TRAIN, VALIDATION, TEST,
/// TEST_SIMPLE, or the column `split`.
enum class Part { unassigned, train, validation, test, test_simple };
std::string_view name(Part part);

/// `text` as a field of a CSV line, in quotes where it needs them (RFC 4180).
std::string csv_field(std::string_view text);

struct Item {
  std::string source;  // path inside the data set, for people and for reading
  std::string label;   // see label_id()
  std::string group;   // images of one cell or one slide share it; the sample where known; else empty
  Part part = Part::unassigned;
  std::optional<Rect> box;  // the cell, where annotated
  int origin = 0;           // which of several data sets it comes from
  std::string soft_label;   // another label that it may have as well; empty where there is none
  int fold = 0;             // of a cross-validation, from 1; 0 where the data says none
  std::string sample;       // whose blood it is; empty where the data does not say
};

/// A file that was left out, and why.
struct Skipped {
  std::string source, reason;
};

/// The list of a data set's images, in a fixed order (by source, then as listed), and access to their bytes.
class Dataset {
 public:
  enum class Labels { required, ignored };
  /// `path`: a folder, a .zip or a .csv. In folders and zips, at any depth, the folder that holds an image is
  /// its label; where folders TRAIN, VALIDATION or TEST exist, only images below them count. A list.csv
  /// beside them with other classes, as the page exports it, is read instead. The header of a CSV is
  /// image,label[,group][,sample][,split][,xmin,ymin,xmax,ymax][,soft_label]; label may be called kind, a
  /// sample is a group, paths start at the list and may lead into a zip (data.zip/folder/image.jpeg), and
  /// accented letters may be composed or not (see composed()). Where labels are ignored, every picture
  /// counts. Errors: unreadable_file, empty_input, unsupported_format.
  static Result<Dataset> open(const std::filesystem::path& path, Labels labels = Labels::required);
  /// Several data sets as one; where there is more than one, each source begins with NAME: of its own.
  static Result<Dataset> open(const std::vector<std::filesystem::path>& paths);
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;
  ~Dataset();

  const std::vector<Item>& items() const { return items_; }
  const std::vector<Skipped>& skipped() const { return skipped_; }

  /// The absolute path of an image; inside a zip, ZIP/NAME, as a CSV may name it.
  std::filesystem::path location(const Item& item) const;

  /// The encoded bytes of an image; may be called from several threads. Errors: unreadable_file.
  Result<std::vector<std::uint8_t>> read(const Item& item) const;

 private:
  struct Source;
  Dataset();
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::string> prefixes_;  // of the sources in each; empty where there is one
  std::vector<Item> items_;
  std::vector<Skipped> skipped_;
};

}  // namespace leukolens::files
