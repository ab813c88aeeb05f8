#include "output/event_log.h"

#include <array>
#include <bit>
#include <chrono>
#include <format>
#include <fstream>
#include <stdexcept>
#include <string>

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBegin = "events.out.tfevents.", kEnd = ".leukolens";

/// Little-endian, as all numbers of the format are.
template <class Unsigned>
std::string bytes_of(Unsigned value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(value); ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// Protocol buffers: each field is a varint of number and kind, then its value.
std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 127; value >>= 7) bytes += static_cast<char>(value | 128);
  return bytes + static_cast<char>(value);
}

std::string field(unsigned number, std::uint64_t value) { return varint(number << 3) + varint(value); }
std::string field(unsigned number, double value) {
  return varint(number << 3 | 1) + bytes_of(std::bit_cast<std::uint64_t>(value));
}
std::string field(unsigned number, std::string_view value) {
  return varint(number << 3 | 2) + varint(value.size()) + std::string(value);
}
std::string field(unsigned number, float value) {
  return varint(number << 3 | 5) + bytes_of(std::bit_cast<std::uint32_t>(value));
}

/// As TFRecord has it: length, data, and a masked CRC of either.
std::string record(std::string_view data) {
  const auto masked = [](std::string_view of) {
    return bytes_of<std::uint32_t>(std::rotr(crc32c(of), 15) + 0xa282ead8u);
  };
  const std::string length = bytes_of<std::uint64_t>(data.size());
  return length + masked(length) + std::string(data) + masked(data);
}

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Of tensorflow.Summary, a value.
std::string scalar(std::string_view tag, double value) {
  return field(1, field(1, tag) + field(2, static_cast<float>(value)));
}

/// A tensorflow.Event that only says which format this is.
std::string version() { return field(1, now()) + field(3, std::string_view("brain.Event:2")); }

/// A tensorflow.Event of an epoch.
std::string event(const Epoch& epoch) {
  const std::string summary =
      scalar("loss/training", epoch.loss) + scalar("loss/validation", epoch.validation_loss) +
      scalar("accuracy/training", epoch.accuracy) + scalar("accuracy/validation", epoch.validation_accuracy) +
      scalar("seconds", epoch.seconds);
  return field(1, now()) + field(2, static_cast<std::uint64_t>(epoch.number)) +
         field(5, std::string_view(summary));
}

void append(const fs::path& path, std::string_view bytes) {
  std::ofstream stream(path, std::ios::binary | std::ios::app);
  if (!(stream << bytes).flush())
    throw std::runtime_error(std::format("Cannot write the event file {}.", path.string()));
}

void remove_events(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kBegin) && name.ends_with(kEnd)) fs::remove(entry.path());
  }
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0x82f63b78u : 0u);
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<std::uint8_t>(c)) & 255] ^ crc >> 8;
  return ~crc;
}

Observer with_events(const Observer& observer, const fs::path& folder, bool goes_on) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder))
    throw std::runtime_error(std::format("Cannot make the folder {} for TensorBoard.", folder.string()));
  if (!goes_on) remove_events(folder);
  // TensorBoard reads the files of a folder in the order of their names.
  const fs::path path = folder / std::format("{}{:010.0f}{}", kBegin, now(), kEnd);
  append(path, record(version()));
  Observer logging = observer;
  logging.on_epoch = [observer, path](const Epoch& epoch, bool kept) {
    observer.on_epoch(epoch, kept);
    append(path, record(event(epoch)));
  };
  logging.on_restart = [observer, folder, path](const Restart& restart) {
    observer.on_restart(restart);
    remove_events(folder);
    append(path, record(version()));
  };
  return logging;
}

}  // namespace leukolens::train
