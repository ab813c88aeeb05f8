// The locator of the repository's models.
#pragma once

#include "leukolens/locator.h"

namespace leukolens::test {

/// Made once a process. Fails the test that first asks for it where the file cannot be read.
Locator& shipped_locator();

}  // namespace leukolens::test
