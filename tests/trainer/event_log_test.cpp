#include "output/event_log.h"

#include <google/protobuf/unknown_field_set.h>

#include <bit>
#include <catch2/catch_all.hpp>
#include <cstring>
#include <filesystem>
#include <format>
#include <map>
#include <memory>

#include "files/read_file.h"
#include "scratch.h"
#include "support/files.h"

using namespace leukolens;
using namespace leukolens::train;
namespace fs = std::filesystem;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

namespace {

/// The fields of a message, read by Google's library, which knows no schema here.
std::unique_ptr<UnknownFieldSet> fields_of(const std::string& bytes) {
  auto fields = std::make_unique<UnknownFieldSet>();
  REQUIRE(fields->ParseFromString(bytes));
  return fields;
}

const UnknownField& field(const UnknownFieldSet& fields, int number) {
  for (int i = 0; i < fields.field_count(); ++i)
    if (fields.field(i).number() == number) return fields.field(i);
  throw std::runtime_error(std::format("no field {}", number));
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof(number));
  return number;
}

/// The records of an event file, their checksums tested: the mask as TensorFlow's record_writer documents it.
std::vector<std::string> records_of(const fs::path& path) {
  const auto mask = [](std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; };
  const std::vector<std::uint8_t> file = value_or_throw(files::read_file(path));
  const std::string_view bytes = as_text(file);
  std::vector<std::string> records;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = number_at<std::uint64_t>(bytes, at);
    CHECK(number_at<std::uint32_t>(bytes, at + 8) == mask(crc32c(bytes.substr(at, 8))));
    records.emplace_back(bytes.substr(at + 12, length));
    CHECK(number_at<std::uint32_t>(bytes, at + 12 + length) == mask(crc32c(records.back())));
    at += 16 + length;
  }
  return records;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

constexpr Epoch kEpoch{3, 0.5, 0.75, 0.625, 0.875, 12.5};

}  // namespace

TEST_CASE("CRC-32C gives the published values") {  // RFC 3720, B.4
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
  std::string rising;
  for (char c = 0; c < 32; ++c) rising += c;
  CHECK(crc32c(rising) == 0x46dd794eu);
  CHECK(crc32c("123456789") == 0xe3069283u);
}

TEST_CASE("an event file has its version and each epoch's figures, as protocol buffers") {
  const Scratch scratch;
  const fs::path folder = scratch.path / "logs" / "run";
  const Observer observer = with_events({}, folder, false);
  observer.on_epoch(kEpoch, true);
  const std::vector<fs::path> files = files_in(folder);
  REQUIRE(files.size() == 1);
  CHECK(files[0].filename().string().contains("tfevents"));  // by which TensorBoard finds it
  const std::vector<std::string> records = records_of(files[0]);
  REQUIRE(records.size() == 2);
  const auto first = fields_of(records[0]), second = fields_of(records[1]);
  CHECK(field(*first, 3).length_delimited() == "brain.Event:2");
  CHECK(std::bit_cast<double>(field(*second, 1).fixed64()) > 1.7e9);  // seconds since 1970
  CHECK(field(*second, 2).varint() == 3);
  const auto summary = fields_of(field(*second, 5).length_delimited());
  std::map<std::string, float> scalars;
  for (int i = 0; i < summary->field_count(); ++i) {
    CHECK(summary->field(i).number() == 1);
    const auto value = fields_of(summary->field(i).length_delimited());
    scalars[field(*value, 1).length_delimited()] = std::bit_cast<float>(field(*value, 2).fixed32());
  }
  CHECK(scalars == std::map<std::string, float>{{"loss/training", 0.5f},
                                                {"accuracy/training", 0.75f},
                                                {"loss/validation", 0.625f},
                                                {"accuracy/validation", 0.875f},
                                                {"seconds", 12.5f}});
}

TEST_CASE("a run that begins anew takes the place of another in its folder, one that is resumed goes on") {
  const Scratch scratch;
  scratch.write("events.out.tfevents.1.another", "not ours");
  scratch.write("events.out.tfevents.1.leukolens", "of the run before");
  with_events({}, scratch.path, true).on_epoch(kEpoch, true);
  CHECK(files_in(scratch.path).size() == 3);
  const Observer observer = with_events({}, scratch.path, false);
  CHECK(files_in(scratch.path).size() == 2);
  observer.on_epoch(kEpoch, true);
  observer.on_restart({});
  for (const fs::path& path : files_in(scratch.path))
    if (path.extension() == ".leukolens") CHECK(records_of(path).size() == 1);
  scratch.write("file", "");
  CHECK_THROWS_WITH(with_events({}, scratch.path / "file", false),
                    Catch::Matchers::ContainsSubstring("Cannot make the folder"));
}
