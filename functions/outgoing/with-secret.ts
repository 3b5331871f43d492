import type { Secrets } from "./secrets";

/** The other side does not accept the secret. */
export class Unauthorized extends Error {
  override readonly name = "Unauthorized";
}

/**
 * Does something with a secret. Where the attempt throws `Unauthorized`, the secret is read again, and if somebody rotated it meanwhile, the attempt is made
 * once more: a rotated secret works at once.
 */
export async function withSecret<T>(secrets: Secrets, name: string, attempt: (value: string) => Promise<T>): Promise<T> {
  const value = await secrets.get(name);
  try {
    return await attempt(value);
  } catch (error) {
    if (!(error instanceof Unauthorized)) {
      throw error;
    }
    secrets.forget(name);
    const current = await secrets.get(name);
    if (current === value) {
      throw error;
    }
    return attempt(current);
  }
}
