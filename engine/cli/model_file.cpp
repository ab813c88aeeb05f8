#include "model_file.h"

#include "files/dataset.h"
#include "leukolens/sha256.h"

namespace leukolens::cli {

Result<Classifier> ModelFile::classifier() const {
  return Classifier::load(bytes).transform([&](Classifier loaded) {
    loaded.use(profile);
    return loaded;
  });
}

std::expected<ModelFile, std::string> read_model_file(const std::filesystem::path& path,
                                                      const std::filesystem::path& profile) {
  auto bytes = files::read_file(path);
  if (!bytes) return std::unexpected(bytes.error().message);
  auto model = read_model(*bytes);
  if (!model) return std::unexpected(path.string() + ": " + model.error().message);
  model->sha256 = sha256({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  ModelFile file{std::move(*bytes), std::move(*model), {}};
  if (profile.empty()) return file;
  const auto text = files::read_file(profile);
  if (!text) return std::unexpected(text.error().message);
  auto read = read_profile(*text, file.model);
  if (!read) return std::unexpected(profile.string() + ": " + read.error().message);
  file.profile = std::move(*read);
  return file;
}

}  // namespace leukolens::cli
