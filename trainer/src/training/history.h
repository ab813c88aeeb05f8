// What the trainer writes as JSON beside the figures of engine/files/json_writer.h.
#pragma once

#include "files/json_writer.h"
#include "training/training.h"

namespace leukolens::train {

using files::Json;

Json::Value to_json(const Json& json, const History& history);

/// What a reader of the run's figures must know, a sentence each: runs that were given up, overfitting.
std::vector<std::string> notes_on(const History& history);

}  // namespace leukolens::train
