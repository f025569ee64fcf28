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

/**
 * Key of the metadata of a call that a coordinator forwards to the leader: the network address of
 * the caller. No coordinator forwards such a call again.
 */
export const FORWARDED_FOR_METADATA = "sintonia-forwarded-for";

/**
 * Key of the metadata at the end of a forwarded call that a coordinator has answered. A call whose
 * connection broke ends without it.
 */
export const ANSWERED_METADATA = "sintonia-answered";
