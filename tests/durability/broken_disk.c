// Preloaded into kithd: as long as the file named by KITH_BROKEN_DISK exists, whatever is written
// to the database or its log fails with the error number that the file holds. What a full disk
// (ENOSPC) or one that was remounted read-only (EROFS) does, without the right to mount anything.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset);
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset);

/// 0: the disk is well.
static int fault_of(int fd) {
  const char* const name = getenv("KITH_BROKEN_DISK");
  if (name == NULL) return 0;
  FILE* const file = fopen(name, "r");
  if (file == NULL) return 0;
  int error = 0;
  if (fscanf(file, "%d", &error) != 1) error = 0;
  fclose(file);
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strstr(path, "/kith.db") != NULL ? error : 0;
}

typedef ssize_t Write(int, const void*, size_t, off64_t);

static ssize_t write_unless_broken(int fd, const void* bytes, size_t size, off64_t offset) {
  static Write* real;
  if (real == NULL) real = (Write*)dlsym(RTLD_NEXT, "pwrite64");
  const int error = fault_of(fd);
  if (error == 0) return real(fd, bytes, size, offset);
  errno = error;
  return -1;
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return write_unless_broken(fd, bytes, size, offset);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return write_unless_broken(fd, bytes, size, offset);
}
