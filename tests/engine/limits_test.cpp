// Every limit of SECURITY.md's table, at it and one over: what is at a limit is read, or refused for another
// reason where reading it would take long; what is over it is refused before any work. Those of files, lists
// and archives are in dataset_test.cpp.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "hostile.h"
#include "image/codec.h"
#include "leukolens/profile.h"
#include "leukolens/sha256.h"
#include "model/json_reader.h"
#include "model_file.h"
#include "networks.h"
#include "tiff.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

std::string outcome(const auto& result) { return result ? "ok" : std::string(name(result.error().code)); }

std::string png_of(int width, int height) {
  return outcome(decode_png(png::file({width, height, 8, 0}, {0})));
}

std::string tiff_of(std::map<int, std::vector<std::uint64_t>> instead) {
  const tiff::Samples small{8, 8, 1, 8, std::vector<std::uint16_t>(64, 7)};
  return outcome(decode_tiff(
      tiff::write(small, {.photometric = tiff::kBlackIsZero, .rows = 8, .instead = std::move(instead)})));
}

// A grey progressive JPEG of `scans` scans, the last of which is of a component that it lacks if `broken`.
std::string jpeg_of(int width, int height, int scans, bool broken, const Limits& limits = kWholeLimits) {
  File file = jpeg::kStart;
  file += jpeg::tables();
  file += jpeg::frame(0xc2, width, height, 1);
  for (int i = 1; i < scans; ++i) file += jpeg::scan(1, 1, 1, i == 1 ? 0 : 1, i == 1 ? 0 : 63);
  file += jpeg::scan(broken ? 2 : 1, 1, 1, 1, 63);
  file += jpeg::kEnd;
  return outcome(scan_jpeg(file, limits));
}

std::string model_of(std::vector<Operation> operations, int width, int height, int labels = 2) {
  return outcome(infer_shapes(make_model(std::move(operations), width, height, labels)));
}

// Of the varied model with spaces behind its header, up to `length` bytes.
File with_header_of(std::size_t length) {
  const File file = without_checksum(*write_model(make_varied_model()));
  std::string header = header_of(file);
  header.resize(length, ' ');
  return container(header, tensors_of(file));
}

std::string error_of(const File& file) {
  const auto model = read_model(file);
  return model ? "" : model.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string list_of(std::size_t count) {
  std::string text = "[0";
  for (std::size_t i = 1; i < count; ++i) text += ",0";
  return text + "]";
}

}  // namespace

TEST_CASE("limit: sides and pixels of an image") {
  CHECK(outcome(decode_png(png::file({8192, 1, 8, 0}, File(8193)))) == "ok");
  CHECK(png_of(8193, 1) == "image_too_large");
  CHECK(png_of(8000, 5000) == "corrupt_image");
  CHECK(png_of(8000, 5001) == "image_too_large");
}

