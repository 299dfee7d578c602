/** What AWS publishes of a group: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
interface GroupFacts {
  readonly name: string;
  /** Capacity units. */
  readonly capacity: number;
  readonly labels: string;
  /** Whether a version may be named; AWS maintains the address lists by the hour instead. */
  readonly versioned: boolean;
  /** The rules, each with the last part of its label. */
  readonly rules: Readonly<Record<string, string>>;
  /** Those of the rules that only count by AWS's own setting; all others block. */
  readonly counting?: readonly string[];
}

export const managedGroups = {
  ipReputation: {
    name: "AWSManagedRulesAmazonIpReputationList",
    capacity: 25,
    labels: "awswaf:managed:aws:amazon-ip-list:",
    versioned: false,
    rules: {
      AWSManagedIPReputationList: "AWSManagedIPReputationList",
      AWSManagedReconnaissanceList: "AWSManagedReconnaissanceList",
      AWSManagedIPDDoSList: "AWSManagedIPDDoSList",
    },
    // https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html
    counting: ["AWSManagedIPDDoSList"],
  },
  knownBadInputs: {
    name: "AWSManagedRulesKnownBadInputsRuleSet",
    capacity: 200,
    labels: "awswaf:managed:aws:known-bad-inputs:",
    versioned: true,
    rules: {
      JavaDeserializationRCE_HEADER: "JavaDeserializationRCE_Header",
      JavaDeserializationRCE_BODY: "JavaDeserializationRCE_Body",
      JavaDeserializationRCE_URIPATH: "JavaDeserializationRCE_URIPath",
      JavaDeserializationRCE_QUERYSTRING: "JavaDeserializationRCE_QueryString",
      Host_localhost_HEADER: "Host_Localhost_Header",
      PROPFIND_METHOD: "Propfind_Method",
      ExploitablePaths_URIPATH: "ExploitablePaths_URIPath",
      Log4JRCE_HEADER: "Log4JRCE_Header",
      Log4JRCE_QUERYSTRING: "Log4JRCE_QueryString",
      Log4JRCE_BODY: "Log4JRCE_Body",
      Log4JRCE_URIPATH: "Log4JRCE_URIPath",
      // CVE-2025-55182.
      ReactJSRCE_BODY: "ReactJSRCE_Body",
    },
  },
  common: {
    name: "AWSManagedRulesCommonRuleSet",
    capacity: 700,
    labels: "awswaf:managed:aws:core-rule-set:",
    versioned: true,
    rules: {
      NoUserAgent_HEADER: "NoUserAgent_Header",
      UserAgent_BadBots_HEADER: "BadBots_Header",
      SizeRestrictions_QUERYSTRING: "SizeRestrictions_QueryString",
      SizeRestrictions_Cookie_HEADER: "SizeRestrictions_Cookie_Header",
      SizeRestrictions_BODY: "SizeRestrictions_Body",
      SizeRestrictions_URIPATH: "SizeRestrictions_URIPath",
      EC2MetaDataSSRF_BODY: "EC2MetaDataSSRF_Body",
      EC2MetaDataSSRF_COOKIE: "EC2MetaDataSSRF_Cookie",
      EC2MetaDataSSRF_URIPATH: "EC2MetaDataSSRF_URIPath",
      EC2MetaDataSSRF_QUERYARGUMENTS: "EC2MetaDataSSRF_QueryArguments",
      GenericLFI_QUERYARGUMENTS: "GenericLFI_QueryArguments",
      GenericLFI_URIPATH: "GenericLFI_URIPath",
      GenericLFI_BODY: "GenericLFI_Body",
      RestrictedExtensions_URIPATH: "RestrictedExtensions_URIPath",
      RestrictedExtensions_QUERYARGUMENTS: "RestrictedExtensions_QueryArguments",
      GenericRFI_QUERYARGUMENTS: "GenericRFI_QueryArguments",
      GenericRFI_BODY: "GenericRFI_Body",
      GenericRFI_URIPATH: "GenericRFI_URIPath",
      CrossSiteScripting_COOKIE: "CrossSiteScripting_Cookie",
      CrossSiteScripting_QUERYARGUMENTS: "CrossSiteScripting_QueryArguments",
      CrossSiteScripting_BODY: "CrossSiteScripting_Body",
      CrossSiteScripting_URIPATH: "CrossSiteScripting_URIPath",
    },
  },
  sqli: {
    name: "AWSManagedRulesSQLiRuleSet",
    capacity: 200,
    labels: "awswaf:managed:aws:sql-database:",
    versioned: true,
    rules: {
      SQLi_QUERYARGUMENTS: "SQLi_QueryArguments",
      SQLiExtendedPatterns_QUERYARGUMENTS: "SQLiExtendedPatterns_QueryArguments",
      SQLi_BODY: "SQLi_Body",
      SQLiExtendedPatterns_BODY: "SQLiExtendedPatterns_Body",
      SQLiExtendedPatterns_HEADER: "SQLiExtendedPatterns_Header",
      // AWS spells the two paths of this group differently, and labels are compared letter by letter.
      SQLiExtendedPatterns_URIPATH: "SQLiExtendedPatterns_UriPath",
      SQLi_COOKIE: "SQLi_Cookie",
      SQLi_URIPATH: "SQLi_URIPath",
    },
  },
  php: {
    name: "AWSManagedRulesPHPRuleSet",
    capacity: 100,
    labels: "awswaf:managed:aws:php-app:",
    versioned: true,
    rules: {
      PHPHighRiskMethodsVariables_HEADER: "PHPHighRiskMethodsVariables_Header",
      PHPHighRiskMethodsVariables_QUERYSTRING: "PHPHighRiskMethodsVariables_QueryString",
      PHPHighRiskMethodsVariables_BODY: "PHPHighRiskMethodsVariables_Body",
      PHPHighRiskMethodsVariables_URIPATH: "PHPHighRiskMethodsVariables_URIPath",
    },
  },
} as const satisfies Record<string, GroupFacts>;

