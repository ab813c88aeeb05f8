// What every face of Leukolens says of its use.
#pragma once

namespace leukolens {

inline constexpr const char* kNotice =
    "For research and education only. Not for use in diagnostic procedures.";

}  // namespace leukolens
