# SPDX-License-Identifier: GPL-3.0-or-later
# How everything is compiled: one set of flags, so that the precompiled headers can be shared.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wno-maybe-uninitialized -fpch-preprocess)
if(PARAPET_SANITIZE)
  # -O0 without these four costs a third of the full set (measured).
  add_compile_options(-O0 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined
    -fno-sanitize=null,alignment,vptr,object-size -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
elseif(PARAPET_TSAN)
  add_compile_options(-O1 -g1 -fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()

find_program(PARAPET_CCACHE ccache)
if(PARAPET_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PARAPET_CCACHE})
endif()
find_program(PARAPET_LLD ld.lld)
if(PARAPET_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_compile_definitions(
  QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_CAST_FROM_BYTEARRAY
  QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400 QT_MESSAGELOGCONTEXT
  PARAPET_VERSION="${PROJECT_VERSION}")
include_directories(${CMAKE_SOURCE_DIR})
