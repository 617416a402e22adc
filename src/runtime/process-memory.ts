/**
 * C++ that is compiled into the binding and keeps the memory of its process small.
 *
 * Loading TensorFlow reads most of its 600 MB file once, to relocate and register what is in it, and the
 * kernel counts what was read as this process's memory: 290 MB, of which training uses 100 again. The pages
 * are given back when TensorFlow is loaded (the binding's constructors run after those of the libraries that
 * it needs); what is used again comes from the kernel's cache of the file. Segments that can be written to are
 * left alone.
 *
 * glibc takes an array of more than 128 kB from the kernel and gives it back when it is freed, but only until
 * the first is freed: from then on it keeps what is as small as that one (up to 32 MB) on its heap, where
 * what is smaller holds the holes open. A limit that is set stays (mallopt(3)): of 4 MB, as a step that takes
 * smaller arrays anew from the kernel each time is some hundredths slower, and hardly smaller.
 */
export const processMemorySource = `#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstring>

namespace {

int release(dl_phdr_info* library, size_t, void*) {
  if (std::strstr(library->dlpi_name, "libtensorflow_") == nullptr) return 0;
  const size_t page = sysconf(_SC_PAGESIZE);
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const auto& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const size_t start = library->dlpi_addr + segment.p_vaddr;
    const size_t from = (start + page - 1) / page * page;
    const size_t to = (start + segment.p_filesz) / page * page;
    if (to > from) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 0;
}

__attribute__((constructor)) void keepMemorySmall() {
  mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
  dl_iterate_phdr(release, nullptr);
}

}  // namespace
`;
