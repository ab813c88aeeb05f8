// Every buffer between pages that nobody may touch, those of XNNPACK and of the decoders too: what reads or
// writes beyond its end, or before its start, ends the program. A program of its own, for it stands between
// everything and glibc's allocator. What is freed stays closed: its addresses are not given again.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "glibc.h"
#include "hostile.h"
#include "leukolens/classifier.h"
#include "shipped.h"
#include "smear.h"

namespace {

constexpr std::size_t kPage = 4096,
                      kPages = std::size_t{1} << 24;  // 64 GiB of addresses, hardly any of memory
constexpr std::size_t kLeast =
    64;  // smaller buffers are left to glibc: there are too many for pages of their own

enum class Guard { none, end, start } guard = Guard::none;  // which side of new buffers has no slack
std::uint8_t* arena = nullptr;
std::size_t next_page = 1;
std::uint32_t sizes[kPages];  // of the buffer whose first page it is, in bytes; none here is 4 GiB large
long guarded = 0;             // buffers so far

bool is_ours(const void* place) {
  const auto* byte = static_cast<const std::uint8_t*>(place);
  return arena && byte >= arena && byte < arena + kPage * kPages;
}

std::size_t pages_for(std::size_t size) { return (size + kPage - 1) / kPage; }

void* guarded_buffer(std::size_t alignment, std::size_t size) {
  const std::size_t pages = pages_for(size);
  if (next_page + pages + 1 >= kPages) std::abort();  // the addresses are used up
  std::uint8_t* first = arena + kPage * next_page;
  if (mprotect(first, kPage * pages, PROT_READ | PROT_WRITE) != 0) return nullptr;
  sizes[next_page] = static_cast<std::uint32_t>(size);
  next_page += pages + 1;
  ++guarded;
  if (guard == Guard::start) return first;
  return first + (kPage * pages - size) / alignment * alignment;
}

std::size_t page_of(const void* place) {
  return static_cast<std::size_t>(static_cast<const std::uint8_t*>(place) - arena) / kPage;
}

void* made(std::size_t alignment, std::size_t size) {
  if (guard == Guard::none || size < kLeast) return __libc_memalign(alignment, size);
  return guarded_buffer(std::max(alignment, alignof(std::max_align_t)), size);
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return made(alignof(std::max_align_t), size); }
void* calloc(std::size_t count, std::size_t size) {
  if (guard == Guard::none || count * size < kLeast) return __libc_calloc(count, size);
  return made(alignof(std::max_align_t), count * size);  // new pages are zero
}
void free(void* place) {
  if (!is_ours(place)) return __libc_free(place);
  const std::size_t page = page_of(place), bytes = kPage * pages_for(sizes[page]);
  madvise(arena + kPage * page, bytes, MADV_DONTNEED);
  mprotect(arena + kPage * page, bytes, PROT_NONE);
}
void* realloc(void* place, std::size_t size) {
  if (!is_ours(place) && (guard == Guard::none || place)) return __libc_realloc(place, size);
  void* moved = malloc(size);
  if (place && moved) {
    std::memcpy(moved, place, std::min<std::size_t>(size, sizes[page_of(place)]));
    free(place);
  }
  return moved;
}
void* memalign(std::size_t alignment, std::size_t size) { return made(alignment, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return made(alignment, size); }
int posix_memalign(void** place, std::size_t alignment, std::size_t size) {
  *place = made(alignment, size);
  return *place ? 0 : ENOMEM;
}
}

namespace {

using namespace leukolens;
using namespace leukolens::test;

/// While it lives, new buffers are guarded.
class Guarded {
 public:
  explicit Guarded(Guard side) {
    if (!arena)
      arena = static_cast<std::uint8_t*>(
          mmap(nullptr, kPage * kPages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    REQUIRE(arena != MAP_FAILED);
    guard = side;
  }
  ~Guarded() { guard = Guard::none; }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
};

/// The signal that ends a process which runs `work`; 0 if none does.
int signal_of(auto&& work) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

constexpr std::array kSides{Guard::end, Guard::start};

}  // namespace

TEST_CASE("who reads or writes beyond a guarded buffer, or after it was freed, is ended") {
  [[maybe_unused]] static volatile std::uint8_t sink;
  const auto touched = [](Guard side, std::size_t size, std::ptrdiff_t at, bool is_freed) {
    return signal_of([&] {
      const Guarded guarded(side);
      auto* bytes = static_cast<volatile std::uint8_t*>(malloc(size));
      if (is_freed) free(const_cast<std::uint8_t*>(bytes));
      sink = bytes[at];
    });
  };
  for (const std::size_t size : {64, 4096, 10'000}) {
    CAPTURE(size);
    CHECK(touched(Guard::end, size, static_cast<std::ptrdiff_t>(size), false) == SIGSEGV);
    CHECK(touched(Guard::start, size, -1, false) == SIGSEGV);
    CHECK(touched(Guard::end, size, 0, true) == SIGSEGV);
    CHECK(touched(Guard::end, size, static_cast<std::ptrdiff_t>(size) - 1, false) == 0);
    CHECK(touched(Guard::start, size, 0, false) == 0);
  }
}

TEST_CASE("decoders, locator and network stay within their buffers") {
  smear::Scene scene;
  scene.seed = 5;
  scene.cells = {smear::Cell::neutrophil, smear::Cell::lymphocyte};
  const Image drawn = smear::draw(scene).image;
  const std::vector files{encode_jpeg(drawn, 80), encode_png(drawn), encode_jpeg(pattern(37, 53)),
                          encode_png(pattern(53, 37))};
  const std::vector<std::uint8_t> locator_file = shipped_file("locator");
  for (const std::string_view name : {"flagship", "article"}) {
    const std::vector<std::uint8_t> model_file = shipped_file(name);
    std::vector<float> expected;  // by glibc's buffers
    for (const Guard side : {Guard::none, Guard::end, Guard::start}) {
      const Guarded guarded_here(side);
      const long before = guarded;
      auto locator = Locator::load(locator_file);
      REQUIRE(locator);
      auto classifier = Classifier::load(model_file, std::make_shared<Locator>(std::move(*locator)));
      REQUIRE(classifier);
      for (std::size_t i = 0; i < files.size(); ++i) {
        const auto picture = open(files[i]);
        REQUIRE(picture);
        const auto answer = classifier->classify(*picture);
        REQUIRE(answer);
        if (name == "flagship") CHECK(classifier->classify_field(*picture).has_value());
        if (i > 0) continue;
        CHECK(classifier->explain(*picture).has_value());
        if (side == Guard::none) expected = answer->probabilities;
        CHECK(answer->probabilities == expected);
        CHECK(!expected.empty());
      }
      if (side != Guard::none) CHECK(guarded - before > 100);
    }
  }
}
