// What a person may have meant who wrote a word that nothing knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leukolens::train {

/// " Did you mean ...?", or all that is known where nothing is near.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace leukolens::train
