// Put before the C library by LD_PRELOAD: counts the syncs of a process, and fails the one it is told to fail.
//
// The file named by ESEP_SHIM is shared with the test as six 64-bit words:
//   0  syncs called, of any file
//   1  syncs called of a write-ahead log of the store
//   2  which call of (1) fails with EIO; 0: none. The failed one is not passed on.
//   3  syncs called of the same file after the failed one: a program that retries is seen here
//   4  set to 1 once a call has failed
//   5  bytes written with pwrite to a write-ahead log of the store after the failed call
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic unsigned long *words;

__attribute__((constructor)) static void open_words(void) {
    const char *path = getenv("ESEP_SHIM");
    if (!path) return;
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *map = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (map != MAP_FAILED) words = map;
}

static int is_store_log(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *end = "/store.sqlite-wal";
    size_t tail = strlen(end);
    return (size_t)length > tail && strcmp(path + length - tail, end) == 0;
}

static int count(int descriptor, int (*real)(int)) {
    if (!words) return real(descriptor);
    atomic_fetch_add(&words[0], 1);
    if (!is_store_log(descriptor)) return real(descriptor);
    unsigned long number = atomic_fetch_add(&words[1], 1) + 1;
    if (atomic_load(&words[4])) {
        atomic_fetch_add(&words[3], 1);
        return real(descriptor);
    }
    if (number == atomic_load(&words[2])) {
        atomic_store(&words[4], 1);
        errno = EIO;
        return -1;
    }
    return real(descriptor);
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return count(descriptor, real);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return count(descriptor, real);
}

static void note_write(int descriptor, ssize_t written) {
    if (words && written > 0 && atomic_load(&words[4]) && is_store_log(descriptor)) {
        atomic_fetch_add(&words[5], (unsigned long)written);
    }
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    ssize_t written = real(descriptor, bytes, length, offset);
    note_write(descriptor, written);
    return written;
}
