// A bad line between two network namespaces: a switch in user space over two TUN devices, seeded, so that the same seed
// loses the same packets of a direction. For the drills; the kernel's own emulator is not there on every machine.
//
//     line NETNS-A NETNS-B BITS-A-SECOND DELAY-MS LOSS-PER-MILLE SEED
//
// Makes a device tun0 in either namespace, says "ready", and carries packets until it is told to end (SIGTERM); then, and
// whenever it is asked (SIGUSR1), it says for each direction how many packets and bytes it has carried and lost. DELAY-MS is one way. A direction's queue
// holds what the line carries in two seconds; what comes on top of it is dropped, as a modem would.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { packet_max = 2048, queue_max = 4096 };

struct packet {
    uint64_t due;  // when it comes out at the other end, ns
    uint32_t length;
    uint8_t bytes[packet_max];
};

struct direction {
    int from, to;
    uint64_t free_at;  // when the line has sent what was put on it, ns
    uint64_t chance;
    struct packet *queue;
    uint32_t first, count;
    uint64_t packets, bytes, lost, dropped;
};

static volatile sig_atomic_t ends = 0, asked = 0;
static void end(int signal) { (void)signal; ends = 1; }
static void ask(int signal) { (void)signal; asked = 1; }

static void fail(const char *what) {
    fprintf(stderr, "line: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int device(const char *namespace) {
    char path[256];
    snprintf(path, sizeof path, "/run/netns/%s", namespace);
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) fail(path);
    close(space);
    int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (tun < 0) fail("/dev/net/tun");
    struct ifreq request;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, "tun0", IFNAMSIZ - 1);
    if (ioctl(tun, TUNSETIFF, &request) != 0) fail("TUNSETIFF");
    return tun;
}

static uint32_t draw(struct direction *d) {  // xorshift64*, of 1000
    d->chance ^= d->chance >> 12;
    d->chance ^= d->chance << 25;
    d->chance ^= d->chance >> 27;
    return (uint32_t)((d->chance * 2685821657736338717u) >> 33) % 1000;
}

static void take(struct direction *d, uint64_t rate, uint64_t delay, uint32_t loss) {
    for (;;) {
        struct packet *p = &d->queue[(d->first + d->count) % queue_max];
        ssize_t length = read(d->from, p->bytes, packet_max);
        if (length <= 0) return;
        uint64_t at = now();
        if (d->free_at < at) d->free_at = at;
        if (d->free_at - at > 2000000000u || d->count == queue_max - 1) {
            d->dropped++;
            continue;
        }
        d->free_at += (uint64_t)length * 8 * 1000000000u / rate;
        if (draw(d) < loss) {
            d->lost++;
            continue;
        }
        p->due = d->free_at + delay;
        p->length = (uint32_t)length;
        d->count++;
    }
}

static void give(struct direction *d) {
    while (d->count > 0 && d->queue[d->first].due <= now()) {
        struct packet *p = &d->queue[d->first];
        if (write(d->to, p->bytes, p->length) > 0) {
            d->packets++;
            d->bytes += p->length;
        }
        d->first = (d->first + 1) % queue_max;
        d->count--;
    }
}

static void say(const struct direction *both) {
    for (int i = 0; i < 2; i++) {
        printf("%s packets %llu bytes %llu lost %llu dropped %llu\n", i ? "down" : "up",
            (unsigned long long)both[i].packets, (unsigned long long)both[i].bytes, (unsigned long long)both[i].lost,
            (unsigned long long)both[i].dropped);
    }
    fflush(stdout);
}

int main(int count, char **words) {
    if (count != 7) {
        fprintf(stderr, "line NETNS-A NETNS-B BITS-A-SECOND DELAY-MS LOSS-PER-MILLE SEED\n");
        return 64;
    }
    uint64_t rate = strtoull(words[3], 0, 10), delay = strtoull(words[4], 0, 10) * 1000000u;
    uint32_t loss = (uint32_t)strtoul(words[5], 0, 10);
    uint64_t seed = strtoull(words[6], 0, 10);
    struct direction both[2];
    memset(both, 0, sizeof both);
    both[0].from = both[1].to = device(words[1]);
    both[0].to = both[1].from = device(words[2]);
    for (int i = 0; i < 2; i++) {
        both[i].chance = (seed + (uint64_t)i) * 0x9E3779B97F4A7C15u + 1;
        both[i].queue = calloc(queue_max, sizeof(struct packet));
        if (!both[i].queue) fail("memory");
    }
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGUSR1, ask);
    printf("ready\n");
    fflush(stdout);
    while (!ends) {
        uint64_t at = now(), next = at + 1000000000u;
        for (int i = 0; i < 2; i++) {
            if (both[i].count > 0 && both[i].queue[both[i].first].due < next) next = both[i].queue[both[i].first].due;
        }
        struct timespec wait = {0, next > at ? (long)((next - at) % 1000000001u) : 0};
        if (wait.tv_nsec >= 1000000000) wait.tv_nsec = 999999999;
        struct pollfd ends_of[2] = {{both[0].from, POLLIN, 0}, {both[1].from, POLLIN, 0}};
        ppoll(ends_of, 2, &wait, 0);
        if (asked) {
            asked = 0;
            say(both);
        }
        for (int i = 0; i < 2; i++) {
            take(&both[i], rate, delay, loss);
            give(&both[i]);
        }
    }
    say(both);
    return 0;
}
