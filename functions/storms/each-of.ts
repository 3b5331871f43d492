/** Writes to the table at the same time. */
const AT_ONCE = 25;

/** Does something with each of many, a few at a time; ends with the first failure. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of left) {
        await work(item);
      }
    }),
  );
}
