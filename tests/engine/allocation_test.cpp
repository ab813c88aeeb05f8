// Each allocation refused in turn: std::bad_alloc or a typed error, nothing leaked, and the same answer as
// ever from whoever was asked. A program of its own, for it stands between everything and glibc's allocator.
#include <catch2/catch_all.hpp>
#include <cerrno>
#include <functional>
#include <new>
#include <string>
#include <string_view>

#include "glibc.h"
#include "hostile.h"
#include "leukolens/classifier.h"
#include "networks.h"
#include "soak.h"

namespace {

long left = -1;  // how many allocations are granted before one is refused; negative: all
long live = 0;   // allocations that have not been freed

bool is_refused() { return left >= 0 && left-- == 0; }

void* counted(void* place) {
  live += place != nullptr;
  return place;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return is_refused() ? nullptr : counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) {
  return is_refused() ? nullptr : counted(__libc_calloc(count, size));
}
void* realloc(void* place, std::size_t size) {
  if (is_refused()) return nullptr;
  void* moved = __libc_realloc(place, size);
  live += (place == nullptr && moved != nullptr) - (place != nullptr && moved == nullptr && size == 0);
  return moved;
}
void* memalign(std::size_t alignment, std::size_t size) {
  return is_refused() ? nullptr : counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** place, std::size_t alignment, std::size_t size) {
  void* made = memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *place = made;
  return 0;
}
void free(void* place) {
  live -= place != nullptr;
  __libc_free(place);
}
}

namespace {

using namespace leukolens;
using namespace leukolens::test;

// Runs `work`, which gives "ok" or the name of an error, with its first allocation refused, then with its
// second, and so on until there are none left.
void refuse_each(const std::function<std::string_view()>& work) {
  REQUIRE(work() == "ok");  // and what is made once is there
  long refused = 0;
  for (bool was_refused = true; was_refused; ++refused) {
    const long before = live;
    std::string_view outcome;
    left = refused;
    try {
      outcome = work();
    } catch (const std::bad_alloc&) {
      outcome = "bad_alloc";
    }
    was_refused = left < 0;
    left = -1;
    const long leaked = live - before;
    CAPTURE(refused);
    if (outcome != "out_of_memory" && outcome != "bad_alloc") CHECK(outcome == "ok");
    CHECK(leaked == 0);
  }
  CHECK(refused > 1);
  CHECK(work() == "ok");
}

std::string_view outcome_of(const auto& result) { return result ? "ok" : name(result.error().code); }

}  // namespace

// TIFF is left out: libtiff 4.7.0 does not survive a small allocation of its own that fails.
TEST_CASE("an allocation that fails while a file is decoded") {
  const Image image = gradient(24, 16);
  for (const Bytes& file : {encode_jpeg(image, 50), encode_png(image)})
    refuse_each([&] { return outcome_of(open(file)); });
}

TEST_CASE("an allocation that fails while a model or a locator is loaded") {
  const auto model = *write_model(cell_model()), locator = *write_model(make_locator_model());
  refuse_each([&] { return outcome_of(Classifier::load(model)); });
  refuse_each([&] { return outcome_of(Locator::load(locator)); });
}

TEST_CASE("an allocation that fails while a picture is located, classified and explained") {
  const auto locator = std::make_shared<Locator>(*Locator::create(make_locator_model(3)));
  auto classifier = Classifier::load(*write_model(cell_model()), locator);
  REQUIRE(classifier);
  const Image image = drawn_cell();
  const auto first = classifier->classify(Picture(image));
  REQUIRE((first && !first->probabilities.empty()));
  refuse_each([&] {
    const auto answer = classifier->classify(Picture(image));
    if (answer && answer->probabilities != first->probabilities) return std::string_view("another answer");
    return outcome_of(answer);
  });
  refuse_each([&] { return outcome_of(classifier->classify_field(Picture(image))); });
  refuse_each([&] { return outcome_of(classifier->explain(Picture(image))); });
}

TEST_CASE("an allocation that fails while a profile is learnt, written and read") {
  Model model = make_model({Conv2d{4, 3, 2, 1, 1, Activation::relu}, GlobalAvgPool{}, Dense{3}}, 16, 16, 3);
  model.sha256 = std::string(64, 'a');
  Noise noise(4);
  std::vector<Example> examples;
  for (int i = 0; i < 18; ++i) {
    Example example{std::vector<float>(4 + 3), i % 3};
    for (float& value : example.embedding) value = 0.2f * noise();
    example.embedding[static_cast<std::size_t>(i % 3)] += 1;
    example.embedding[4 + static_cast<std::size_t>((i + 1) % 3)] += 0.5f;
    examples.push_back(std::move(example));
  }
  const auto learnt = adapt(model, examples);
  REQUIRE(learnt);
  refuse_each([&] { return outcome_of(adapt(model, examples)); });
  const std::string text = write_profile(*learnt, model);
  refuse_each([&] {
    const auto read = read_profile({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, model);
    return read && write_profile(*read, model) != text ? std::string_view("another profile")
                                                       : outcome_of(read);
  });
}

TEST_CASE("pictures opened, classified and explained, and models loaded, leave no allocation behind",
          "[soak]") {
  const Use use;
  REQUIRE(use());
  const long before = live;
  bool answered = true;
  for (int i = 0; i < 10 * soak(); ++i) answered = use() && answered;
  const long after = live;
  CHECK(answered);
  CHECK(after == before);
}
