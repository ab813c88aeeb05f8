// Learning a microscope: what is learnt, what is not, and what is refused.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "leukolens/classifier.h"
#include "leukolens/sha256.h"
#include "networks.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

constexpr std::size_t kLabels = 4, kFeatures = 12;

Model tiny_model() {
  Model model = make_model({Conv2d{kFeatures, 3, 2, 1, 1, Activation::relu}, GlobalAvgPool{}, Dense{kLabels}},
                           16, 16, kLabels);
  model.sha256 = sha256("the file of the tiny model");
  return model;
}

// Cells of a strange microscope: each label has its own feature, but the model, which leans on another, takes
// label 1 for label 0.
class Microscope {
 public:
  explicit Microscope(std::uint32_t seed) : noise_(seed) {}

  Example cell(int label) {
    Example example{std::vector<float>(kFeatures + kLabels), label};
    for (std::size_t i = 0; i < kFeatures; ++i) example.embedding[i] = 0.3f * noise_();
    example.embedding[static_cast<std::size_t>(label)] += 1;
    for (std::size_t c = 0; c < kLabels; ++c) example.embedding[kFeatures + c] = 0.5f * noise_();
    example.embedding[kFeatures + (label == 1 ? 0u : static_cast<std::size_t>(label))] += 2;
    return example;
  }

  std::vector<Example> cells(std::vector<int> counts) {
    std::vector<Example> result;
    for (int label = 0; label < std::ssize(counts); ++label)
      for (int i = 0; i < counts[static_cast<std::size_t>(label)]; ++i) result.push_back(cell(label));
    return result;
  }

 private:
  Noise noise_;
};

int answer(const Profile& profile, const Example& example) {
  std::vector<float> probabilities(kLabels);
  apply(profile, example.embedding, probabilities);
  return static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin());
}

double recall(const Profile& profile, const std::vector<Example>& cells, int label) {
  double right = 0, all = 0;
  for (const Example& cell : cells) {
    if (cell.label != label) continue;
    ++all;
    right += answer(profile, cell) == label ? 1 : 0;
  }
  REQUIRE(all > 0);
  return right / all;
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// As it was written before there were checksums: what is changed is up to the reader's other checks.
std::string without_checksum(std::string text) {
  const auto at = text.find(",\"sha256\":");
  REQUIRE(at != std::string::npos);
  return text.erase(at, 10 + 66);
}

}  // namespace

TEST_CASE("a profile learns what a model confuses, and says how much better it is on cells left out") {
  const auto profile = adapt(tiny_model(), Microscope(1).cells({8, 8, 8, 8}));
  REQUIRE(profile);
  const auto others = Microscope(2).cells({50, 50, 50, 50});
  for (int label = 0; label < 4; ++label) CHECK(recall(*profile, others, label) > 0.9);
  CHECK(profile->before.accuracy < 0.8f);
  CHECK(profile->after.accuracy > 0.9f);
  CHECK(profile->after.log_loss < profile->before.log_loss);
  CHECK(profile->examples == std::vector{8, 8, 8, 8});
}

TEST_CASE("the same examples in another order give the same profile, bit for bit") {
  const Model model = tiny_model();
  auto examples = Microscope(3).cells({6, 5, 7, 4});
  const auto first = adapt(model, examples);
  std::ranges::reverse(examples);
  const auto second = adapt(model, examples);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(write_profile(*first, model) == write_profile(*second, model));
}

TEST_CASE("one example alone teaches nothing of its label") {
  auto examples = Microscope(4).cells({8, 8, 8, 0});
  const auto without = adapt(tiny_model(), examples);
  examples.push_back(Microscope(5).cell(3));
  const auto with = adapt(tiny_model(), examples);
  REQUIRE(without);
  REQUIRE(with);
  CHECK(with->weights == without->weights);
  CHECK(with->biases == without->biases);
  CHECK(with->examples == std::vector{8, 8, 8, 1});
}

TEST_CASE("with a stain too, a profile says how good the model was on the cells that it is judged by") {
  const StainScale stain{.factors = {1, 0.5f, 1}, .cells = 24};
  auto examples = Microscope(4).cells({8, 8, 8, 0});
  const auto without = adapt(tiny_model(), stain, examples, examples);
  examples.push_back(Microscope(5).cell(3));
  examples.back().embedding.back() -= 10;  // of another label than the model says
  const auto with = adapt(tiny_model(), stain, examples, examples);
  REQUIRE((without && with));
  CHECK(without->before.accuracy == adapt(tiny_model(), examples)->before.accuracy);
  CHECK(with->before.accuracy == without->before.accuracy);
  CHECK(with->before.log_loss == without->before.log_loss);
}

TEST_CASE("a label without examples keeps its place") {
  const auto profile = adapt(tiny_model(), Microscope(6).cells({10, 10, 10, 0}));
  REQUIRE(profile);
  CHECK(recall(*profile, Microscope(7).cells({0, 0, 0, 100}), 3) > 0.75);
}

TEST_CASE("what was named rightly already is refused, with what was measured") {
  std::vector<Example> examples;
  for (Example& cell : Microscope(8).cells({10, 0, 10, 10})) {
    cell.embedding[kFeatures + static_cast<std::size_t>(cell.label)] += 20;  // the model is sure, and right
    examples.push_back(std::move(cell));
  }
  const auto profile = adapt(tiny_model(), examples);
  REQUIRE_FALSE(profile);
  CHECK(profile.error().code == ErrorCode::invalid_argument);
  CHECK(profile.error().message.contains("100 %"));
}

