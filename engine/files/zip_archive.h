// Zip archives by libzip: zip64, several methods of compression, names in other code pages, zips in zips.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "leukolens/error.h"

struct zip;

namespace leukolens::files {

struct ZipEntry {
  std::string name;  // composed() UTF-8; of a zip in the zip "inner.zip/" and the name there
  std::uint64_t bytes = 0;
  std::string refused;  // why it cannot be read; empty: it can
};

/// An archive that several threads may read at a time. A handle of libzip is for one thread at a time, so
/// each takes one, and there are as many as were ever needed at once.
class ZipArchive {
 public:
  explicit ZipArchive(std::filesystem::path path);
  ~ZipArchive();

  /// All files, also those of zips inside. Error: unreadable_file where it is no complete zip archive.
  Result<std::vector<ZipEntry>> entries();
  /// By the name that entries() gives, composed() or not. Error: unreadable_file.
  Result<std::vector<std::uint8_t>> read(const std::string& listed);

 private:
  struct Close {
    void operator()(::zip* archive) const;
  };
  using Handle = std::unique_ptr<::zip, Close>;
  using Bytes = std::vector<std::uint8_t>;

  ZipArchive(std::filesystem::path path, Bytes bytes);
  Handle take();
  void give_back(Handle handle);
  Result<void> list();
  Result<Bytes> read_entry(std::uint64_t index, const std::string& name);

  std::filesystem::path path_;  // shown where it was read from bytes
  Bytes bytes_;                 // of a zip inside another
  std::mutex mutex_;            // of what follows
  std::vector<Handle> idle_;
  bool listed_ = false;
  std::vector<ZipEntry> entries_;
  std::map<std::string, std::uint64_t> places_;                // in the archive
  std::map<std::string, std::unique_ptr<ZipArchive>> inside_;  // by their names with a slash behind
};

}  // namespace leukolens::files
