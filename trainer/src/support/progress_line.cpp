#include "support/progress_line.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <format>
#include <print>
#include <stdexcept>

#include "files/read_file.h"

namespace leukolens::train {
namespace {

constexpr int kBarWidth = 24;
constexpr double kRedrawn = 0.1, kRepeated = 10;  // s: on a terminal, in a log

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration(double seconds) {
  const int whole = static_cast<int>(seconds + 0.5);
  if (whole < 60) return std::format("{} s", whole);
  if (whole < 3600) return std::format("{}:{:02} min", whole / 60, whole % 60);
  return std::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO)) {}

void ProgressLine::show(double share, const std::string& text) {
  const double time = now();
  if (start_ == 0) {
    start_ = time;
    if (!terminal_) last_ = time;
  }
  if (time - last_ < (terminal_ ? kRedrawn : kRepeated) && (!terminal_ || share < 1)) return;
  last_ = time;
  const std::string left = share > 0 ? duration((time - start_) * (1 - share) / share) : "?";
  if (!terminal_) return std::println(stderr, "{}, {} left", text, left);
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < share * kBarWidth ? "█" : "░";
  std::print(stderr, "\r{} {}, {} left\033[K", bar, text, left);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  start_ = 0;
  if (terminal_) std::print(stderr, "\r\033[K");
}

OnProgress ProgressLine::counter(const std::string& doing, const std::string& what) {
  return [this, doing, what](std::size_t done, std::size_t total) {
    if (files::reading_cancelled)
      throw std::runtime_error("Interrupted. The same command begins again, or goes on where it can.");
    show(static_cast<double>(done) / static_cast<double>(total),
         std::format("{} {}/{} {}", doing, done, total, what));
  };
}

}  // namespace leukolens::train
