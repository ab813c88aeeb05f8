// Whether a network has collapsed: gives one answer, whatever it is shown.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "leukolens/metrics.h"
#include "leukolens/model.h"

namespace leukolens::train {

/// What to say where cells of several classes all got the same label; none where they did not. Training gives
/// up a run that is no better than chance after many images (fit()): of few images nothing else tells.
std::optional<std::string> note_on_collapse(std::span<const Scored> scored, std::span<const Label> labels);

}  // namespace leukolens::train
