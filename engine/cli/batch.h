// Processes many images on several threads and gives the answers in the order of the images.
#pragma once

#include <atomic>
#include <functional>
#include <new>
#include <utility>

#include "model_file.h"

namespace leukolens::cli {

/// Set by Ctrl-C or a termination signal once catch_signals() was called; loops stop at the next image.
inline std::atomic<bool> interrupted = false;
void catch_signals();

/// What is left to do with an image once a thread has worked on it: to print, to count.
using Finish = std::move_only_function<void()>;
/// What a thread does with the image of an index.
using Work = std::move_only_function<Finish(std::size_t)>;

/// Calls start() on each of `jobs` threads, gives the work that it returns the indices below `count`, and
/// finishes them on this thread in the order 0, 1, 2 ... Shows progress on a terminal's standard error when
/// it takes longer than two seconds. Returns whether it came to the end.
bool for_each_image(std::size_t count, int jobs, const std::function<Work()>& start);

/// What `work` gives, or out_of_memory where it finds none: one image must not end a batch.
template <class Work>
auto guarded(Work work) -> decltype(work()) try {
  return work();
} catch (const std::bad_alloc&) {
  return fail(ErrorCode::out_of_memory, "There is not enough memory for the image; try a smaller one.");
}

/// A start() whose threads each have a classifier of their own: ask(classifier, i, bytes) of what read(i)
/// gives, then done(i, answer). Where the model or the image cannot be read, the answer is that error. The
/// file must outlive it.
template <class Read, class Ask, class Done>
std::function<Work()> classifying(const ModelFile& file, Read read, Ask ask, Done done) {
  return [=, &file]() -> Work {
    return [=, classifier = file.classifier()](std::size_t i) mutable -> Finish {
      using Bytes = std::vector<std::uint8_t>;
      using Answer = decltype(ask(*classifier, i, Bytes()));
      Answer answer = guarded([&]() -> Answer {
        Result<Bytes> bytes = classifier ? read(i) : std::unexpected(classifier.error());
        if (!bytes) return std::unexpected(bytes.error());
        return ask(*classifier, i, *bytes);
      });
      return [done, i, answer = std::move(answer)] { done(i, answer); };
    };
  };
}

}  // namespace leukolens::cli
