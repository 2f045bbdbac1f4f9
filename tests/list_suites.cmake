# Asks a GoogleTest program which suites it has, and writes a ctest file that runs each of them in one go. A run of its own
# for each of thousands of cases would spend most of its time on starting programs.
#   cmake -D program=PATH -D part=NAME -D labels=A,B -D list=FILE -P list_suites.cmake
execute_process(COMMAND ${program} --gtest_list_tests OUTPUT_VARIABLE tests COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n][^ \n]*\\." suites "${tests}")
if(NOT suites)
  message(FATAL_ERROR "${program} has no tests")
endif()
string(REPLACE "," ";" labels "${labels}")
set(commands "")
foreach(suite IN LISTS suites)
  string(REGEX REPLACE "^\n?(.*)\\.$" "\\1" suite "${suite}")
  string(APPEND commands
    "add_test([[${part}.${suite}]] [[${program}]] [[--gtest_filter=${suite}.*]] --gtest_brief=1)\n"
    "set_tests_properties([[${part}.${suite}]] PROPERTIES LABELS [[${labels}]] TIMEOUT 300)\n")
endforeach()
file(WRITE ${list} "${commands}")
