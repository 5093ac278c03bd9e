// What the Glibc module doesn't show: epoll(7), timerfd_create(2), signalfd(2).
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
