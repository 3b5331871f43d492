/**
 * How long a claim holds, in milliseconds: longer than an Express execution may take (five minutes), so that what is being delivered never looks lost, however
 * often a throttled channel makes the workflow wait.
 */
export const LEASE = 330_000;
