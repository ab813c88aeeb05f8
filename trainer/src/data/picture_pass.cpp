#include "data/picture_pass.h"

#include <numeric>

namespace leukolens::train {
namespace {

/// The rows of each file: a data set lists them one after the other.
std::vector<std::span<const std::uint32_t>> by_file(const files::Dataset& data,
                                                    std::span<const std::uint32_t> items) {
  const auto source = [&](std::size_t i) -> const std::string& { return data.items()[items[i]].source; };
  std::vector<std::span<const std::uint32_t>> files;
  for (std::size_t first = 0, end; first < items.size(); first = end) {
    for (end = first + 1; end < items.size() && source(end) == source(first);) ++end;
    files.push_back(items.subspan(first, end - first));
  }
  return files;
}

}  // namespace

Items all_items(const files::Dataset& data) {
  Items all(data.items().size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

void for_each_picture(const files::Dataset& data, std::span<const std::uint32_t> items, int threads,
                      const OnProgress& on_progress, const std::function<void(const OpenedFile&)>& visit) {
  const std::vector<std::span<const std::uint32_t>> files = by_file(data, items);
  for_each_in_parallel(files.size(), threads, on_progress, [&](std::size_t i) {
    const Result<std::vector<std::uint8_t>> bytes = data.read(data.items()[files[i].front()]);
    const Result<Picture> picture = bytes ? open(*bytes) : std::unexpected(bytes.error());
    visit(
        {files[i], bytes ? std::span<const std::uint8_t>(*bytes) : std::span<const std::uint8_t>(), picture});
  });
}

}  // namespace leukolens::train
