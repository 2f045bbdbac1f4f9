// Which names of libtecs.so other programs may use. Everything else in it is hidden, so that its inside can
// change and no program's own names meet ours.
#pragma once

// Before the name of a class, or before a function: part of the public C++ interface.
#define TECS_API __attribute__((visibility("default")))

// Before the name of a class inside such a class: none of it.
#define TECS_INTERNAL __attribute__((visibility("hidden")))
