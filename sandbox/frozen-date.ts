// Loaded into the program's process before the program (by Node itself, so it imports nothing): the program sees the sandbox's date, which stands still.
const now = Number(process.env.TOCSIN_SANDBOX_NOW);

globalThis.Date = new Proxy(Date, {
  construct: (target, parameters, newTarget) => Reflect.construct(target, parameters.length === 0 ? [now] : parameters, newTarget) as Date,
  apply: (target) => new target(now).toString(),
  get: (target, property, receiver) => (property === "now" ? () => now : (Reflect.get(target, property, receiver) as unknown)),
});
