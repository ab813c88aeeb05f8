// Damaged files: of a model or a profile that carries a checksum, no bit can change without being noticed.
// LEUKOLENS_SOAK makes the tests of shipped models long.
#include <algorithm>
#include <catch2/catch_all.hpp>

#include "leukolens/profile.h"
#include "leukolens/sha256.h"
#include "model_file.h"
#include "networks.h"
#include "shipped.h"
#include "soak.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Flips one bit after another, from `begin` to `end`, `step` bits apart; the number of files that were read
// nevertheless.
std::size_t count_accepted(File file, std::size_t begin, std::size_t end, std::size_t step) {
  std::size_t accepted = 0, flips = 0;
  for (std::size_t bit = begin; bit < end; bit += step, ++flips) {
    const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
    file[bit / 8] ^= mask;
    accepted += read_model(file).has_value();
    file[bit / 8] ^= mask;
  }
  INFO(flips << " flips");
  CHECK(flips > 0);
  return accepted;
}

Profile make_profile(const Model& model) {
  Profile profile{.name = "room 2", .model_sha256 = model.sha256, .examples = {4, 5, 6}};
  Noise noise(7);
  for (int i = 0; i < 3 * 4; ++i) profile.weights.push_back(std::round(noise() * 1e4f) / 1e4f);
  profile.biases = {0.5f, -0.25f, 0};
  profile.temperature = 1.25f;
  profile.stain = {.factors = {1.1f, 0.9f, 1}, .cells = 12};
  profile.before = {.accuracy = 0.5f, .log_loss = 1, .calibration_error = 0.1f};
  profile.after = {.accuracy = 0.75f, .log_loss = 0.5f, .calibration_error = 0.05f};
  return profile;
}

Model model_of_profile() {
  Model model = make_model({Conv2d{4, 3, 2, 1, 1, Activation::relu}, GlobalAvgPool{}, Dense{3}}, 16, 16, 3);
  model.sha256 = sha256("a file");
  return model;
}

}  // namespace

TEST_CASE("SHA-256 is the published one, whatever the length") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  std::string lengths;  // around the ends of blocks
  for (std::size_t length : {55, 56, 63, 64, 65, 119, 120, 127, 128})
    lengths += sha256(std::string(length, 'x'));
  CHECK(sha256(lengths) == "507a90cbb51242848764e161be89078c97015ba6e5315087c82db64690b722a5");
}

TEST_CASE("a flipped bit anywhere in a model file is refused") {
  const File file = *write_model(make_varied_model());
  REQUIRE(read_model(file).has_value());
  const std::size_t end = 8 * header_end(file);
  CHECK(count_accepted(file, 0, end, soak() > 1 ? 1 : 11) == 0);
  CHECK(count_accepted(file, end, 8 * file.size(), 61) == 0);
}

TEST_CASE("every shipped model carries a checksum, and a flipped bit anywhere in it is refused", "[soak]") {
  const std::string name = GENERATE("article", "flagship", "locator");
  CAPTURE(name);
  const File file = shipped_file(name);
  REQUIRE(read_model(file).has_value());
  const std::size_t end = 8 * header_end(file), bits = 8 * file.size();
  CHECK(count_accepted(file, 0, end, soak() > 1 ? 1 : 401) == 0);
  CHECK(count_accepted(file, end, bits, (bits - end) / (200 * static_cast<std::size_t>(soak()))) == 0);
}

TEST_CASE("damage is named as such, and what a checksum does not fit is damage") {
  const File file = *write_model(make_varied_model());
  File damaged = file;
  damaged.back() ^= 1;
  const auto model = read_model(damaged);
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().code == ErrorCode::corrupt_model);
  CHECK(model.error().message.contains("checksum"));
  const std::string header = header_of(file), digits = header.substr(header.find(R"("sha256":")") + 10, 64);
  for (const std::string& other :
       {std::string(), digits.substr(1), digits + "0", std::string(64, '0'), "\\u0030" + digits.substr(6)}) {
    std::string changed = header;
    const auto read =
        read_model(container(changed.replace(changed.find(digits), 64, other), tensors_of(file)));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::corrupt_model);
  }
}

TEST_CASE("a model file without a checksum is read as before, with whatever else others wrote beside it") {
  const File file = without_checksum(*write_model(make_varied_model()));
  REQUIRE(header_of(file).starts_with(R"({"__metadata__":{"leukolens":)"));
  CHECK(read_model(file).has_value());
  std::string header = header_of(file);
  header.insert(header.find(R"("leukolens")"), R"("format":"pt",)");
  CHECK(read_model(container(header, tensors_of(file))).has_value());
}

// A zero that ends a number may become a space.
TEST_CASE("a flipped bit in a profile is refused, or changes nothing but its name") {
  const Model model = model_of_profile();
  const std::string text = write_profile(make_profile(model), model);
  REQUIRE(read_profile(bytes_of(text), model).has_value());
  std::size_t renamed = 0;
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    auto profile = read_profile(bytes_of(damaged), model);
    if (!profile) continue;
    renamed += profile->name != "room 2";
    profile->name = "room 2";
    INFO(damaged);
    REQUIRE(write_profile(*profile, model) == text);
  }
  CHECK(renamed > 0);
  CHECK(renamed <= 6 * 8);
}

TEST_CASE("a profile may be renamed, written in another order and with shorter numbers, and still is whole") {
  const Model model = model_of_profile();
  std::string text = write_profile(make_profile(model), model);
  const auto replace = [&](std::string_view from, std::string_view to) {
    REQUIRE(text.contains(from));
    text.replace(text.find(from), from.size(), to);
  };
  replace("room 2", "the other room");
  replace(R"("temperature":1.2500,)", "");
  replace(R"({"leuko)", R"({"temperature": 125e-2, "leuko)");
  const auto profile = read_profile(bytes_of(text), model);
  REQUIRE(profile.has_value());
  CHECK(profile->name == "the other room");
  CHECK(profile->temperature == 1.25f);
}

TEST_CASE("a profile without a checksum is read as before") {
  const Model model = model_of_profile();
  std::string text = write_profile(make_profile(model), model);
  text.replace(text.find(R"(,"sha256":)"), 10 + 66, "");
  CHECK(read_profile(bytes_of(text), model).has_value());
}
