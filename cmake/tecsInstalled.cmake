# How programs find the installed library: tecs.pc for pkg-config, tecsConfig.cmake for find_package(tecs). Neither holds the
# prefix, so that a whole installation can be moved.
include(CMakePackageConfigHelpers)

set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/tecs)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tecsConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/tecsConfig.cmake
  INSTALL_DESTINATION ${folder} NO_SET_AND_CHECK_MACRO)
# Of one SONAME, which is the major version: what was written for an earlier one builds with a later one. That holds for
# <tecs.h> only: who uses the component cxx asks for one version, with find_package(tecs VERSION EXACT COMPONENTS cxx).
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tecsConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(EXPORT tecs NAMESPACE tecs:: FILE tecsTargets.cmake DESTINATION ${folder} COMPONENT development)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tecsConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/tecsConfigVersion.cmake
  DESTINATION ${folder} COMPONENT development)

# pkg-config knows only the folder of the file; the others are told from there. A path that is absolute stays.
set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix_from_folder ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
cmake_path(APPEND includedir "\${prefix}" ${CMAKE_INSTALL_INCLUDEDIR})
cmake_path(APPEND libdir "\${prefix}" ${CMAKE_INSTALL_LIBDIR})
configure_file(${CMAKE_CURRENT_LIST_DIR}/tecs.pc.in tecs.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tecs.pc DESTINATION ${folder} COMPONENT development)
