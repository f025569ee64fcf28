// Preloaded by the images, whose service is process 1: Linux drops a signal to process 1 that has
// no handler. Without this, a container that is stopped while its modules load runs on until it is
// killed.

for (const name of ["SIGTERM", "SIGINT"] as const) {
  process.on(name, () => {
    const isHandled = process.listenerCount(name) > 1;
    if (!isHandled) process.exit(0);
  });
}
