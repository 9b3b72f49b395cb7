/** What operators owe each other, by operation of MAP: the categories of FS.11. */
export type Category = 1 | 2 | 3;

/**
 * Operations that only one's own network has reason to send: 1. Those that the home network of a visitor sends: 2. Those that
 * the network that a subscriber visits sends: 3.
 *
 * @see GSMA FS.11
 */
export const CATEGORIES: Readonly<Record<number, Category>> = {
  22: 1, // sendRoutingInfo
  24: 1, // sendRoutingInfoForGprs
  58: 1, // sendIMSI
  62: 1, // anyTimeSubscriptionInterrogation
  65: 1, // anyTimeModification
  71: 1, // anyTimeInterrogation
  85: 1, // sendRoutingInfoForLCS
  3: 2, // cancelLocation
  4: 2, // provideRoamingNumber
  7: 2, // insertSubscriberData
  8: 2, // deleteSubscriberData
  70: 2, // provideSubscriberInfo
  83: 2, // provideSubscriberLocation
  2: 3, // updateLocation
  23: 3, // updateGprsLocation
  56: 3, // sendAuthenticationInfo
  67: 3, // purgeMS
  10: 3, // registerSS
  11: 3, // eraseSS
};

const HLR = 6;
const VLR = 7;
const MSC = 8;
const SGSN = 149;

/** Who serves an operation, by subsystem number; visited registers and exchanges are often one node. */
export const SERVED_BY: Readonly<Record<number, readonly number[]>> = {
  2: [HLR],
  23: [HLR],
  22: [HLR],
  58: [HLR],
  62: [HLR],
  65: [HLR],
  67: [HLR],
  71: [HLR],
  3: [VLR, MSC, SGSN],
  4: [VLR, MSC],
  7: [VLR, MSC, SGSN],
  8: [VLR, MSC, SGSN],
  70: [VLR, MSC, SGSN],
};

/** Subsystems of which a message says something: others may share their host with any. */
export const MOBILE_SUBSYSTEMS: ReadonlySet<number> = new Set([HLR, VLR, MSC, SGSN]);
