// What the trainer writes as JSON beside the figures of engine/cli/json.h.
#pragma once

#include "fit.h"
#include "json.h"

namespace leukolens::train {

using files::Json;

Json::Value to_json(const Json& json, const History& history);

/// What a reader of the run's figures must know, a sentence each: runs that were given up, overfitting.
std::vector<std::string> notes_on(const History& history);

}  // namespace leukolens::train