TEST_CASE("labels that have nothing to do with the cells are refused") {
  Noise noise(9);
  auto examples = Microscope(9).cells({10, 0, 10, 10});
  for (std::size_t i = 0; i < examples.size(); ++i) examples[i].label = static_cast<int>(i * 7 % kLabels);
  CHECK_FALSE(adapt(tiny_model(), examples));
}

TEST_CASE("examples that do not fit the model are refused") {
  const Model model = tiny_model();
  const auto code = [&](auto change) {
    auto examples = Microscope(10).cells({8, 8, 8, 8});
    change(examples);
    const auto profile = adapt(model, examples);
    REQUIRE_FALSE(profile);
    return profile.error().code;
  };
  CHECK(code([](auto& all) { all[3].label = kLabels; }) == ErrorCode::invalid_argument);
  CHECK(code([](auto& all) { all[3].label = -1; }) == ErrorCode::invalid_argument);
  CHECK(code([](auto& all) { all[3].embedding.pop_back(); }) == ErrorCode::invalid_argument);
  CHECK(code([](auto& all) { all[3].embedding[2] = std::numeric_limits<float>::quiet_NaN(); }) ==
        ErrorCode::invalid_argument);
  CHECK(code([](auto& all) { all.resize(3); }) == ErrorCode::invalid_argument);
  CHECK(code([](auto& all) { all.clear(); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a profile is read back as it was written, and answers alike") {
  const Model model = tiny_model();
  auto profile = adapt(model, Microscope(11).cells({8, 8, 8, 8}));
  REQUIRE(profile);
  profile->name = "Olympus, \"room 2\"";
  const std::string text = write_profile(*profile, model);
  const auto back = read_profile(bytes_of(text), model);
  REQUIRE(back);
  CHECK(back->name == profile->name);
  CHECK(back->weights == profile->weights);
  CHECK(back->biases == profile->biases);
  CHECK(back->temperature == profile->temperature);
  CHECK(back->examples == profile->examples);
  CHECK(write_profile(*back, model) == text);
}

TEST_CASE("a profile of another model or format is refused as unsupported") {
  Model model = tiny_model();
  const std::string text = write_profile(*adapt(model, Microscope(12).cells({8, 8, 8, 8})), model);
  CHECK(read_profile(bytes_of(replaced(text, "\"leukolens_microscope\":2", "\"leukolens_microscope\":3")),
                     model)
            .error()
            .code == ErrorCode::unsupported_profile);
  model.sha256 = sha256("another");
  CHECK(read_profile(bytes_of(text), model).error().code == ErrorCode::unsupported_profile);
}

TEST_CASE("a profile that is cut or changed is refused or harmless") {
  const Model model = tiny_model();
  const std::string text =
      without_checksum(write_profile(*adapt(model, Microscope(13).cells({8, 8, 8, 8})), model));
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto profile = read_profile(bytes_of(text.substr(0, length)), model);
    REQUIRE_FALSE(profile);
    CHECK(profile.error().code == ErrorCode::corrupt_profile);
  }
  const auto code = [&](const std::string& from, const std::string& to) {
    const auto profile = read_profile(bytes_of(replaced(text, from, to)), model);
    REQUIRE_FALSE(profile);
    return profile.error().code;
  };
  CHECK(code("\"temperature\":", "\"temperature\":1e9,\"x\":") == ErrorCode::corrupt_profile);
  CHECK(code("\"examples\":[8,", "\"examples\":[-8,") == ErrorCode::corrupt_profile);
  CHECK(code("\"examples\":[8,", "\"examples\":[") == ErrorCode::corrupt_profile);
  CHECK(code("\"label\":\"label1\"", "\"label\":\"label2\"") == ErrorCode::corrupt_profile);
  CHECK(code("\"weights\":[", "\"weights\":[0,") == ErrorCode::corrupt_profile);
  CHECK(code("\"name\":", "\"extra\":1,\"name\":") == ErrorCode::corrupt_profile);
  // Whatever one byte becomes, what is read is finite.
  for (std::size_t at = 0; at < text.size(); at += 7) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    const auto profile = read_profile(bytes_of(changed), model);
    if (!profile) continue;
    for (const float weight : profile->weights) REQUIRE(std::isfinite(weight));
  }
}

TEST_CASE("a classifier in use of a profile answers by it, and without it as before") {
  const auto file = write_model(tiny_model());
  REQUIRE(file);
  auto classifier = Classifier::load(*file);
  REQUIRE(classifier);
  Image image{16, 16, std::vector<std::uint8_t>(std::size_t(3) * 16 * 16)};
  Noise noise(14);
  for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(128 + 100 * noise());
  const Picture picture(image);
  const auto before = classifier->classify(picture);
  REQUIRE(before);
  const auto embedding = classifier->embed(picture, nullptr);
  REQUIRE(embedding);
  REQUIRE(embedding->size() == embedding_size(classifier->model()));
  const Located cell{.box = {2, 2, 8, 8}};
  CHECK(classifier->embed(picture, &cell).error().code == ErrorCode::invalid_argument);  // it sees no cells

  Profile profile = *adapt(classifier->model(), Microscope(15).cells({8, 8, 8, 8}));
  profile.biases[2] += 100;
  classifier->use(profile);
  const auto with = classifier->classify(picture);
  REQUIRE(with);
  CHECK(std::ranges::max_element(with->probabilities) - with->probabilities.begin() == 2);
  std::vector<float> expected(kLabels);
  apply(profile, *embedding, expected);
  CHECK(with->probabilities == expected);
  CHECK(*classifier->embed(picture, nullptr) == *embedding);

  classifier->use({});
  CHECK(classifier->classify(picture)->probabilities == before->probabilities);
}
