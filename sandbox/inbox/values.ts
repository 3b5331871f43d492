/** Access to payloads, whose form is their senders' business. */
export type Values = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

export const objects = (value: unknown): readonly Values[] => (Array.isArray(value) ? value.filter(isObject) : []);

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
