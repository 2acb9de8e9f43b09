/* A line between two network namespaces: a fixed rate, a fixed delay and a finite queue, each way.
 *
 *   link PID_A PID_B RATE_MBIT ONE_WAY_MS QUEUE_BYTES
 *
 * Makes a TUN device called "line" in the namespace of each process and carries packets between them. A packet waits
 * until those before it have gone at the rate, and arrives a delay later; one that would wait behind more than the
 * queue is lost, as at a router. Ends when its input is closed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 2048, PLACES = 1 << 14 };
struct packet { int64_t due; int length; char bytes[LONGEST]; };
struct way { int from, to; int64_t free_at; unsigned head, tail; struct packet *waiting; };

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int tun_of(const char *pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
  int space = open(path, O_RDONLY), device = -1;
  struct ifreq wish = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(wish.ifr_name, "line");
  if (space < 0 || setns(space, CLONE_NEWNET) || (device = open("/dev/net/tun", O_RDWR | O_NONBLOCK)) < 0 ||
      ioctl(device, TUNSETIFF, &wish)) {
    perror(path);
    exit(1);
  }
  close(space);
  return device;
}

static void take(struct way *w, double ns_a_byte, int64_t delay, double queue_bytes) {
  char bytes[LONGEST];
  int length;
  while ((length = read(w->from, bytes, sizeof bytes)) > 0) {
    int64_t t = now(), begins = w->free_at > t ? w->free_at : t;
    if ((begins - t) / ns_a_byte > queue_bytes || w->tail - w->head == PLACES) continue;
    w->free_at = begins + (int64_t)(length * ns_a_byte);
    struct packet *p = &w->waiting[w->tail++ % PLACES];
    p->due = w->free_at + delay;
    p->length = length;
    memcpy(p->bytes, bytes, length);
  }
}

static int64_t give(struct way *w) {
  while (w->head != w->tail) {
    struct packet *p = &w->waiting[w->head % PLACES];
    if (p->due > now()) return p->due;
    if (write(w->to, p->bytes, p->length) < 0) { /* the other side is gone, or full: the packet is lost */ }
    w->head++;
  }
  return INT64_MAX;
}

int main(int count, char **word) {
  if (count != 6) return 2;
  double ns_a_byte = 8000.0 / atof(word[3]), queue = atof(word[5]);
  int64_t delay = (int64_t)(atof(word[4]) * 1e6);
  int a = tun_of(word[1]), b = tun_of(word[2]);
  struct way ways[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
  for (int i = 0; i < 2; i++) ways[i].waiting = calloc(PLACES, sizeof(struct packet));
  puts("up");
  fflush(stdout);
  for (;;) {
    int64_t first = give(&ways[0]), second = give(&ways[1]), next = first < second ? first : second, t = now();
    struct timespec wait = {1, 0};
    if (next != INT64_MAX) wait = (struct timespec){0, next > t ? (next - t > 999999999 ? 999999999 : next - t) : 0};
    struct pollfd ready[3] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {0, POLLIN, 0}};
    if (ppoll(ready, 3, &wait, NULL) > 0) {
      if (ready[0].revents) take(&ways[0], ns_a_byte, delay, queue);
      if (ready[1].revents) take(&ways[1], ns_a_byte, delay, queue);
      if (ready[2].revents) return 0;
    }
  }
}
