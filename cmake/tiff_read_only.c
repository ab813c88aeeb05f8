// What libtiff asks of a platform (its tif_unix.c), for files in memory, and in place of all that writes: nothing here opens a file,
// prints, or makes a TIFF.
#include <stdlib.h>
#include <string.h>

#include "tiffiop.h"
#include "zlib.h"

// What a hostile file leaves undefined must not be another file's pixels.
void* _TIFFmalloc(tmsize_t size) { return size > 0 ? calloc(1, (size_t)size) : NULL; }
void* _TIFFcalloc(tmsize_t count, tmsize_t size) { return calloc((size_t)count, (size_t)size); }
void* _TIFFrealloc(void* memory, tmsize_t size) { return realloc(memory, (size_t)size); }
void _TIFFfree(void* memory) { free(memory); }
void _TIFFmemset(void* memory, int value, tmsize_t size) { memset(memory, value, (size_t)size); }
void _TIFFmemcpy(void* to, const void* from, tmsize_t size) { memcpy(to, from, (size_t)size); }
int _TIFFmemcmp(const void* one, const void* other, tmsize_t size) { return memcmp(one, other, (size_t)size); }

TIFFErrorHandler _TIFFerrorHandler = NULL;

int TIFFFlush(TIFF* tiff) { return tiff->tif_mode == O_RDONLY; }
int TIFFFlushData1(TIFF* tiff) { return tiff->tif_mode == O_RDONLY; }
int TIFFSetupStrips(TIFF* tiff) { return tiff->tif_mode != O_RDONLY; }

int deflateInit_(z_streamp stream, int level, const char* version, int size) {
  return (void)stream, (void)level, (void)version, (void)size, Z_STREAM_ERROR;
}
int deflate(z_streamp stream, int flush) { return (void)stream, (void)flush, Z_STREAM_ERROR; }
int deflateParams(z_streamp stream, int level, int strategy) {
  return (void)stream, (void)level, (void)strategy, Z_STREAM_ERROR;
}
int deflateReset(z_streamp stream) { return (void)stream, Z_STREAM_ERROR; }
int deflateEnd(z_streamp stream) { return (void)stream, Z_STREAM_ERROR; }
