#include "support/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <format>
#include <stdexcept>
#include <system_error>

namespace leukolens::train {

RunLock::RunLock(const std::filesystem::path& path)
    : file_(path.string() + ".lock"),
      descriptor_(open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {  // NOLINT(*-vararg)
  if (descriptor_ < 0)
    throw std::runtime_error(
        std::format("Cannot write {}: {}.", file_.string(), std::generic_category().message(errno)));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;  // not all file systems can
  close(descriptor_);
  throw std::runtime_error(
      std::format("Another run is writing {}: wait for it, or write to another file.", path.string()));
}

RunLock::~RunLock() {
  std::error_code error;
  std::filesystem::remove(file_, error);
  close(descriptor_);
}

}  // namespace leukolens::train
