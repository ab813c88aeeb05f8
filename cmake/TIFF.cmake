# libtiff's reading half with zlib's, from the same sources natively and for WebAssembly, so that both see the same pixels. Of the
# codecs only those that need no further library; what would write stands empty in cmake/tiff_read_only.c.
# Debian's security patches (up to 4.7.0-3+deb13u3) touch nothing that is compiled here but what a null buffer would reach.
unpack_source(tiff tiff)
unpack_source(zlib zlib)
file(GLOB tiff ${tiff}/libtiff-*)
file(GLOB zlib ${zlib}/zlib-*)

block()
  foreach(bits 8 16 32 64)
    set(TIFF_INT${bits}_T int${bits}_t)
    set(TIFF_UINT${bits}_T uint${bits}_t)
  endforeach()
  set(TIFF_SSIZE_T ptrdiff_t)
  set(SIZEOF_SIZE_T ${CMAKE_SIZEOF_VOID_P})
  foreach(here HAVE_ASSERT_H HAVE_FCNTL_H HAVE_SYS_TYPES_H HAVE_UNISTD_H HAVE_IEEEFP LZW_SUPPORT PACKBITS_SUPPORT ZIP_SUPPORT)
    set(${here} 1)
  endforeach()
  set(HOST_BIG_ENDIAN 0)
  set(TIFF_MAX_DIR_COUNT 1024)
  file(READ ${tiff}/VERSION LIBTIFF_VERSION)
  string(STRIP ${LIBTIFF_VERSION} LIBTIFF_VERSION)
  string(REGEX MATCH "([0-9]+)\\.([0-9]+)\\.([0-9]+)" match ${LIBTIFF_VERSION})
  set(LIBTIFF_MAJOR_VERSION ${CMAKE_MATCH_1})
  set(LIBTIFF_MINOR_VERSION ${CMAKE_MATCH_2})
  set(LIBTIFF_MICRO_VERSION ${CMAKE_MATCH_3})
  set(LIBTIFF_RELEASE_DATE 0)
  foreach(header tif_config.h tiffconf.h tiffvers.h)
    configure_file(${tiff}/libtiff/${header}.cmake.in ${PROJECT_BINARY_DIR}/sources/tiff/include/${header})
  endforeach()
endblock()

set(reading aux close codec compress dir dirinfo dirread dumpmode error extension hash_set lzw open packbits predict read strip
    swab tile zip)
list(TRANSFORM reading PREPEND ${tiff}/libtiff/tif_)
list(TRANSFORM reading APPEND .c)
set(inflating adler32 inffast inflate inftrees zutil)
list(TRANSFORM inflating PREPEND ${zlib}/)
list(TRANSFORM inflating APPEND .c)

add_library(tiff STATIC ${reading} ${inflating} ${PROJECT_SOURCE_DIR}/cmake/tiff_read_only.c)
target_include_directories(tiff SYSTEM PUBLIC ${tiff}/libtiff ${PROJECT_BINARY_DIR}/sources/tiff/include ${zlib})
# Z_PREFIX: libzip, which some tools load, needs the whole zlib and must not find this half of it.
target_compile_definitions(tiff PUBLIC Z_PREFIX PRIVATE NDEBUG NO_GZIP ALLOW_TIFF_NON_EXT_ALLOC_FUNCTIONS)
target_compile_options(tiff PRIVATE -w -ftrivial-auto-var-init=zero -ffunction-sections -fdata-sections
                                    $<$<BOOL:${EMSCRIPTEN}>:-Oz>)
set_property(SOURCE ${reading} PROPERTY COMPILE_OPTIONS -include ${PROJECT_SOURCE_DIR}/cmake/tiff_without_warnings.h)
if(EMSCRIPTEN)  # parsing: small beats fast, but for what sees every pixel
  set_property(SOURCE ${tiff}/libtiff/tif_lzw.c ${tiff}/libtiff/tif_packbits.c ${tiff}/libtiff/tif_predict.c
                      ${tiff}/libtiff/tif_swab.c ${zlib}/inffast.c ${zlib}/inflate.c ${zlib}/adler32.c
               APPEND PROPERTY COMPILE_OPTIONS -O3)
endif()
