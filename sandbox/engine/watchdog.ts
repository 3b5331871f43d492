// Loaded into the program's process before anything else (by Node itself: it may hold nothing but JavaScript, and imports nothing). Standard input is a
// pipe from the engine that closes when the engine's process ends, however it ends.
process.stdin.on("close", () => process.exit(1)).resume();
// The pipe alone does not keep the program running.
process.stdin.unref();
