/** The statuses of a message in the order of the filter, with the level of their dot. */
export const statuses = { queued: "unknown", sending: "unknown", deferred: "warn", sent: "good", captured: "good", partial: "warn", failed: "bad", expired: "bad", suppressed: "off", canceled: "off" };
