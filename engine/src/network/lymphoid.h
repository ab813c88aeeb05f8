#pragma once

#include <string_view>

#include "leukolens/locator.h"

namespace leukolens {

/// Whether a cell of this label is lymphoid and its nucleus large for the red cells around it: a reactive
/// lymphocyte or a blast look like that, and a network that knows neither is sure of what they are not. False
/// where no nucleus stands out, or no red cells of a believable size are in sight.
bool is_large_lymphoid(std::string_view label, const Located& cell, const Field& field);

}  // namespace leukolens
