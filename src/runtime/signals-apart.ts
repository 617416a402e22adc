/**
 * C++ that is compiled into the binding and keeps signals from the thread that calculates.
 *
 * The matrix products of oneDNN, which TensorFlow uses with and without its other kernels, take the stack
 * pointer for one of their own while they run, so that it points into an array. The kernel of the system puts
 * the frame of a signal's handler, some kilobytes, where that pointer says: what lies there, numbers or the
 * heap's own notes, is overwritten. A worker that is asked to end (SIGTERM) and then saves what it has has such
 * a handler.
 *
 * So the thread that loads the binding, and those that TensorFlow starts from it, take no signal that may come
 * at any time; another thread of Node does, whose handlers only write to a pipe. SIGPROF stays, which
 * Node's profiler sends to the very thread that it asks: its handler gets a stack of its own.
 */
export const signalsApartSource = `#include <pthread.h>
#include <signal.h>

namespace {

alignas(64) char handlerStack[256 * 1024];

__attribute__((constructor)) void keepSignalsApart() {
  sigset_t apart;
  sigfillset(&apart);
  const int staying[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
  for (int signal : staying) sigdelset(&apart, signal);
  pthread_sigmask(SIG_BLOCK, &apart, nullptr);

  stack_t now;
  if (sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
  stack_t own = {};
  own.ss_sp = handlerStack;
  own.ss_size = sizeof handlerStack;
  sigaltstack(&own, nullptr);
}

}  // namespace
`;
