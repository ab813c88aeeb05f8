#include "batch.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "files/read_file.h"

namespace leukolens::cli {
namespace {

class Progress {
 public:
  explicit Progress(std::size_t total) : total_(total) {}
  ~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  void update(std::size_t done) {
    const auto now = Clock::now();
    if (!terminal_ || now - begin_ < std::chrono::seconds(2) || now - last_ < std::chrono::milliseconds(200))
      return;
    last_ = now;
    shown_ = true;
    const double seconds = std::chrono::duration<double>(now - begin_).count(),
                 rate = static_cast<double>(done) / seconds;
    std::fprintf(stderr, "\r%zu of %zu images, %.0f a second, %.0f s left\033[K", done, total_, rate,
                 static_cast<double>(total_ - done) / rate);
    std::fflush(stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::size_t total_;
  bool terminal_ = isatty(STDERR_FILENO) != 0, shown_ = false;
  Clock::time_point begin_ = Clock::now(), last_ = begin_;
};

// How far the threads may run ahead of the one that finishes.
constexpr std::size_t kAhead = 256;

}  // namespace

void catch_signals() {
  const auto stop = [](int signal) {
    interrupted = true;
    files::reading_cancelled = true;
    std::signal(signal, SIG_DFL);  // a second one ends it at once
  };
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);
}

bool for_each_image(std::size_t count, int jobs, const std::function<Work()>& start) {
  std::vector<Finish> finishes(count);
  std::mutex mutex;
  std::condition_variable answered, taken;
  std::size_t next = 0, finished = 0;

  std::exception_ptr failure;  // of a thread: no model, no memory

  const auto work_through = [&] {
    Work work = start();
    while (true) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        taken.wait(lock, [&] { return next < finished + kAhead || interrupted || next >= count; });
        if (next >= count || interrupted) return;
        i = next++;
      }
      Finish finish = work(i);
      const std::scoped_lock lock(mutex);
      finishes[i] = std::move(finish);
      answered.notify_one();
    }
  };
  const auto run = [&] {
    try {
      work_through();
    } catch (...) {
      const std::scoped_lock lock(mutex);
      failure = std::current_exception();
      answered.notify_one();
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < jobs && static_cast<std::size_t>(i) < count; ++i) threads.emplace_back(run);

  Progress progress(count);
  while (finished < count && !interrupted) {
    std::unique_lock lock(mutex);
    if (!answered.wait_for(lock, std::chrono::milliseconds(100),
                           [&] { return finishes[finished] || failure; }))
      continue;
    if (interrupted) break;  // what is finished now, or failed, may be what the interruption cut short
    if (failure) {
      interrupted = true;
      taken.notify_all();
      std::rethrow_exception(failure);
    }
    Finish finish = std::exchange(finishes[finished], nullptr);
    lock.unlock();
    try {
      finish();
    } catch (...) {  // nothing can be written any more: the threads, whose end is waited for, need not go on
      interrupted = true;
      files::reading_cancelled = true;
      taken.notify_all();
      throw;
    }
    lock.lock();
    ++finished;
    taken.notify_all();
    progress.update(finished);
  }
  taken.notify_all();
  return finished == count;
}

}  // namespace leukolens::cli
