// One pass over the pictures of a data set: each file is read and decoded once, however many rows name it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "files/dataset.h"
#include "leukolens/picture.h"
#include "support/parallel.h"

namespace leukolens::train {

/// Indices of Dataset::items(), ascending.
using Items = std::vector<std::uint32_t>;

Items all_items(const files::Dataset& data);

/// A file while it is open.
struct OpenedFile {
  std::span<const std::uint32_t> items;  // the rows that name it
  std::span<const std::uint8_t> bytes;   // none where it cannot be read
  const Result<Picture>& picture;
};

/// Opens the files of `items`, each once and one a thread at a time, so that memory stays bounded. `visit` is
/// called in any order, by several threads, and must not throw.
void for_each_picture(const files::Dataset& data, std::span<const std::uint32_t> items, int threads,
                      const OnProgress& on_progress, const std::function<void(const OpenedFile&)>& visit);

}  // namespace leukolens::train
