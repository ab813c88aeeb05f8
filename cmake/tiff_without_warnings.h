// Included before each source of libtiff: nobody reads its warnings, and their words are a fiftieth of the
// WebAssembly.
#include "tiffiop.h"

#define TIFFWarningExtR(...) ((void)0)
