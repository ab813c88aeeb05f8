// What can go wrong, as values. The list below is the only one: the command line, the WebAssembly binding,
// the TypeScript union and the documentation use these names, and a test compares them.
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace leukolens {

#define LEUKOLENS_ERROR_CODES(X)                                                            \
  X(empty_input)         /* no bytes, or an image without pixels */                         \
  X(unsupported_format)  /* not an image format this build decodes, or a variant of one */  \
  X(corrupt_image)       /* an image whose bytes break the rules of its format */           \
  X(image_too_large)     /* more pixels, or more memory while decoding, than allowed */     \
  X(corrupt_model)       /* a model file that breaks the rules of safetensors or of ours */ \
  X(unsupported_model)   /* a well-formed model file that this version cannot run */        \
  X(corrupt_profile)     /* a microscope profile that breaks the rules of its format */     \
  X(unsupported_profile) /* a profile of another model, or of another version */            \
  X(invalid_argument)    /* the caller broke the contract of a function */                  \
  X(unreadable_file)     /* a path that cannot be read (command line only) */               \
  X(out_of_memory)       /* an allocation was refused */                                    \
  X(internal)            /* a bug in Leukolens: please report it */

enum class ErrorCode {
#define X(name) name,
  LEUKOLENS_ERROR_CODES(X)
#undef X
};

inline constexpr std::array kErrorNames{
#define X(name) std::string_view(#name),
    LEUKOLENS_ERROR_CODES(X)
#undef X
};

/// The code as users see it, e.g. "corrupt_image".
constexpr std::string_view name(ErrorCode code) { return kErrorNames[static_cast<std::size_t>(code)]; }

struct Error {
  ErrorCode code;
  std::string message;  // one sentence for a person: what is wrong and, where known, what to do
};

template <class T>
using Result = std::expected<T, Error>;

/// For `return fail(ErrorCode::corrupt_image, "...")` from any function that returns a Result.
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace leukolens
