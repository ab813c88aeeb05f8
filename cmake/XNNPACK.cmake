# XNNPACK for WebAssembly, of the same commit as Debian's native package. Upstream's CMake refuses Emscripten, so this lists
# what the operators of engine/src/network/network.cpp can reach: float convolution (which also serves as the dense layer) and max
# pooling. XNNPACK's tables name kernels of every data type; with a section for each function the linker drops the unreached
# tables first, so the kernels that only they name need not exist.
unpack_source(xnnpack xnnpack)
unpack_source(pthreadpool pthreadpool)
file(GLOB pthreadpool ${pthreadpool}/pthreadpool-*)

# Depthwise and dense tiles as XNNPACK's own configuration picks them for each build.
set(simd wasmsimd)
if(LEUKOLENS_RELAXED_SIMD)
  include(${xnnpack}/cmake/gen/wasmrelaxedsimd_microkernels.cmake)
  set(simd wasmrelaxedsimd-fma)
endif()
include(${xnnpack}/cmake/gen/wasmsimd_microkernels.cmake)
set(kernels ${PROD_WASMSIMD_MICROKERNEL_SRCS} ${PROD_WASMRELAXEDSIMD_MICROKERNEL_SRCS})
list(FILTER kernels INCLUDE REGEX
     "/f32-(gemm|igemm|dwconv|vmulcaddc)-.*${simd}|/f32-maxpool-.*wasmsimd|/x32-packw-.*-gemm-goi-wasmsimd")
list(TRANSFORM kernels PREPEND ${xnnpack}/)

set(core allocator cache indirection init memory microkernel-utils microparams-init mutex operator-delete operator-run
    operator-utils params operators/convolution-nhwc operators/max-pooling-nhwc configs/dwconv-config-wasm configs/gemm-config-wasm
    configs/hardware-config configs/maxpool-config configs/vmulcaddc-config configs/pack-lh-config)
list(TRANSFORM core PREPEND ${xnnpack}/src/)
list(TRANSFORM core APPEND .c)
list(APPEND core ${xnnpack}/src/reference/packing.cc)
set_source_files_properties(${core} PROPERTIES COMPILE_OPTIONS "-Oz")  # setting up: small beats fast

# XNNPACK asks JavaScript for the number of cores, to guess whether an x86 processor has AVX. All that run a browser today
# do; answering here gives both builds the same JavaScript and the same kernels on every machine.
file(READ ${xnnpack}/src/configs/gemm-config.c gemm_config)
string(REPLACE "EM_JS(int, hardware_concurrency," "static int hardware_concurrency(void) { return 64; }\n  EM_JS(int, unused,"
               gemm_config "${gemm_config}")
file(READ ${xnnpack}/src/configs/dwconv-config.c dwconv_config)
# The kernels that clamp do for all activations, as natively. Those for none and for ReLU save two instructions for each vector
# of results and cost 5 kB.
foreach(config gemm_config dwconv_config)
  string(REGEX REPLACE "\n[^\n]*\\.(linear|relu)\\.[^\n]*;" "" ${config} "${${config}}")
endforeach()
file(CONFIGURE OUTPUT ${xnnpack}/src/configs/gemm-config-wasm.c CONTENT "${gemm_config}" @ONLY)
file(CONFIGURE OUTPUT ${xnnpack}/src/configs/dwconv-config-wasm.c CONTENT "${dwconv_config}" @ONLY)

# What XNNPACK would say of itself: an identifier of its build, and in a log that is off the names of operators, 4 kB.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/sources/names.c CONTENT [[
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
const char* xnn_microkernel_type_to_string(int type) { return ""; }
const char* xnn_operator_type_to_string(int type) { return ""; }
size_t xnn_experimental_get_build_identifier_size(void) { return 1; }
const void* xnn_experimental_get_build_identifier_data(void) { return ""; }
bool xnn_experimental_check_build_identifier(const void* data, size_t size) { return size == 1 && !*(const uint8_t*)data; }
]] @ONLY)

add_library(XNNPACK STATIC ${core} ${kernels} ${pthreadpool}/src/shim.c
                           ${PROJECT_BINARY_DIR}/sources/names.c)
target_include_directories(XNNPACK SYSTEM PUBLIC ${xnnpack}/include ${pthreadpool}/include)
target_include_directories(XNNPACK PRIVATE ${xnnpack}/src ${system_headers})
target_compile_options(XNNPACK PRIVATE -O3 -w ${simd_flags} -fno-math-errno -ffunction-sections -fdata-sections
                                       $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
target_compile_definitions(XNNPACK PRIVATE
  XNN_ENABLE_CPUINFO=0 XNN_ENABLE_MEMOPT=1 XNN_ENABLE_SPARSE=1 XNN_ENABLE_GEMM_M_SPECIALIZATION=1 XNN_ENABLE_ASSEMBLY=0
  XNN_ENABLE_JIT=0 XNN_ENABLE_DWCONV_MULTIPASS=0 XNN_ENABLE_KLEIDIAI=0 XNN_ENABLE_HVX=0 XNN_LOG_LEVEL=0
  FXDIV_USE_INLINE_ASSEMBLY=0)
