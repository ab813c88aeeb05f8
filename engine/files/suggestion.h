// What a person may have meant who wrote a word that nothing knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace leukolens::files {

/// " Did you mean ...?", or all that is known where nothing is near.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

/// Which word of a command line none of `app`'s verbs and options knows, and what may have been meant; empty
/// where all are known.
std::string unknown_word(const CLI::App& app);

}  // namespace leukolens::files
