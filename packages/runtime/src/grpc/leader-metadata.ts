/**
 * Key of the metadata with the address of the leader, "host:port". A coordinator that does not lead
 * sends it with the status UNAVAILABLE.
 */
export const LEADER_METADATA = "sintonia-leader";
