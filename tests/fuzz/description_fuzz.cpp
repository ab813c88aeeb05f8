// The JSON that describes a model, edited anywhere: refused, or a network that runs, and that is written and
// read back as it is.
#include "../engine/model_file.h"
#include "../engine/networks.h"
#include "fuzz.h"
#include "model/json_reader.h"
#include "model/json_text.h"

using namespace leukolens;
using namespace leukolens::test;
using leukolens::fuzz::require;

namespace {

struct Seed {
  std::string description, tensors_of_header;
  File tensors;
};

Seed seed_of(const Model& model) {
  const File file = without_checksum(*write_model(model));
  const std::string header = header_of(file);
  const auto json = Json::parse(header);
  const Json& metadata = *json->find("__metadata__");
  return {metadata.find("leukolens")->string, header.substr(header.find(metadata.raw) + metadata.raw.size()),
          tensors_of(file)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Seed seeds[] = {seed_of(make_varied_model()), seed_of(make_locator_model())};
  fuzz::Input input(data, size);
  const Seed& seed = seeds[fuzz::take(input) % 2];
  const std::string description = fuzz::edited(seed.description, input);
  const auto model = read_model(container(
      R"({"__metadata__":{"leukolens":)" + quoted(description) + "}" + seed.tensors_of_header, seed.tensors));
  if (!model) return fuzz::require_sound(model.error()), 0;
  if (model->document == seed.description) return 0;
  const auto file = write_model(*model);
  require(file.has_value());
  require(read_model(*file)->layers.size() == model->layers.size());
  if (total_cost(*model).macs > 1'000'000) return 0;  // honest, but too slow for a fuzzer
  if (auto network = Network::create(*model)) {
    std::ranges::fill(network->input(), 0.5f);
    (void)network->run();
  }
  return 0;
}
