# One interface target carries the warnings and sanitizers, so that no target forgets them.
add_library(tecs-flags INTERFACE)
target_compile_options(tecs-flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Coroutine frames make g++ 12 report members of tl::expected as maybe unset; clang and the sanitizers look there instead.
  # And at -O2 it sees overlapping copies where text is appended to a temporary string (GCC bug 105651).
  target_compile_options(tecs-flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
# What is built names its sources from the project's root, wherever that is: the same sources give the same programs, and
# ccache serves every clone.
target_compile_options(tecs-flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(TECS_COVERAGE)
  # Threads count one after the other, or a line that two reach at once might be taken for one that none reached.
  target_compile_options(tecs-flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(tecs-flags INTERFACE --coverage)
endif()
if(TECS_WARNINGS_AS_ERRORS)
  target_compile_options(tecs-flags INTERFACE -Werror)
endif()

# Daemons that read strangers' octets are built hardened, whatever the packager forgets.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TECS_SANITIZE)
  target_compile_options(tecs-flags INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
  target_link_options(tecs-flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)
endif()

if(TECS_SANITIZE)
  target_compile_options(tecs-flags INTERFACE -fsanitize=${TECS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tecs-flags INTERFACE -fsanitize=${TECS_SANITIZE})
  # g++ and clang tell of it in different ways.
  foreach(name address thread)
    if(TECS_SANITIZE MATCHES ${name})
      string(TOUPPER TECS_${name}_SANITIZER definition)
      target_compile_definitions(tecs-flags INTERFACE ${definition})
    endif()
  endforeach()
  if(TECS_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # One AddressSanitizer for a program and its libraries, as g++ has it, also where the program was built without.
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so
      OUTPUT_VARIABLE TECS_ADDRESS_SANITIZER OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    cmake_path(GET TECS_ADDRESS_SANITIZER PARENT_PATH folder)
    target_link_options(tecs-flags INTERFACE -shared-libasan -Wl,-rpath,${folder})
  elseif(TECS_SANITIZE MATCHES "address")
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libasan.so
      OUTPUT_VARIABLE TECS_ADDRESS_SANITIZER OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endif()
endif()
