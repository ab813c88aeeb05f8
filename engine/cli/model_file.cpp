#include "model_file.h"

#include "files/dataset.h"
#include "leukolens/sha256.h"

namespace leukolens::cli {

namespace {

std::expected<std::vector<std::uint8_t>, std::string> read_locator_file(const std::filesystem::path& path) {
  auto bytes = files::read_file(path);
  if (!bytes) return std::unexpected(bytes.error().message);
  if (const auto locator = Locator::load(*bytes); !locator)
    return std::unexpected(path.string() + ": " + locator.error().message);
  return std::move(*bytes);
}

}  // namespace

Result<Classifier> ModelFile::classifier() const {
  std::shared_ptr<Locator> shared;
  if (!locator.empty()) {
    auto loaded = Locator::load(locator);
    if (!loaded) return std::unexpected(loaded.error());
    shared = std::make_shared<Locator>(std::move(*loaded));
  }
  return Classifier::load(bytes, std::move(shared)).transform([&](Classifier loaded) {
    loaded.use(profile);
    return loaded;
  });
}

std::expected<ModelFile, std::string> read_model_file(const ModelPaths& paths) {
  auto bytes = files::read_file(paths.model);
  if (!bytes) return std::unexpected(bytes.error().message);
  auto model = read_model(*bytes);
  if (!model) return std::unexpected(paths.model.string() + ": " + model.error().message);
  model->sha256 = sha256({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  ModelFile file{.bytes = std::move(*bytes), .model = std::move(*model)};
  if (file.model.input.region == Input::Region::cell && !paths.locator.empty()) {
    auto locator = read_locator_file(paths.locator);
    if (!locator) return std::unexpected(locator.error());
    file.locator = std::move(*locator);
  }
  if (paths.profile.empty()) return file;
  const auto text = files::read_file(paths.profile);
  if (!text) return std::unexpected(text.error().message);
  auto read = read_profile(*text, file.model);
  if (!read) return std::unexpected(paths.profile.string() + ": " + read.error().message);
  file.profile = std::move(*read);
  return file;
}

std::expected<Locator, std::string> read_locator(const std::filesystem::path& path) {
  return read_locator_file(path).transform([](const auto& bytes) { return *Locator::load(bytes); });
}

}  // namespace leukolens::cli
