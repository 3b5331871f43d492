// Loaded into the program's process before anything else (by Node itself, so it imports nothing): standard input is a pipe from the engine that closes
// when the engine's process ends, however it ends.
process.stdin.on("close", () => process.exit(1)).resume();
(process.stdin as unknown as { unref(): void }).unref();
