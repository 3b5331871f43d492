/** Whether an error says that this request will not be answered, now or later: not worth another try. Throttling, outages and broken connections are. */
export function isRefusal(error: unknown): boolean {
  const status = metadataOf(error)?.httpStatusCode;
  return (
    status !== undefined &&
    status >= 400 &&
    status < 500 &&
    status !== 429 &&
    !/Throttl|RequestLimit|TooManyRequests|SlowDown/i.test(nameOf(error))
  );
}

/** Whether an error says that the group is not there (any more). */
export const isGone = (error: unknown): boolean => /^InvalidGroup(?:Id)?\.NotFound$/.test(nameOf(error));

/** Whether an error says that a group's rules are not what they were when they were read. */
export const isStale = (error: unknown): boolean =>
  /^InvalidSecurityGroupRuleId\.NotFound$|^InvalidPermission\.(?:NotFound|Duplicate)$/.test(nameOf(error));

/** Whether the request that failed was sent more than once: an earlier time it may have been answered, and the answer lost. */
export const wasRepeated = (error: unknown): boolean => (metadataOf(error)?.attempts ?? 1) > 1;

/** What an error of AWS is called, for example `UnauthorizedOperation`. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

const metadataOf = (error: unknown): { readonly httpStatusCode?: number; readonly attempts?: number } | undefined =>
  error instanceof Error ? (error as Error & { $metadata?: { httpStatusCode?: number; attempts?: number } }).$metadata : undefined;
