#ifndef ESEP_LAW_DATA_H
#define ESEP_LAW_DATA_H

#include <stddef.h>

/// One file of one edition of the catalogue, compiled into the program.
struct esep_law_file {
    /// The first day of the edition it belongs to, as `2024-01-01`; empty where it belongs to none.
    const char *edition;
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

/// How many files there are.
size_t esep_law_file_count(void);

/// The file at a position below the count.
struct esep_law_file esep_law_file_at(size_t position);

/// The files that tell how synthetic documents are made, and how many there are.
size_t esep_story_file_count(void);
struct esep_law_file esep_story_file_at(size_t position);

#endif
