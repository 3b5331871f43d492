/**
 * The EC2 calls that change a security group. ModifySecurityGroupRules is easily forgotten: it widens a rule that is there already.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/OperationList-query-vpc.html
 */
export const SECURITY_GROUP_CALLS = [
  "AuthorizeSecurityGroupIngress",
  "AuthorizeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
  "RevokeSecurityGroupEgress",
  "ModifySecurityGroupRules",
  "CreateSecurityGroup",
  "DeleteSecurityGroup",
  "UpdateSecurityGroupRuleDescriptionsIngress",
  "UpdateSecurityGroupRuleDescriptionsEgress",
] as const;
