#pragma once
#include <linux/stat.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// statx(2) by its number: the C library declares it for _GNU_SOURCE alone, which a module cannot ask for.
//
// Fills in a file's inode, and when it was made and last written, in nanoseconds since 1970; 0 for a birth that the
// file system does not keep. Returns 0, or -1 with errno.
static inline int esep_file_place(const char *path, uint64_t *inode, uint64_t *born, uint64_t *written) {
    struct statx found;
    memset(&found, 0, sizeof found);
    const int relative_to_working_directory = -100, follow_no_link = 0x100;
    long code = syscall(
        SYS_statx, relative_to_working_directory, path, follow_no_link, STATX_INO | STATX_MTIME | STATX_BTIME, &found);
    if (code != 0) return -1;
    *inode = found.stx_ino;
    *born = found.stx_mask & STATX_BTIME
        ? (uint64_t)found.stx_btime.tv_sec * 1000000000u + found.stx_btime.tv_nsec : 0;
    *written = (uint64_t)found.stx_mtime.tv_sec * 1000000000u + found.stx_mtime.tv_nsec;
    return 0;
}
