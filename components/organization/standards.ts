import type { Standard } from "../../functions/finding";
import { partitionOf } from "../names";

/**
 * The standards in their current versions: https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
 * A newer version needs no change of the rules: they ask for the standard, whatever its version.
 */
const STANDARDS: Readonly<Record<Standard, string>> = {
  cis: "cis-aws-foundations-benchmark/v/5.0.0",
  fsbp: "aws-foundational-security-best-practices/v/1.0.0",
};

/** ARNs of the CIS and AWS Foundational standards in a Region. */
export const standardArns = (region: string): string[] =>
  Object.values(STANDARDS).map((standard) => `arn:${partitionOf(region)}:securityhub:${region}::standards/${standard}`);
