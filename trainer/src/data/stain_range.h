// Which stains a network learns from, so that the engine knows which to bring nearer (see even_stain()).
#pragma once

#include <optional>

#include "data/split.h"
#include "leukolens/model.h"

namespace leukolens::train {

/// The least and the most, by channel, of the data sets' median nuclei among the samples of both parts; of
/// those that show at least 20. Nothing where none does.
std::optional<StainRange> stain_range(const Samples& samples, const Split& learnt);

/// The range that holds both; nothing only if there is neither.
std::optional<StainRange> widened(const std::optional<StainRange>& one,
                                  const std::optional<StainRange>& other);

}  // namespace leukolens::train
