import type { Alert } from "./alert";
import type { AlertSettings } from "./alert-settings";
import type { Finding } from "./finding";

/** What Security Hub has to be told of once people are: that these findings are notified. Nothing where the settings turn it off. */
export function marking(
  settings: AlertSettings,
  key: string,
  number: number,
  findings: readonly Finding[],
): Pick<Alert, "markable" | "marks"> {
  const marks = settings.writeBack ? findings.map(({ id, productArn }) => ({ key, number, id, productArn })) : [];
  return { markable: marks.length > 0, marks };
}
