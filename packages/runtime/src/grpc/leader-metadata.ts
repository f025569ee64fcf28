/**
 * Key of the metadata with the address of the leader, "host:port". A coordinator that does not lead
 * sends it with the status UNAVAILABLE.
 */
export const LEADER_METADATA = "sintonia-leader";

/**
 * Key of the metadata that a coordinator sends with the status UNAVAILABLE while its store does not
 * answer: it cannot renew leases, and no other coordinator can end them.
 */
export const UNCONFIRMED_METADATA = "sintonia-unconfirmed";
