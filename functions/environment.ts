/** Value of an environment variable that the deployment always sets. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`environment variable ${name} is not set`);
  }
  return value;
}

/** An environment variable that holds JSON. */
export const requiredJson = <T>(name: string): T => JSON.parse(required(name)) as T;

/** The same where the deployment may have set nothing. */
export const optionalJson = <T>(name: string, otherwise: T): T => (process.env[name] ? requiredJson<T>(name) : otherwise);