TEST_CASE("limit: sides and pixels of an image that is reduced while it is decoded") {
  const auto sized = [](std::uint64_t width, std::uint64_t height) {
    return tiff_of({{tiff::kWidth, {width}}, {tiff::kHeight, {height}}});
  };
  CHECK(sized(65'535, 8) == "corrupt_image");
  CHECK(sized(65'536, 8) == "image_too_large");
  CHECK(sized(20'000, 10'000) == "corrupt_image");
  CHECK(sized(20'000, 10'001) == "image_too_large");
  const auto png = [](int width, int height) {
    return outcome(decode_reduced_png(png::file({width, height, 8, 0}, {0}), 3));
  };
  CHECK(png(65'535, 8) == "corrupt_image");
  CHECK(png(65'536, 8) == "image_too_large");
  CHECK(png(20'000, 10'000) == "corrupt_image");
  CHECK(png(20'000, 10'001) == "image_too_large");
  const auto jpeg = [](int width, int height) {
    File file = jpeg::kStart;
    file += jpeg::frame(0xc0, width, height, 1);
    return outcome(scan_jpeg(file, kReducedLimits));
  };
  CHECK(jpeg(20'000, 10'000) == "corrupt_image");
  CHECK(jpeg(20'000, 10'001) == "image_too_large");
}

TEST_CASE("limit: scans of a JPEG, and pixels times scans") {
  CHECK(jpeg_of(8, 8, 100, false) == "ok");
  CHECK(jpeg_of(8, 8, 101, false) == "unsupported_format");
  CHECK(jpeg_of(8000, 5000, 20, true) == "corrupt_image");
  CHECK(jpeg_of(8000, 5000, 21, true) == "unsupported_format");
  CHECK(jpeg_of(20'000, 10'000, 12, true, kReducedLimits) == "corrupt_image");
  CHECK(jpeg_of(20'000, 10'000, 13, true, kReducedLimits) == "unsupported_format");
}

TEST_CASE("limit: samples and blocks of a TIFF") {
  const auto samples = [](std::uint64_t count) {
    return tiff_of({{tiff::kSamples, {count}}, {tiff::kDepth, std::vector<std::uint64_t>(count, 8)}});
  };
  CHECK(samples(16) == "corrupt_image");
  CHECK(samples(17) == "unsupported_format");
  const auto block = [](std::uint64_t height) {  // rows of 128 kB
    return tiff_of({{tiff::kWidth, {4096}},
                    {tiff::kHeight, {height}},
                    {tiff::kRowsPerStrip, {height}},
                    {tiff::kCompression, {tiff::kDeflate}},
                    {tiff::kSamples, {16}},
                    {tiff::kDepth, std::vector<std::uint64_t>(16, 16)}});
  };
  CHECK(block(2048) == "corrupt_image");
  CHECK(block(2049) == "image_too_large");
}

TEST_CASE("limit: bytes of a model file and of its header") {
  CHECK(outcome(read_model(File(kMaxModelFile))) == "corrupt_model");
  CHECK(outcome(read_model(File(kMaxModelFile + 1))) == "unsupported_model");
  CHECK(outcome(read_model(with_header_of(1 << 20))) == "ok");
  CHECK(outcome(read_model(with_header_of((1 << 20) + 1))) == "corrupt_model");
}

TEST_CASE("limit: tensors of a model file, and their rank") {
  const File file = without_checksum(*write_model(make_varied_model()));
  const std::size_t own = Json::parse(header_of(file))->items.size();
  const auto with_tensors = [&](std::size_t count, std::string_view shape) {
    std::string header = header_of(file);
    File tensors = tensors_of(file);
    while (header.back() == ' ') header.pop_back();
    header.pop_back();
    for (std::size_t i = own; i < count; ++i) {
      const std::string begin = std::to_string(tensors.size()), end = std::to_string(tensors.size() + 1);
      header += ",\"more" + std::to_string(i) + R"(":{"dtype":"I8","shape":)" + std::string(shape) +
                ",\"data_offsets\":[" + begin + "," + end + "]}";
      tensors.push_back(0);
    }
    return error_of(container(header + "}", tensors));
  };
  CHECK(with_tensors(512, "[1]") == "The file has a tensor that no layer uses.");
  CHECK(with_tensors(513, "[1]") == "The file has too many tensors.");
  CHECK(with_tensors(own + 1, "[1,1,1,1]") == "The file has a tensor that no layer uses.");
  CHECK(with_tensors(own + 1, "[1,1,1,1,1]").contains("rank 4 or less"));
}

TEST_CASE("limit: layers, labels and distances of a model") {
  const auto layers = [](std::size_t count) {
    std::vector<Operation> operations(count, Dense{2});
    operations.front() = GlobalAvgPool{};
    return write_model(make_model(std::move(operations), 8, 8, 2)).has_value();
  };
  CHECK(layers(128));
  CHECK_FALSE(layers(129));
  const auto labels = [](int count) {
    return write_model(make_model({GlobalAvgPool{}, Dense{count}}, 8, 8, count)).has_value();
  };
  CHECK(labels(256));
  CHECK_FALSE(labels(257));
  const auto distances = [](int count) {
    Model model = make_model({GlobalAvgPool{}, Dense{2}}, 8, 8, 2);
    model.rejection.whitening.assign(4, 1);
    model.rejection.centres.assign(2, 1);
    for (int i = 0; i < count; ++i) model.rejection.distances.push_back(static_cast<float>(i));
    return write_model(model).has_value();
  };
  CHECK(distances(1001));
  CHECK_FALSE(distances(1002));
}

TEST_CASE("limit: sides of an input, channels, windows and flat values of a network") {
  const auto input = [](int width, int height) {
    return write_model(make_model({GlobalAvgPool{}, Dense{2}}, width, height, 2)).has_value();
  };
  CHECK((input(8, 8) && input(512, 512)));
  CHECK_FALSE(input(513, 8));
  CHECK_FALSE(input(8, 7));
  CHECK(model_of({Conv2d{4096}, GlobalAvgPool{}, Dense{2}}, 8, 8) == "ok");
  CHECK(model_of({Conv2d{4097}, GlobalAvgPool{}, Dense{2}}, 8, 8) == "corrupt_model");
  CHECK(model_of({GlobalAvgPool{}, Dense{4096}, Dense{2}}, 8, 8) == "ok");
  CHECK(model_of({GlobalAvgPool{}, Dense{4097}, Dense{2}}, 8, 8) == "corrupt_model");
  CHECK(model_of({Conv2d{1, 15}, GlobalAvgPool{}, Dense{2}}, 16, 16) == "ok");
  CHECK(model_of({Conv2d{1, 16}, GlobalAvgPool{}, Dense{2}}, 16, 16) == "corrupt_model");
  CHECK(model_of({MaxPool2d{15, 15}, GlobalAvgPool{}, Dense{2}}, 16, 16) == "ok");
  CHECK(model_of({MaxPool2d{16, 15}, GlobalAvgPool{}, Dense{2}}, 16, 16) == "corrupt_model");
  CHECK(model_of({Flatten{}, Dense{2}}, 257, 85) == "ok");  // 65535
  CHECK(model_of({Flatten{}, Dense{2}}, 331, 66) == "corrupt_model");
}

TEST_CASE("limit: multiply-adds and memory of a network, counted together") {
  // 512 x 512 places, each of 3 multiply-adds and 64 for the room of each filter, and 128 for its window.
  const auto filters = [](int count) {
    return model_of({Conv2d{count}, GlobalAvgPool{}, Dense{2}}, 512, 512);
  };
  CHECK(filters(225) == "ok");
  CHECK(filters(226) == "unsupported_model");
  // Multiply-adds alone, a third of the limit in each of three layers.
  const Conv2d heavy{512, 3, 1, 1};
  CHECK(model_of({Conv2d{512, 3, 1, 1}, heavy, GlobalAvgPool{}, Dense{2}}, 26, 26) == "ok");
  CHECK(model_of({Conv2d{512, 3, 1, 1}, heavy, heavy, heavy, GlobalAvgPool{}, Dense{2}}, 26, 26) ==
        "unsupported_model");
  // Little to compute, but gigabytes: one channel that is enlarged, and XNNPACK's pointers into large
  // windows.
  CHECK(model_of({Conv2d{1}, Upsample2d{15}, Upsample2d{8}, GlobalAvgPool{}, Dense{2}}, 64, 64) == "ok");
  CHECK(model_of({Conv2d{1}, Upsample2d{15}, Upsample2d{9}, GlobalAvgPool{}, Dense{2}}, 64, 64) ==
        "unsupported_model");
  const auto windows = [](int depth) {
    std::vector<Operation> layers(static_cast<std::size_t>(depth), Conv2d{1, 15, 1, 7});
    layers.insert(layers.end(), {GlobalAvgPool{}, Dense{2}});
    return model_of(std::move(layers), 256, 256);
  };
  CHECK(windows(2) == "ok");
  CHECK(windows(3) == "unsupported_model");
}

TEST_CASE("limit: a locator is held to its work at the size of a picture that it is shown") {
  auto network = Network::create(make_locator_model());
  REQUIRE(network.has_value());
  CHECK(outcome(network->resize(2048, 2048)) == "ok");
  CHECK(outcome(network->resize(8192, 8192)) == "unsupported_model");
}

TEST_CASE("limit: depth and items of JSON") {
  CHECK(Json::parse(nested(17)));
  CHECK_FALSE(Json::parse(nested(18)));
  CHECK(Json::parse(list_of(4096)));
  CHECK_FALSE(Json::parse(list_of(4097)));
}

TEST_CASE("limit: bytes of a profile") {
  Model model = make_model({Conv2d{4, 3, 2}, GlobalAvgPool{}, Dense{2}}, 16, 16, 2);
  model.sha256 = sha256("a file");
  const Profile profile{.model_sha256 = model.sha256,
                        .examples = {static_cast<int>(kMaxExamples), 4},
                        .weights = std::vector<float>(8),
                        .biases = {1, 0}};
  std::string text = write_profile(profile, model);
  const auto read = [&](std::size_t size) {
    text.resize(size, ' ');
    return outcome(read_profile({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, model));
  };
  CHECK(read(kMaxProfileFile) == "ok");
  CHECK(read(kMaxProfileFile + 1) == "corrupt_profile");
}

namespace {

// Of examples that are all alike; empty where they are taken.
std::string error_of_fitting(std::size_t count) {
  const Model model = make_model({Conv2d{4, 3, 2}, GlobalAvgPool{}, Dense{2}}, 16, 16, 2);
  const auto learnt = adapt(model, std::vector<Example>(count, {std::vector<float>(6), 0}));
  return learnt ? "" : learnt.error().message;
}

}  // namespace

TEST_CASE("limit: examples that a profile is fitted to") {
  CHECK(error_of_fitting(kMaxExamples + 1) == "A profile is fitted to 100000 examples at most.");
}

TEST_CASE("limit: as many examples as a profile may be fitted to", "[.soak]") {
  CHECK(error_of_fitting(kMaxExamples) == "");
}
