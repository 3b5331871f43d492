/** A `Date` whose present is the given one; all else is as ever, and its objects are ordinary dates. */
export function virtualDate(now: () => number): DateConstructor {
  const virtual: DateConstructor = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === virtual ? target : newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  return virtual;
}
