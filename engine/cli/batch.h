// Many images through one model: a classifier for each thread, answers in the order of the questions.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "leukolens/classifier.h"

namespace leukolens::cli {

/// Set by Ctrl-C or a termination signal once catch_signals() was called; loops stop at the next image.
inline std::atomic<bool> interrupted = false;
void catch_signals();

using Answer = Result<Classification>;

/// Calls read(i) and classifies what it returns, on `jobs` threads, and calls done(i, answer) for i = 0, 1, 2
/// ... on this thread. Shows progress on a terminal's standard error when it takes longer than two seconds.
/// Returns whether it came to the end.
bool for_each_image(std::span<const std::uint8_t> model, std::size_t count, int jobs,
                    const std::function<Result<std::vector<std::uint8_t>>(std::size_t)>& read,
                    const std::function<void(std::size_t, const Answer&)>& done);

}  // namespace leukolens::cli
