// Things made ahead by other threads, and given in order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace leukolens::train {

/// Makes thing number 0, 1, ... up to `total`, a few ahead of the one that is asked for. Which thread makes
/// it must not matter.
template <class Thing>
class Ahead {
 public:
  static constexpr std::size_t kAhead = 8;  // batches, say: a few MB

  /// `first`: the number to begin with. `make` is called by several threads and must not throw.
  Ahead(std::function<Thing(std::size_t number)> make, std::size_t total, std::size_t first, int threads)
      : make_(std::move(make)), total_(total), begun_(first), given_(first) {
    for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }
  ~Ahead() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  /// The next one; none after the last.
  std::optional<Thing> next() {
    std::unique_lock lock(mutex_);
    if (given_ == total_) return std::nullopt;
    changed_.wait(lock, [&] { return ready_.contains(given_); });
    std::optional<Thing> thing = std::move(ready_.extract(given_++).mapped());
    changed_.notify_all();
    return thing;
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stopping_ || begun_ == total_ || begun_ < given_ + kAhead; });
      if (stopping_ || begun_ == total_) return;
      const std::size_t number = begun_++;
      lock.unlock();
      Thing thing = make_(number);
      lock.lock();
      ready_[number] = std::move(thing);
      changed_.notify_all();
    }
  }

  std::function<Thing(std::size_t)> make_;
  std::size_t total_;
  std::size_t begun_, given_;  // numbers of the next one to make and to give
  bool stopping_ = false;
  std::map<std::size_t, Thing> ready_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::jthread> workers_;
};

}  // namespace leukolens::train
