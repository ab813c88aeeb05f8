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

# Emscripten must not see the system's headers, except these, which are headers alone.
set(system_headers ${PROJECT_BINARY_DIR}/sources/include)
file(COPY /usr/include/fxdiv.h /usr/include/stb DESTINATION ${system_headers})

include(cmake/XNNPACK.cmake)
