package org.spiredoctor.spire.server;

import org.spiredoctor.identity.Entry;

/**
 * What {@code spire-server} prints of one entry that was to be changed.
 *
 * @param entry as it is now, or as it was sent; of one to be deleted only its id
 * @param code of gRPC; 0 when it was changed
 * @param message of the server; untrusted
 */
record PrintedResult(Entry entry, int code, String message) {}
