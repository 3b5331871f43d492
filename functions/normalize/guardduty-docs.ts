const GUIDE = "https://docs.aws.amazon.com/guardduty/latest/ug";

/** Page of the GuardDuty guide by the resource part of a finding type (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html). */
const PAGES: Readonly<Record<string, string>> = {
  EC2: "guardduty_finding-types-ec2.html",
  IAMUser: "guardduty_finding-types-iam.html",
  S3: "guardduty_finding-types-s3.html",
  Kubernetes: "guardduty-finding-types-eks-audit-logs.html",
  Runtime: "findings-runtime-monitoring.html",
  Lambda: "lambda-protection-finding-types.html",
  RDS: "findings-rds-protection.html",
};

/** Page with what a GuardDuty finding type means and how to respond to it. */
export function guardDutyPage(kind: string): string {
  const [, purpose = "", resource = "", threat = ""] = /^([A-Za-z]+):([A-Za-z0-9]+)\/([\w.!&-]+)$/.exec(kind) ?? [];
  if (purpose === "AttackSequence") {
    const words = threat.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
    return `${GUIDE}/guardduty-attack-sequence-finding-types.html#attack-sequence-${resource.toLowerCase()}-${words}`;
  }
  if (!Object.hasOwn(PAGES, resource)) return `${GUIDE}/guardduty_finding-types-active.html`;
  return `${GUIDE}/${PAGES[resource]}#${[purpose, resource, threat].map((part) => part.toLowerCase().replace(/[^a-z0-9-]/g, "")).join("-")}`;
}

/**
 * The GuardDuty type behind an ASFF type: `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce` is `UnauthorizedAccess:EC2/SSHBruteForce`; for some,
 * the category is the purpose: `TTPs/Discovery/IAMUser-AnomalousBehavior` is `Discovery:IAMUser/AnomalousBehavior`
 * (https://docs.aws.amazon.com/guardduty/latest/ug/securityhub-integration.html).
 */
export function guardDutyTypeOfAsff(type: string): string {
  const colon = type.indexOf(":");
  if (colon >= 0) {
    const own = type.slice(type.lastIndexOf("/", colon) + 1);
    return own.includes("/") ? own : own.replace("-", "/");
  }
  const [category, threat] = type.split("/").slice(-2);
  return category === undefined || threat === undefined ? type : `${category.replaceAll(" ", "")}:${threat.replace("-", "/")}`;
}
