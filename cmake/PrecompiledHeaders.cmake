# Spares clang what most sources include: half of its time, without an optimizer. (With g++ 12 it spares nothing.) For builds
# that only tests see, as a source that forgot an #include compiles here; those without this option find it.
set(common
  <algorithm> <array> <charconv> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional>
  <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
  <tl/expected.hpp>)
# What those include besides that link such a library, or are it.
set(of_log <spdlog/logger.h>)
set(of_options <boost/program_options/options_description.hpp> <boost/program_options/value_semantic.hpp>)
set(headers_of_GTest::gtest <gmock/gmock.h> <gtest/gtest.h>)
set(headers_of_nlohmann_json::nlohmann_json <nlohmann/json.hpp>)
set(headers_of_spdlog::spdlog ${of_log})
set(headers_of_Boost::program_options ${of_options})
set(headers_of_tecs-program ${of_log} ${of_options})
set(headers_of_tecs-milter-part ${of_log})
set(headers_of_tecs-policy ${of_log})
set(headers_of_tecs-signer-part ${of_log} <asio/awaitable.hpp> <asio/basic_stream_socket.hpp> <asio/ip/tcp.hpp>)
set(headers_of_tecs-tools-part ${of_options})
set(fewest_sources 12) # below that, to precompile takes longer than to compile

function(tecs_precompile_headers target)
  get_target_property(type ${target} TYPE)
  get_target_property(sources ${target} SOURCES)
  list(LENGTH sources count)
  if(NOT type MATCHES "LIBRARY|EXECUTABLE" OR type STREQUAL "INTERFACE_LIBRARY" OR count LESS fewest_sources)
    return()
  endif()
  get_target_property(libraries ${target} LINK_LIBRARIES)
  set(headers ${common})
  foreach(library IN LISTS target libraries)
    list(APPEND headers ${headers_of_${library}})
  endforeach()
  list(REMOVE_DUPLICATES headers)
  target_precompile_headers(${target} PRIVATE ${headers})
  # It does not tell when it was made, so that ccache knows it again.
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

# And for the folders below.
function(tecs_precompile_headers_in folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    tecs_precompile_headers(${target})
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS folders)
    tecs_precompile_headers_in(${each})
  endforeach()
endfunction()
tecs_precompile_headers_in(${PROJECT_SOURCE_DIR})
