#include "files/read_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <format>
#include <new>
#include <system_error>

namespace leukolens::files {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Descriptor {
 public:
  // Without waiting for whoever writes to a pipe: read() waits, and can be told not to.
  explicit Descriptor(const std::filesystem::path& path)
      : number_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ > STDIN_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> too_large() {
  return fail(
      ErrorCode::image_too_large,
      std::format(
          "The file has more than {} MiB: is it an image? As PNG or as compressed TIFF it takes less.",
          kMaxFile >> 20));
}

std::unexpected<Error> unreadable(const std::filesystem::path& path) {
  return fail(ErrorCode::unreadable_file,
              std::format("Cannot read {}: {}.", path.string(), std::generic_category().message(errno)));
}

// What is there, at most `most` bytes; 0 at the end.
Result<std::size_t> read_some(const Descriptor& file, std::uint8_t* to, std::size_t most,
                              const std::filesystem::path& path) {
  constexpr int kPatience = 100;  // ms between looks at reading_cancelled
  while (true) {
    if (reading_cancelled) return fail(ErrorCode::unreadable_file, "Reading was interrupted.");
    pollfd waiting{file.number(), POLLIN, 0};
    if (::poll(&waiting, 1, kPatience) == 0) continue;
    const ssize_t count = ::read(file.number(), to, most);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN) return unreadable(path);
  }
}

Result<Bytes> read_all(const Descriptor& file, std::uint64_t expected, const std::filesystem::path& path) {
  constexpr std::size_t kPortion = 1 << 16;
  // A byte more than expected shows the end.
  Bytes bytes(static_cast<std::size_t>(expected + 1));
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) bytes.resize(std::max(kPortion, 2 * filled));
    const auto count = read_some(file, bytes.data() + filled, bytes.size() - filled, path);
    if (!count) return std::unexpected(count.error());
    filled += *count;
    if (filled > kMaxFile) return too_large();
    if (*count == 0) break;
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path) try {
  const Descriptor file(path);
  struct stat about{};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0) return unreadable(path);
  if (S_ISDIR(about.st_mode))
    return fail(ErrorCode::unreadable_file,
                std::format("{} is a folder: name the files that are meant.", path.string()));
  const std::uint64_t size = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
  if (size > kMaxFile) return too_large();
  return read_all(file, size, path);
} catch (const std::bad_alloc&) {
  return fail(ErrorCode::out_of_memory, "There is not enough memory for the file.");
}

}  // namespace leukolens::files
