// Keeps two runs from writing the same files.
#pragma once

#include <filesystem>

namespace leukolens::train {

/// While it lives, no other process has the lock of `path`, which lies beside it as PATH.lock; of a process
/// that was killed nobody has it any more.
class RunLock {
 public:
  /// Throws std::runtime_error if another process has it, or the file cannot be made.
  explicit RunLock(const std::filesystem::path& path);
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock();

 private:
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace leukolens::train
