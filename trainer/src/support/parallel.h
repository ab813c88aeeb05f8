// A loop on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace leukolens::train {

/// Called with the images done and their total, from one thread at a time.
using OnProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Calls work(tool, i) for each i below `count`, in any order; each thread works with a tool of its own,
/// which make() gives. The first exception that either throws ends the loop and is thrown again.
template <class Make, class Work>
void for_each_in_parallel(std::size_t count, int threads, const OnProgress& on_progress, const Make& make,
                          const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::size_t done = 0;
  std::mutex reporting;
  std::exception_ptr thrown;
  const auto run = [&] {
    try {
      auto tool = make();
      for (std::size_t index; (index = next++) < count;) {
        work(tool, index);
        const std::lock_guard lock(reporting);
        on_progress(++done, count);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(reporting);
      if (!thrown) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    workers.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) workers.emplace_back(run);
  }
  if (thrown) std::rethrow_exception(thrown);
}

/// The same without tools.
template <class Work>
void for_each_in_parallel(std::size_t count, int threads, const OnProgress& on_progress, const Work& work) {
  for_each_in_parallel(count, threads, on_progress, [] { return 0; }, [&](int, std::size_t i) { work(i); });
}

}  // namespace leukolens::train
