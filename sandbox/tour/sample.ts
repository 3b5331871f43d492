const ACCOUNT = "555555555555";
const DETECTOR = "34cde56f789a0bc123de4f56a78901b2";
const ID = "b2c3d4e5f60718293a4b5c6d7e8f9012";

/** ARN of the sample below: its finding id. */
export const SAMPLE_ID = `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/${DETECTOR}/finding/${ID}`;

/** What GuardDuty's "Generate sample findings" sends in `data`: credentials of an instance that somebody uses outside AWS. */
export function sampleFinding(at: number, archived: boolean): Record<string, unknown> {
  const now = new Date(at).toISOString();
  return {
    "detail-type": "GuardDuty Finding",
    source: "aws.guardduty",
    detail: {
      schemaVersion: "2.0",
      accountId: ACCOUNT,
      region: "eu-west-1",
      partition: "aws",
      id: ID,
      arn: SAMPLE_ID,
      type: "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
      severity: 8,
      createdAt: now,
      updatedAt: now,
      title: "[SAMPLE] Credentials for the EC2 instance role GeneratedFindingUserName were used from a remote AWS account.",
      description:
        "[SAMPLE] Credentials created exclusively for an EC2 instance using instance role GeneratedFindingUserName have been used from the address 198.51.100.0.",
      resource: {
        resourceType: "AccessKey",
        accessKeyDetails: {
          accessKeyId: "GeneratedFindingAccessKeyId",
          principalId: "GeneratedFindingPrincipalId",
          userType: "AssumedRole",
          userName: "GeneratedFindingUserName",
        },
      },
      service: {
        serviceName: "guardduty",
        detectorId: DETECTOR,
        resourceRole: "TARGET",
        archived,
        count: 1,
        eventFirstSeen: now,
        eventLastSeen: now,
        additionalInfo: { sample: true, type: "default", value: '{"sample":true}' },
        action: {
          actionType: "AWS_API_CALL",
          awsApiCallAction: {
            api: "GeneratedFindingAPIName",
            serviceName: "GeneratedFindingAPIServiceName",
            callerType: "Remote IP",
            remoteIpDetails: {
              ipAddressV4: "198.51.100.0",
              country: { countryName: "GeneratedFindingCountryName" },
              city: { cityName: "GeneratedFindingCityName" },
              organization: { asn: "-1", asnOrg: "GeneratedFindingASNOrg", isp: "GeneratedFindingISP", org: "GeneratedFindingORG" },
            },
          },
        },
      },
    },
  };
}
