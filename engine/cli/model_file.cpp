#include "model_file.h"

#include "files/dataset.h"

namespace leukolens::cli {

std::expected<ModelFile, std::string> read_model_file(const std::filesystem::path& path) {
  auto bytes = files::read_file(path);
  if (!bytes) return std::unexpected(bytes.error().message);
  auto model = read_model(*bytes);
  if (!model) return std::unexpected(path.string() + ": " + model.error().message);
  return ModelFile{std::move(*bytes), std::move(*model)};
}

}  // namespace leukolens::cli