type Groups = typeof managedGroups;

export type ManagedGroup = keyof Groups;

/** A rule of one of the groups, in AWS's spelling. */
export type ManagedRule = { [Group in ManagedGroup]: keyof Groups[Group]["rules"] }[ManagedGroup];

/** In the order in which they see a request. */
export const managedGroupOrder = Object.keys(managedGroups) as readonly ManagedGroup[];

/**
 * What AWS added later: last of all, so that no exception that is there moves. What is new says
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-changelog.html
 */
const addedRules: readonly ManagedRule[] = [
  "ReactJSRCE_BODY",
  "SQLiExtendedPatterns_HEADER",
  "SQLiExtendedPatterns_URIPATH",
  "SQLi_URIPATH",
  "PHPHighRiskMethodsVariables_URIPATH",
];

const rulesByGroup = managedGroupOrder.flatMap((group) =>
  Object.keys(managedGroups[group].rules),
) as readonly ManagedRule[];

/** An exception's place among others is its rule's place here. */
export const managedRules: readonly ManagedRule[] = [
  ...rulesByGroup.filter((rule) => !addedRules.includes(rule)),
  ...addedRules,
];

/** The rules that an exception may name: where AWS only counts, one would make the rule block everywhere else. */
export const blockingRules: readonly ManagedRule[] = managedRules.filter((rule) => {
  const { counting }: GroupFacts = managedGroups[groupOf(rule)];
  return counting?.includes(rule) !== true;
});

export function groupOf(rule: ManagedRule): ManagedGroup {
  const group = managedGroupOrder.find((each) => Object.hasOwn(managedGroups[each].rules, rule));
  if (group === undefined) throw new Error(`No group has the rule ${rule}`);
  return group;
}

/** The label that a rule puts on a request, also when it only counts. */
export function labelOf(rule: ManagedRule): string {
  const { labels, rules }: GroupFacts = managedGroups[groupOf(rule)];
  return `${labels}${rules[rule]}`;
}
