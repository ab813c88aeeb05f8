# What we build on. Natively: Debian's packages. For WebAssembly, and where both must give the same pixels: the same packages'
# sources, which `./dev` fetches into LEUKOLENS_SOURCES and which cmake/sources.sha256 pins.

# Our own code only: strict warnings, and arithmetic that is the same on every platform (no fused multiply-add that one
# compiler chooses and another does not).
add_library(leukolens_options INTERFACE)
target_compile_options(leukolens_options INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers
                                                   -ffp-contract=off)

set(LEUKOLENS_SOURCES "$ENV{LEUKOLENS_SOURCES}" CACHE PATH "Folder with the source archives of cmake/sources.sha256")
if(DEFINED ENV{LEUKOLENS_SOURCES})  # a changed list of packages or sources moves the folder
  set_property(CACHE LEUKOLENS_SOURCES PROPERTY VALUE "$ENV{LEUKOLENS_SOURCES}")
endif()

# Unpacks the archive NAME_*.tar.* once, after checking its hash, and says where in `folder`.
function(unpack_source name folder)
  file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/sources.sha256 line REGEX " ${name}_")
  string(REGEX MATCH "^([0-9a-f]+) +(.+)$" match "${line}")
  set(archive "${LEUKOLENS_SOURCES}/${CMAKE_MATCH_2}")
  set(hash "${CMAKE_MATCH_1}")
  set(destination "${PROJECT_BINARY_DIR}/sources/${name}")
  if(NOT EXISTS "${destination}/${hash}")
    if(NOT EXISTS "${archive}")
      message(FATAL_ERROR "${archive} is missing: run ./dev serve, which fetches it")
    endif()
    file(SHA256 "${archive}" actual)
    if(NOT actual STREQUAL hash)
      message(FATAL_ERROR "${archive} has SHA-256 ${actual}, not ${hash}: delete it and run ./dev serve again")
    endif()
    file(REMOVE_RECURSE "${destination}")
    file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${destination}")
    file(TOUCH "${destination}/${hash}")
  endif()
  set(${folder} "${destination}" PARENT_SCOPE)
endfunction()

# Headers that Emscripten may see although they are the system's, and stb_image, mended.
set(system_headers ${PROJECT_BINARY_DIR}/sources/include)
file(COPY /usr/include/fxdiv.h DESTINATION ${system_headers})
file(COPY /usr/include/stb/stb_image_write.h DESTINATION ${system_headers}/stb)
# stb_image 2.30 interpolates the last but one colour of each row of a 4:2:2 JPEG between the wrong two samples.
file(READ /usr/include/stb/stb_image.h stb_image)
string(REPLACE "(input[w-2]*3 + input[w-1] + 2)" "(input[w-1]*3 + input[w-2] + 2)" mended "${stb_image}")
if(mended STREQUAL stb_image)
  message(FATAL_ERROR "stb_image.h no longer has the line that is mended here: if its 4:2:2 is right now, use it as it is")
endif()
file(WRITE ${system_headers}/stb/mended.h "${mended}")
file(COPY_FILE ${system_headers}/stb/mended.h ${system_headers}/stb/stb_image.h ONLY_IF_DIFFERENT)

include(cmake/TIFF.cmake)
if(NOT EMSCRIPTEN)
  find_library(XNNPACK_LIBRARY XNNPACK REQUIRED)
  add_library(XNNPACK INTERFACE)
  target_link_libraries(XNNPACK INTERFACE ${XNNPACK_LIBRARY})
  return()
endif()

set(simd_flags -msimd128)
if(LEUKOLENS_RELAXED_SIMD)
  list(APPEND simd_flags -mrelaxed-simd)
endif()

include(cmake/XNNPACK.cmake)
