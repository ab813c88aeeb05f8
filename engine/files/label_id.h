// What a class is called in folders and lists, and what in models.
#pragma once

#include <string>
#include <string_view>

namespace leukolens::files {

/// The id that a model has for the class of a folder or list: "Band Neutrophil" becomes "band_neutrophil".
/// Letters in lower case; what of ISO 8859-1 is no letter, digit, _ or - becomes _, several of them one.
std::string label_id(std::string_view name);

}  // namespace leukolens::files
