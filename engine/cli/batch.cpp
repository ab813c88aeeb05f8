#include "batch.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

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

// How far the workers may run ahead of the one who prints.
constexpr std::size_t kAhead = 256;

}  // namespace

void catch_signals() {
  const auto stop = [](int) { interrupted = true; };
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);
}

bool for_each_image(std::span<const std::uint8_t> model, std::size_t count, int jobs,
                    const std::function<Result<std::vector<std::uint8_t>>(std::size_t)>& read,
                    const std::function<void(std::size_t, const Answer&)>& done) {
  std::vector<std::optional<Answer>> answers(count);
  std::mutex mutex;
  std::condition_variable answered, taken;
  std::size_t next = 0, printed = 0;

  const auto work = [&] {
    auto classifier = Classifier::load(model);
    while (true) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        taken.wait(lock, [&] { return next < printed + kAhead || interrupted || next >= count; });
        if (next >= count || interrupted) return;
        i = next++;
      }
      Answer answer = std::unexpected(Error{});
      if (!classifier)
        answer = std::unexpected(classifier.error());
      else if (auto bytes = read(i); bytes)
        answer = classifier->classify(*bytes);
      else
        answer = std::unexpected(bytes.error());
      const std::scoped_lock lock(mutex);
      answers[i] = std::move(answer);
      answered.notify_one();
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < jobs && static_cast<std::size_t>(i) < count; ++i) threads.emplace_back(work);

  Progress progress(count);
  while (printed < count && !interrupted) {
    std::unique_lock lock(mutex);
    if (!answered.wait_for(lock, std::chrono::milliseconds(100),
                           [&] { return answers[printed].has_value(); }))
      continue;
    const Answer answer = *std::exchange(answers[printed], std::nullopt);
    lock.unlock();
    done(printed, answer);
    lock.lock();
    ++printed;
    taken.notify_all();
    progress.update(printed);
  }
  taken.notify_all();
  return printed == count;
}

}  // namespace leukolens::cli
